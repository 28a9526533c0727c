/** A folder or a file in a drive, as its row has it. Times are epoch milliseconds. */
export interface DriveNode {
  readonly id: number;
  readonly ownerId: number;
  /** 0: it is the drive itself. Below 0: it is in the trash. */
  readonly parentId: number;
  readonly isFile: number;
  readonly name: string;
  readonly nameKey: string;
  readonly size: number;
  /** The newest one; 0 of folders. */
  readonly version: number;
  /** Of the drive itself: how many there are in it, without itself. */
  readonly nodes: number;
  readonly creatorId: number;
  readonly createdTime: number;
  readonly changedTime: number;
  /** Of what is in the trash. */
  readonly trashedFrom: number | null;
  /** 0: it is being removed. */
  readonly trashedTime: number | null;
}

/** What lies in a file. */
export interface DriveVersion {
  readonly nodeId: number;
  readonly number: number;
  readonly fileId: number;
  /** Of a picture that came with it. */
  readonly previewFileId: number | null;
  readonly size: number;
  readonly creatorId: number;
  readonly createdTime: number;
}

export const mostDepth = 32;
/** In one drive, with what is in its trash. */
export const mostNodes = 100_000;

export function isRoot({ parentId }: Pick<DriveNode, 'parentId'>): boolean {
  return parentId === 0;
}

/** Under what those of a drive are that are in its trash. */
export function trashOf(ownerId: number): number {
  return -ownerId;
}

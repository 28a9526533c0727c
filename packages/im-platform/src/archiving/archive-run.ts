export type ArchiveRunOrder =
  { readonly what: 'write'; readonly month: string } | { readonly what: 'import'; readonly archive: string };

/** Something that an admin has ordered of archives. */
export interface ArchiveRun {
  readonly id: number;
  readonly actorId: number;
  readonly what: ArchiveRunOrder['what'];
  /** The month before which, or the name of the archive. */
  readonly about: string;
  readonly createdTime: number;
  /** Null: it is under way. */
  readonly finishedTime: number | null;
  /** Files that were written, so far. */
  readonly archives: number;
  /** Messages that were removed from the database, or are back in it. */
  readonly messages: number;
  /** Conversations that lack what comes between: archives of later months come first. */
  readonly missing: readonly string[];
  readonly error: string | null;
}

/** What becomes of a run while it is under way. */
export type ArchiveProgress = Partial<Pick<ArchiveRun, 'archives' | 'messages' | 'missing'>>;

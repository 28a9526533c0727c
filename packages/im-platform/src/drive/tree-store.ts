import type { Knex } from 'knex';
import type { Database, Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import { keyOfName, otherNames } from './names.ts';
import { mostNodes, trashOf, type DriveNode, type DriveVersion } from './node.ts';

/** What becomes of a thing whose name is taken. */
export type IfTaken = 'refuse' | 'rename';

export interface NewNode {
  readonly ownerId: number;
  readonly parentId: number;
  readonly name: string;
  readonly isFile: boolean;
  readonly creatorId: number;
}

export interface NewVersion {
  readonly fileId: number;
  readonly previewFileId: number | null;
  readonly size: number;
  readonly creatorId: number;
}

export interface ListPlace {
  readonly isFile: number;
  readonly nameKey: string;
}

export type ListedNode = Pick<DriveNode, 'id' | 'parentId' | 'isFile' | 'name' | 'changedTime'>;

/** How many names are tried for what is to have another one. */
const mostTries = 100;

/** The tables of drives. Whatever changes a tree has locked its drive. */
export const treeStore = {
  async find(sql: Sql, id: number): Promise<DriveNode | undefined> {
    return sql('im_drive_node').where({ id }).first<DriveNode | undefined>();
  },

  /** The drive itself, which is made when it is looked at first. */
  async root({ sql }: Pick<Database, 'sql'>, ownerId: number): Promise<DriveNode> {
    const find = (): Promise<DriveNode | undefined> =>
      sql('im_drive_node').where(rootKey(ownerId)).first<DriveNode | undefined>();
    const found = await find();
    if (found) return found;
    const now = Date.now();
    await sql('im_drive_node')
      .insert({
        ...{ ...rootKey(ownerId), ownerId, isFile: 0, name: '', size: 0, version: 0 },
        ...{ creatorId: ownerId, createdTime: now, changedTime: now },
      })
      .onConflict(['parentId', 'nameKey'])
      .ignore();
    return (await find()) as DriveNode; // it was just made
  },

  /** Until the transaction ends nobody else changes the tree. First of all in it, so that what is read then is as it is. */
  async lock(sql: Sql, ownerId: number): Promise<DriveNode> {
    const root = await treeStore.tryLock(sql, ownerId);
    if (!root) throw new Refusal('driveNodeUnknown', { code: 404 });
    return root;
  },

  async tryLock(sql: Sql, ownerId: number): Promise<DriveNode | undefined> {
    return sql('im_drive_node').where(rootKey(ownerId)).forUpdate().first<DriveNode | undefined>();
  },

  byName(sql: Sql, parentId: number, name: string): Promise<DriveNode | undefined> {
    return sql('im_drive_node')
      .where({ parentId, nameKey: keyOfName(name) })
      .first<DriveNode | undefined>();
  },

  /** The name, or another one if that is taken and that will do. */
  async freeName(
    sql: Sql,
    {
      parentId,
      name,
      ifTaken,
      except,
    }: { parentId: number; name: string; ifTaken: IfTaken; except?: number },
  ): Promise<string> {
    let tries = 0;
    for (const one of namesFrom(name)) {
      const taken = await treeStore.byName(sql, parentId, one);
      if (!taken || taken.id === except) return one;
      if (ifTaken === 'refuse' || ++tries > mostTries) break;
    }
    throw new Refusal('driveNameTaken', { values: { name } });
  },

  async add(sql: Sql, { ownerId, parentId, name, isFile, creatorId }: NewNode): Promise<number> {
    const now = Date.now();
    const grown = await sql('im_drive_node')
      .where(rootKey(ownerId))
      .where('nodes', '<', mostNodes)
      .increment('nodes', 1);
    if (grown === 0) throw new Refusal('driveFull', { values: { most: String(mostNodes) } });
    const [id = 0] = await sql('im_drive_node').insert({
      ...{ ownerId, parentId, name, nameKey: keyOfName(name), isFile: isFile ? 1 : 0, creatorId },
      ...{ size: 0, version: 0, createdTime: now, changedTime: now },
    });
    return id;
  },

  /** Its newest version from then on. */
  async addVersion(sql: Sql, node: Pick<DriveNode, 'id' | 'version'>, given: NewVersion): Promise<void> {
    const now = Date.now();
    const { fileId, previewFileId, size, creatorId } = given;
    const number = node.version + 1;
    await sql('im_drive_version').insert({
      ...{ nodeId: node.id, number, fileId, previewFileId, size, creatorId, createdTime: now },
    });
    await sql('im_drive_node').where({ id: node.id }).update({ version: number, size, changedTime: now });
  },

  /** So many more are in the drive. */
  async count(sql: Sql, ownerId: number, more: number): Promise<void> {
    await sql('im_drive_node').where(rootKey(ownerId)).increment('nodes', more);
  },

  /** Of these and older ones: the rows of the table of files. */
  async dropVersions(sql: Sql, nodeId: number, upTo: number): Promise<number[]> {
    const old = (): Knex.QueryBuilder =>
      sql('im_drive_version').where({ nodeId }).where('number', '<=', upTo);
    const rows: FileIds[] = upTo < 1 ? [] : await old().select('fileId', 'previewFileId');
    if (rows.length > 0) await old().delete();
    return rows.flatMap(idsOf);
  },

  /** The newest first. */
  versions(sql: Sql, nodeId: number): Promise<DriveVersion[]> {
    return sql('im_drive_version').where({ nodeId }).orderBy('number', 'desc').select<DriveVersion[]>();
  },

  version(sql: Sql, nodeId: number, number: number): Promise<DriveVersion | undefined> {
    return sql('im_drive_version').where({ nodeId, number }).first<DriveVersion | undefined>();
  },

  async place(sql: Sql, id: number, { parentId, name }: { parentId: number; name: string }): Promise<void> {
    await sql('im_drive_node')
      .where({ id })
      .update({
        ...{ parentId, name, nameKey: keyOfName(name), changedTime: Date.now() },
        ...{ trashedFrom: null, trashedTime: null },
      });
  },

  async trash(sql: Sql, { id, ownerId, parentId }: DriveNode): Promise<void> {
    await sql('im_drive_node')
      .where({ id })
      // Where no name is taken.
      .update({
        ...{ parentId: trashOf(ownerId), nameKey: String(id), trashedFrom: parentId },
        trashedTime: Date.now(),
      });
  },

  /** Folders first, by their names. */
  async list(sql: Sql, parentId: number, after: ListPlace | undefined, limit: number): Promise<DriveNode[]> {
    return sql('im_drive_node')
      .where({ parentId })
      .modify((query) => {
        if (!after) return;
        const { isFile, nameKey } = after;
        void query.whereRaw('(is_file > ? or (is_file = ? and name_key > ?))', [isFile, isFile, nameKey]);
      })
      .orderBy(['isFile', 'nameKey'])
      .limit(limit)
      .select<DriveNode[]>();
  },

  /** The same of several folders, one after the other; of thousands at once no more than what is needed. */
  listAll(sql: Sql, parentIds: readonly number[], limit: number): Promise<ListedNode[]> {
    return sql('im_drive_node')
      .whereIn('parentId', [...parentIds])
      .orderBy(['parentId', 'isFile', 'nameKey'])
      .limit(limit)
      .select<ListedNode[]>('id', 'parentId', 'isFile', 'name', 'changedTime');
  },

  /** How many folders there are one in the other, itself counted. */
  async heightOf(sql: Sql, id: number): Promise<number> {
    const row = await sql
      .withRecursive(
        'below',
        (below) =>
          void below
            .select('id', sql.raw('1 as depth'))
            .from('im_drive_node')
            .where({ id, isFile: 0 })
            .unionAll(
              (next) =>
                void next
                  .select('n.id', sql.raw('below.depth + 1'))
                  .from('im_drive_node as n')
                  .join('below', 'below.id', 'n.parentId')
                  .where('n.isFile', 0),
            ),
      )
      .from('below')
      .max<{ height: number | null }[]>('depth as height');
    return row[0]?.height ?? 0;
  },
};

/** Rows of the table of files. */
export type FileIds = Pick<DriveVersion, 'fileId' | 'previewFileId'>;

export function idsOf({ fileId, previewFileId }: FileIds): number[] {
  return previewFileId === null ? [fileId] : [fileId, previewFileId];
}

function rootKey(ownerId: number) {
  return { parentId: 0, nameKey: String(ownerId) };
}

function* namesFrom(name: string): Generator<string, void> {
  yield name;
  yield* otherNames(name);
}

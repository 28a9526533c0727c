import type { Logger } from 'im-common';
import type { Knex } from 'knex';
import type { Database, Sql } from '../db/database.ts';
import type { Ending } from '../feature.ts';
import { Refusal } from '../http/refusal.ts';
import { regularly } from '../regularly.ts';
import type { Change, DriveTree } from './drive-tree.ts';
import { isRoot, mostDepth, trashOf, type DriveNode } from './node.ts';
import { chainOf, Level, mustBe, mustPlace, placeFor } from './rights.ts';
import { idsOf, treeStore, type FileIds } from './tree-store.ts';

export interface DriveTrashDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly tree: Pick<DriveTree, 'change' | 'locked'>;
  readonly keepMs: number;
  readonly everyMs: number;
  readonly logger: Logger;
}

export interface TrashPlace {
  readonly time: number;
  readonly id: number;
}

/** What is removed in one transaction. */
const atOnce = 200;
/** By one statement. */
const markedAtOnce = 500;
/** What a request removes itself; the rest is done by the next round. */
const stepsAtOnce = 20;
const ownersAtOnce = 50;

/**
 * What was thrown away: out of sight at once with all that is in it, and there for some days. What is removed for good is marked so first, and
 * then goes bit by bit from below, its top last, so that whoever is cut off goes on where it was, or another one does.
 */
export class DriveTrash {
  readonly #deps: DriveTrashDeps;

  constructor(deps: DriveTrashDeps) {
    this.#deps = deps;
  }

  start(): Ending {
    const { everyMs, logger } = this.#deps;
    const failure = 'the trash of drives could not be emptied; the next round does it';
    return regularly({ everyMs, logger, failure }, (closing) => this.#round(closing));
  }

  async put(userId: number, id: number): Promise<void> {
    await this.#deps.tree.change(userId, id, async (change) => {
      const { sql } = change;
      const { node, chain } = await mustPlace(sql, userId, id, Level.EDIT);
      mustBe(!isRoot(node), 'driveRoot');
      const [, from] = chain;
      mustBe(from !== undefined, 'driveInTrash');
      const around = await placeFor(sql, userId, from.id);
      mustBe((around?.level ?? Level.NONE) >= Level.EDIT, 'driveNotAllowed');
      mustBe(isRoot(chain.at(-1) ?? node), 'driveInTrash');
      await treeStore.trash(sql, node);
      change.note({ folderId: from.id, node, action: 'trashed' });
    });
  }

  /** Of one's own drive; what was thrown away last comes first. */
  list(userId: number, before: TrashPlace | undefined, limit: number): Promise<DriveNode[]> {
    return this.#deps.database
      .sql('im_drive_node')
      .where({ parentId: trashOf(userId) })
      .where('trashedTime', '>', 0)
      .modify((query) => {
        if (!before) return;
        const { time, id } = before;
        void query.whereRaw('(trashed_time < ? or (trashed_time = ? and id < ?))', [time, time, id]);
      })
      .orderBy([
        { column: 'trashedTime', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(limit)
      .select<DriveNode[]>();
  }

  /** To where it was, or into the drive itself when that is gone; with another name if its own is taken. */
  async restore(userId: number, id: number): Promise<void> {
    await this.#deps.tree.locked(userId, async (change) => {
      const { sql } = change;
      const node = await this.#find(sql, userId, id);
      const before = await chainOf(sql, node.trashedFrom ?? 0);
      const top = before.at(-1);
      const fits =
        top !== undefined && isRoot(top) && before.length + (await treeStore.heightOf(sql, id)) <= mostDepth;
      const parentId = fits ? (before[0]?.id ?? 0) : (await treeStore.lock(sql, userId)).id;
      const name = await treeStore.freeName(sql, {
        parentId,
        name: node.name,
        ifTaken: 'rename',
        except: id,
      });
      await treeStore.place(sql, id, { parentId, name });
      change.note({ folderId: parentId, node: { id, name }, action: 'restored' });
    });
  }

  /** One of them, or all. */
  async remove(userId: number, id?: number): Promise<void> {
    await this.#deps.tree.locked(userId, async ({ sql }) => {
      const { id: only } = id === undefined ? {} : await this.#find(sql, userId, id);
      if (only === undefined) await markAll(sql, userId);
      else await mark(sql, [only]);
    });
    await this.#removeSome(userId);
  }

  async #find(sql: Sql, userId: number, id: number): Promise<DriveNode> {
    const node = await treeStore.find(sql, id);
    if (node?.ownerId !== userId || node.trashedTime === 0)
      throw new Refusal('driveNodeUnknown', { code: 404 });
    mustBe(node.parentId === trashOf(userId), 'driveNotInTrash');
    return node;
  }

  async #round(closing: AbortSignal): Promise<void> {
    await this.#markOld(closing);
    // Some of each, so that nobody waits for whoever has thrown away very much.
    for (let owners = await this.#withMarked(); owners.length > 0; owners = await this.#withMarked())
      for (const ownerId of owners) {
        if (closing.aborted) return;
        await this.#removeSome(ownerId);
      }
  }

  async #markOld(closing: AbortSignal): Promise<void> {
    const { database, keepMs } = this.#deps;
    const before = Date.now() - keepMs;
    for (let isMore = true; isMore && !closing.aborted;) {
      const old = await database
        .sql('im_drive_node')
        .where('trashedTime', '>', 0)
        .where('trashedTime', '<', before)
        .limit(markedAtOnce)
        .select<{ id: number }[]>('id');
      // What was restored meanwhile stays.
      if (old.length > 0)
        await mark(database.sql, idsIn(old), (row) => row.whereBetween('trashedTime', [1, before]));
      isMore = old.length === markedAtOnce;
    }
  }

  async #withMarked(): Promise<number[]> {
    const rows = await this.#deps.database
      .sql('im_drive_node')
      .where({ trashedTime: 0 })
      .limit(ownersAtOnce)
      .distinct<{ ownerId: number }[]>('ownerId');
    return rows.map(({ ownerId }) => ownerId);
  }

  /** Of what is marked in that drive. */
  async #removeSome(ownerId: number): Promise<void> {
    const { database, tree } = this.#deps;
    const marked = { ownerId, trashedTime: 0 };
    for (let left = stepsAtOnce; left > 0; left--) {
      const top = await database.sql('im_drive_node').where(marked).first<{ id: number } | undefined>('id');
      if (!top) return;
      await tree.locked(ownerId, (change) => removeSome(change, ownerId, top.id));
    }
  }
}

type Rows = Knex.QueryBuilder;

/** From now on they are going. */
async function mark(
  sql: Sql,
  ids: readonly number[],
  only: (rows: Rows) => Rows = (rows) => rows,
): Promise<void> {
  await only(sql('im_drive_node').whereIn('id', [...ids])).update({ trashedTime: 0 });
}

/** All of somebody's trash, some at a time, as one statement for 100,000 would hold up everybody on SQLite. */
async function markAll(sql: Sql, userId: number): Promise<void> {
  let last = '';
  for (let isMore = true; isMore;) {
    const some = await sql('im_drive_node')
      .where({ parentId: trashOf(userId) })
      .where('nameKey', '>', last)
      .orderBy('nameKey')
      .limit(markedAtOnce)
      .select<{ id: number; nameKey: string }[]>('id', 'nameKey');
    if (some.length > 0) await mark(sql, idsIn(some));
    last = some.at(-1)?.nameKey ?? last;
    isMore = some.length === markedAtOnce;
  }
}

function idsIn(rows: readonly { readonly id: number }[]): number[] {
  return rows.map(({ id }) => id);
}

/** Some of what is marked as going, from below. */
export async function removeSome(
  change: Pick<Change, 'sql' | 'released'>,
  ownerId: number,
  topId: number,
): Promise<void> {
  const { sql } = change;
  const top = await treeStore.find(sql, topId);
  if (top?.trashedTime !== 0) return;
  // What is in its trash goes with a drive.
  const first = isRoot(top)
    ? await sql('im_drive_node')
        .where({ parentId: trashOf(ownerId) })
        .first<DriveNode | undefined>()
    : undefined;
  let lowest = first ?? top;
  for (let below: DriveNode | undefined = lowest; below;) {
    lowest = below;
    below = await sql('im_drive_node')
      .where({ parentId: lowest.id, isFile: 0 })
      .first<DriveNode | undefined>();
  }
  const isFolder = lowest.isFile === 0;
  const files = await sql('im_drive_node')
    // Those that were thrown away one by one go together.
    .where(isFolder ? { parentId: lowest.id } : { parentId: lowest.parentId, isFile: 1 })
    .modify((query) => void (isFolder || isRoot(top) || query.where({ trashedTime: 0 })))
    .limit(atOnce)
    .select<{ id: number }[]>('id');
  const ids = files.map(({ id }) => id);
  if (isFolder && files.length < atOnce) ids.push(lowest.id);
  const versions = await sql('im_drive_version')
    .whereIn('nodeId', ids)
    .select<FileIds[]>('fileId', 'previewFileId');
  change.released.push(...versions.flatMap(idsOf));
  for (const table of ['im_drive_version', 'im_drive_share'])
    await sql(table).whereIn('nodeId', ids).delete();
  for (const table of ['im_drive_activity', 'im_drive_watcher'])
    await sql(table).whereIn('folderId', ids).delete();
  await sql('im_drive_node').whereIn('id', ids).delete();
  await treeStore.count(sql, ownerId, -ids.length);
}

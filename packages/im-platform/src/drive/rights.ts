import type { Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import type { TextKey } from '../http/texts.ts';
import { isRoot, mostDepth, type DriveNode } from './node.ts';

/** What one may do with a thing and all that is in it; who may more may all that is less. */
export const Level = { NONE: 0, VIEW: 1, EDIT: 2, MANAGE: 3 } as const;
export type Level = (typeof Level)[keyof typeof Level];
export const levelNames = ['none', 'view', 'edit', 'manage'] as const;
export type LevelName = 'view' | 'edit' | 'manage';

/** A thing, and what somebody may do with it. */
export interface Place {
  readonly node: DriveNode;
  /** Itself and what it is in, the drive or the top of what is in the trash last. */
  readonly chain: readonly DriveNode[];
  readonly level: Level;
  /** Where in `chain` that begins; the owner's is all of it. */
  readonly from: number;
}

/** The thing and what it is in, from below. */
export async function chainOf(sql: Sql, id: number): Promise<DriveNode[]> {
  return sql
    .withRecursive(
      'chain',
      (chain) =>
        void chain
          .select('id', 'parentId', sql.raw('0 as depth'))
          .from('im_drive_node')
          .where({ id })
          .unionAll(
            (above) =>
              void above
                .select('n.id', 'n.parentId', sql.raw('chain.depth + 1'))
                .from('im_drive_node as n')
                .join('chain', 'chain.parentId', 'n.id')
                .where('chain.depth', '<', 2 * mostDepth),
          ),
    )
    .from('chain')
    .join('im_drive_node as n', 'n.id', 'chain.id')
    .orderBy('chain.depth')
    .select<DriveNode[]>('n.*');
}

/** What the user may do with it now: who has left a group has nothing of it. Undefined: it is not there, or nothing. */
export async function placeFor(sql: Sql, userId: number, id: number): Promise<Place | undefined> {
  const chain = await chainOf(sql, id);
  const [node] = chain;
  const top = chain.at(-1);
  if (!node || !top || top.trashedTime === 0) return undefined;
  if (node.ownerId === userId) return { node, chain, level: Level.MANAGE, from: chain.length - 1 };
  // What is in the trash is the owner's alone.
  if (!isRoot(top)) return undefined;
  const shares = await sql('im_drive_share as s')
    .whereIn(
      's.nodeId',
      chain.map((one) => one.id),
    )
    .where(
      (mine) =>
        void mine
          .where({ 's.kind': 'user', 's.subjectId': userId })
          .orWhere(
            (ofGroup) =>
              void ofGroup
                .where({ 's.kind': 'group' })
                .whereIn('s.subjectId', sql('im_group_member').where({ userId, quit: 0 }).select('groupId')),
          ),
    )
    .select<{ nodeId: number; level: Level }[]>('s.nodeId', 's.level');
  if (shares.length === 0) return undefined;
  const at = shares.map(({ nodeId }) => chain.findIndex((one) => one.id === nodeId));
  const level = Math.max(...shares.map((share) => share.level)) as Level;
  return { node, chain, level, from: Math.max(...at) };
}

/** Refuses what the user may not: as if it were not there, when they may not even see it. */
export async function mustPlace(sql: Sql, userId: number, id: number, least: Level): Promise<Place> {
  const place = await placeFor(sql, userId, id);
  if (!place) throw new Refusal('driveNodeUnknown', { code: 404 });
  if (place.level < least) throw new Refusal('driveNotAllowed');
  return place;
}

export function mustBe(isSo: boolean, text: TextKey): asserts isSo {
  if (!isSo) throw new Refusal(text);
}

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
  return (await chainsOf(sql, [id])).get(id) ?? [];
}

/** The same of several; of those that are there. */
async function chainsOf(sql: Sql, ids: readonly number[]): Promise<Map<number, DriveNode[]>> {
  const rows = await sql
    .withRecursive(
      'chain',
      (chain) =>
        void chain
          .select('id as below', 'id', 'parentId', sql.raw('0 as depth'))
          .from('im_drive_node')
          .whereIn('id', [...ids])
          .unionAll(
            (above) =>
              void above
                .select('chain.below', 'n.id', 'n.parentId', sql.raw('chain.depth + 1'))
                .from('im_drive_node as n')
                .join('chain', 'chain.parentId', 'n.id')
                .where('chain.depth', '<', 2 * mostDepth),
          ),
    )
    .from('chain')
    .join('im_drive_node as n', 'n.id', 'chain.id')
    .orderBy('chain.depth')
    .select<(DriveNode & { below: number })[]>('n.*', 'chain.below');
  const chains = new Map<number, DriveNode[]>();
  for (const { below, ...node } of rows) chains.set(below, [...(chains.get(below) ?? []), node]);
  return chains;
}

/** What the user may do with it now: who has left a group has nothing of it. Undefined: it is not there, or nothing. */
export async function placeFor(sql: Sql, userId: number, id: number): Promise<Place | undefined> {
  return (await placesFor(sql, userId, [id])).get(id);
}

/** The same of several; of those of which they may something. */
export async function placesFor(
  sql: Sql,
  userId: number,
  ids: readonly number[],
): Promise<Map<number, Place>> {
  const places = new Map<number, Place>();
  if (ids.length === 0) return places;
  const ofOthers: (readonly [DriveNode, ...DriveNode[]])[] = [];
  for (const [id, chain] of await chainsOf(sql, ids)) {
    const [node, ...around] = chain;
    const top = chain.at(-1);
    if (!node || !top || top.trashedTime === 0) continue;
    if (node.ownerId === userId) places.set(id, { node, chain, level: Level.MANAGE, from: chain.length - 1 });
    // What is in the trash is the owner's alone.
    else if (isRoot(top)) ofOthers.push([node, ...around]);
  }
  if (ofOthers.length === 0) return places;
  const around = new Set(ofOthers.flatMap((chain) => chain.map(({ id }) => id)));
  const shares = await sharesOf(sql, userId, [...around]);
  for (const chain of ofOthers) {
    const [node] = chain;
    const found = chain.flatMap(({ id }, at) => (shares.get(id) ?? []).map((level) => ({ level, at })));
    if (found.length === 0) continue;
    const level = Math.max(...found.map((one) => one.level)) as Level;
    places.set(node.id, { node, chain, level, from: Math.max(...found.map(({ at }) => at)) });
  }
  return places;
}

/** What is shared with the user of these, and how far, by thing. */
async function sharesOf(sql: Sql, userId: number, nodeIds: readonly number[]): Promise<Map<number, Level[]>> {
  const rows = await sql('im_drive_share as s')
    .whereIn('s.nodeId', [...nodeIds])
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
  const shares = new Map<number, Level[]>();
  for (const { nodeId, level } of rows) shares.set(nodeId, [...(shares.get(nodeId) ?? []), level]);
  return shares;
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

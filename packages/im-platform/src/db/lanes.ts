import { crc32 } from 'node:zlib';

/** For ever: a conversation stays in its lane, and ids have six bits for it. */
export const laneCount = 64;

/** Those of a kind: private ones are even, groups odd. */
export function lanesOf(kind: 'private' | 'group'): number[] {
  const first = kind === 'private' ? 0 : 1;
  return Array.from({ length: laneCount / 2 }, (_, index) => first + 2 * index);
}

export function kindOf(lane: number): 'private' | 'group' {
  return lane % 2 === 0 ? 'private' : 'group';
}

/**
 * Conversations of one lane change one after the other, over all instances. Which one it is follows from the name, so nobody has to
 * look it up, and two instances that begin a conversation at the same moment agree.
 */
export function laneOf(conversation: string): number {
  return 2 * (crc32(conversation) % (laneCount / 2)) + (conversation.startsWith('group:') ? 1 : 0);
}

/** The same of a column, on MySQL. */
export function laneInSql(column: string): string {
  return `(2 * (crc32(${column}) % ${laneCount / 2}) + (${column} like 'group:%'))`;
}

export function lanesOfAll(things: readonly { readonly conversation: string }[]): number[] {
  return things.map(({ conversation }) => laneOf(conversation));
}

/** Ids of a lane in a millisecond: what an id is made of stands in message-log/ids.ts. */
export const idsPerMs = 64;

export function laneOfId(id: number): number {
  return Math.floor(id / idsPerMs) % laneCount;
}

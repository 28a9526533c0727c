import { setImmediate } from 'node:timers/promises';
import type { Database, Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import { Lane } from '../limits/lane.ts';
import type { Limiter } from '../limits/limiter.ts';
import { keyOfName } from './names.ts';
import { isRoot, mostNodes } from './node.ts';
import { placesFor, type Place } from './rights.ts';

export interface DriveSearchDeps {
  readonly database: Pick<Database, 'readAside'>;
  /** Of one user, in a minute. */
  readonly limit: Pick<Limiter, 'take'>;
}

/** Where a search has come to: it goes on after this one. */
export interface SearchPlace {
  readonly ownerId: number;
  readonly id: number;
}

export interface Found {
  readonly places: Place[];
  readonly next: SearchPlace | undefined;
}

/** How many names that fit are answered, and how many are looked at, at most: of one drive all. */
const mostFound = 50;
const mostLookedAt = mostNodes;

/**
 * Folders and files by a part of their names. The database goes through the names of whole drives, by an index that has nothing else: so much
 * of it at once, for all who search, that others find it free in between.
 */
export class DriveSearch {
  readonly #deps: DriveSearchDeps;
  readonly #lane = new Lane(2, 100, () => new Refusal('unavailable', { code: 503 }));

  constructor(deps: DriveSearchDeps) {
    this.#deps = deps;
  }

  /** In the user's drive and those of which something is shared with them. Refuses what would begin after `beginBy`. */
  async search(
    userId: number,
    { text, after, beginBy }: { text: string; after: SearchPlace | undefined; beginBy: number },
  ): Promise<Found> {
    const { database, limit } = this.#deps;
    const { isWithin, waitS } = await limit.take(String(userId));
    if (!isWithin) throw new Refusal('tooManyRequests', { code: 429, retryAfterS: waitS });
    return this.#lane.run(beginBy, () =>
      database.readAside(async ({ sql }) => {
        const { found, next } = await look(sql, await drivesSeenBy(sql, userId), { text, after });
        const places = await placesFor(
          sql,
          userId,
          found.map(({ id }) => id),
        );
        // Those of the other drives are seen if they are shared; a drive itself has no name.
        const seen = found.flatMap(({ id }) => places.get(id) ?? []).filter(isInTree);
        return { places: seen, next };
      }),
    );
  }
}

interface Drive {
  readonly ownerId: number;
  readonly nodes: number;
}

interface Looked {
  readonly found: SearchPlace[];
  readonly next: SearchPlace | undefined;
}

/** By their owners. */
async function drivesSeenBy(sql: Sql, userId: number): Promise<Drive[]> {
  const shared = await sql('im_drive_share')
    .where({ kind: 'user', subjectId: userId })
    .orWhere(
      (ofGroup) =>
        void ofGroup
          .where({ kind: 'group' })
          .whereIn('subjectId', sql('im_group_member').where({ userId, quit: 0 }).select('groupId')),
    )
    .distinct<{ ownerId: number }[]>('ownerId');
  const owners = new Set([userId, ...shared.map(({ ownerId }) => ownerId)]);
  const drives = await sql('im_drive_node')
    .where({ parentId: 0 })
    .whereIn('nameKey', [...owners].map(String))
    .select<Drive[]>('ownerId', 'nodes');
  return drives.toSorted((one, other) => one.ownerId - other.ownerId);
}

async function look(
  sql: Sql,
  drives: readonly Drive[],
  { text, after }: { readonly text: string; readonly after: SearchPlace | undefined },
): Promise<Looked> {
  const part = keyOfName(text);
  const found: SearchPlace[] = [];
  let left = drives.filter(({ ownerId }) => ownerId >= (after?.ownerId ?? 0));
  let lookedAt = 0;
  while (left.length > 0 && lookedAt < mostLookedAt) {
    // SQLite is in this thread: others get in between.
    await setImmediate();
    const afterId = left[0]?.ownerId === after?.ownerId ? (after?.id ?? 0) : 0;
    const some = afterId > 0 ? left.slice(0, 1) : together(left);
    const rows = await sql('im_drive_node')
      .whereIn(
        'ownerId',
        some.map(({ ownerId }) => ownerId),
      )
      .modify((query) => void (afterId > 0 && query.where('id', '>', afterId)))
      // No pattern, of which signs and zeros would be something else.
      .whereRaw('instr(name_key, ?) > 0', [part])
      .orderBy(['ownerId', 'id'])
      .limit(mostFound - found.length)
      .select<SearchPlace[]>('ownerId', 'id');
    found.push(...rows);
    if (found.length === mostFound) return { found, next: found.at(-1) };
    lookedAt += some.reduce((sum, { nodes }) => sum + nodes, 0);
    left = left.slice(some.length);
  }
  const [first] = left;
  return { found, next: first && { ownerId: first.ownerId, id: 0 } };
}

/** The first ones, of which all names are looked at in one go. */
function together(drives: readonly Drive[]): readonly Drive[] {
  let sum = 0;
  const end = drives.findIndex(({ nodes }) => (sum += nodes) > mostLookedAt);
  return end < 0 ? drives : drives.slice(0, Math.max(1, end));
}

function isInTree({ node, chain }: Place): boolean {
  return !isRoot(node) && isRoot(chain.at(-1) ?? node);
}

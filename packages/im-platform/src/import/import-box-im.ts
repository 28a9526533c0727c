import type { Database } from '../db/database.ts';
import { PlatformError } from '../platform-error.ts';
import { copyFriends, copyGroups, copyMembers, copyUsers, copyWords } from './people.ts';
import { copyGroupMessages, copyPrivateMessages } from './messages.ts';
import { progressOf, requireFresh } from './copying.ts';
import { keepWhenLeft, readPositions, type Positions } from './memberships.ts';
import { placeInGroups, placePrivately } from './places.ts';

// A database of box-im becomes one of ours: times get milliseconds, conversations numbers, doubled rows become one, and read positions
// come from its Redis. Ids stay, so that the pages that people have open go on where they are. Each chunk is one transaction together
// with the note how far it went, so whatever ends the import, the next call goes on.

export interface ImportOptions {
  /** The database of box-im, which is only read. Its servers must not write meanwhile. */
  readonly from: Database;
  readonly to: Database;
  /** Of the times in it: their hours before UTC, as box-im's servers wrote them. */
  readonly zoneHours: number;
  /** How far members have read groups, by box-im's Redis; absent: as far as there is something. */
  readonly positions?: Positions | undefined;
  readonly say: (what: string) => void;
  /** Rows of a transaction. @default 400 */
  readonly chunk?: number;
}

const steps = [
  { name: 'users', copy: copyUsers },
  { name: 'words', copy: copyWords },
  { name: 'friends', copy: copyFriends },
  { name: 'groups', copy: copyGroups },
  { name: 'members', copy: copyMembers },
  { name: 'private messages', copy: copyPrivateMessages },
  { name: 'group messages', copy: copyGroupMessages },
] as const;

export async function importBoxIm(options: ImportOptions): Promise<void> {
  const { from, to, zoneHours, positions, say, chunk = 400 } = options;
  if (
    !(await from.sql.schema.hasTable('im_private_message')) ||
    (await from.sql.schema.hasTable('im_session'))
  )
    throw new PlatformError('INVALID_OPTION', 'What --from names is no database of box-im.');
  await requireFresh(to.sql);
  const copying = { from: from.sql, to, zoneMs: zoneHours * 3_600_000, chunk };
  for (const { name, copy } of steps) {
    const before = await progressOf(to.sql, name);
    const copied = await copy(name, copying);
    say(`${name}: ${copied} rows${before > 0 ? ', going on after those that are there' : ''}`);
  }
  await keepWhenLeft(to);
  say(`read positions: ${await readPositions(to, positions)}`);
  await placePrivately(to);
  await placeInGroups(to);
  // Their words are looked at from the beginning, also where an instance ran before.
  await to.sql('im_search_lane').update({ stamp: -1, conversation: '' });
}

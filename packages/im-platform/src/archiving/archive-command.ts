import { invalidOption, text, type Rows } from 'im-common/internal/checks';
import { toTime } from '../api/values.ts';
import type { ArchivePlace } from './archive.ts';
import { messagesIn } from './archive-file.ts';
import { ArchiveRecords } from './archive-records.ts';
import { Archiver, type ArchivedDatabase, type ArchivedFile } from './archiver.ts';
import { bringBackArchive } from './import-archive.ts';

export const archiveFlags: Rows = {
  before: {
    group: 'Command',
    kind: text('month', 'a month, as 2026-01', /^\d{4}-(0[1-9]|1[0-2])$/),
    about: 'For write: months before this one.',
  },
};

/** What was said on the command line. */
export interface ArchiveSettings {
  readonly order: readonly string[];
  readonly before?: string;
}

export type ArchiveOrder =
  | { readonly what: 'write'; readonly beforeMs: number }
  | { readonly what: 'list' }
  | { readonly what: 'read' | 'import'; readonly name: string };

/** Throws an INVALID_OPTION for what is no order. */
export function archiveOrderIn({ order, before }: ArchiveSettings): ArchiveOrder {
  const [what, name, ...more] = order;
  if (more.length === 0 && name === undefined) {
    if (what === 'list') return { what };
    if (what === 'write') {
      if (before === undefined) throw invalidOption('Say which months: --before 2026-01.');
      const beforeMs = Date.parse(`${before}-01T00:00:00Z`);
      // What people say now would go under their hands.
      if (beforeMs > Date.now())
        throw invalidOption(`${before} is to come; expected a month that has begun.`);
      return { what, beforeMs };
    }
  } else if (more.length === 0 && name !== undefined && (what === 'read' || what === 'import'))
    return { what, name };
  throw invalidOption(
    `What is to be done with archives is ${order.join(' ')}; expected write, list, read <name> or import <name>.`,
  );
}

/** Does it, and says what is to be said. */
export async function orderArchives(
  database: ArchivedDatabase,
  place: ArchivePlace | undefined,
  { order, say }: { readonly order: ArchiveOrder; readonly say: (line: string) => void },
): Promise<void> {
  const records = new ArchiveRecords(database);
  if (order.what === 'list') {
    for (const { name, state, messages, bytes, createdTime } of await records.all())
      say(`${name}  ${state}  ${messages} messages, ${bytes} bytes, ${toTime(createdTime)}`);
    return;
  }
  if (!place)
    throw invalidOption(
      'Say where archives are: --archive-dir <folder>, or --s3-bucket for the bucket of the files.',
    );
  if (order.what === 'write') {
    const archiver = new Archiver(database, place);
    await archiver.run(order.beforeMs, (file) => say(lineOf(file)));
    say(`${archiver.removed} messages were removed from the database.`);
    return;
  }
  if (order.what === 'read') {
    const archive = await records.written(order.name);
    for await (const message of messagesIn(place.store, archive)) say(JSON.stringify(message));
    return;
  }
  const { messages, missing } = await bringBackArchive(database, place, order.name);
  say(`${messages} messages are back.`);
  for (const conversation of missing)
    say(`${conversation} lacks what comes between. Import the archives of later months first.`);
}

function lineOf({ name, written }: ArchivedFile): string {
  return written
    ? `${name}  ${written.messages} messages, ${written.bytes} bytes`
    : `${name}  was written before, and is finished`;
}

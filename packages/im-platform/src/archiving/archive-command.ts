import { invalidOption } from 'im-common/internal/checks';
import { toTime } from '../api/values.ts';
import type { ArchivePlace } from './archive.ts';
import { messagesIn } from './archive-file.ts';
import type { ArchiveOrder } from './archive-order.ts';
import { ArchiveRecords } from './archive-records.ts';
import { Archiver, type ArchivedDatabase, type ArchivedFile } from './archiver.ts';
import { bringBackArchive } from './import-archive.ts';

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

import { newArchiveName, peopleIn } from '../archiving/archiver.ts';
import type { Archive, ArchivedMessage, ArchivePlace } from '../archiving/archive.ts';
import { ArchiveWriter, messagesIn } from '../archiving/archive-file.ts';
import { ArchiveRecords } from '../archiving/archive-records.ts';
import { removeUnwritten } from '../archiving/unwritten.ts';
import type { Database } from '../db/database.ts';
import { MessageStatus, MessageType } from '../wire/message-type.ts';
import { HeldUp } from './erasure.ts';
import type { ErasureJob } from './erasure-store.ts';

export interface ArchivedWordsDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly place: ArchivePlace | undefined;
}

const archivesAtOnce = 10;

/** Erases what somebody has said from archives of old months: each that has words of theirs is written anew without them. */
export class ArchivedWords {
  readonly #place: ArchivePlace | undefined;
  readonly #records: ArchiveRecords;

  constructor({ database, place }: ArchivedWordsDeps) {
    this.#place = place;
    this.#records = new ArchiveRecords(database);
  }

  async erase(job: ErasureJob): Promise<void> {
    for (;;) {
      const names = await this.#records.namesOf(job.userId, archivesAtOnce);
      if (names.length === 0) break;
      if (!this.#place) throw new HeldUp();
      for (const name of names) await this.#eraseIn(job, this.#place, name);
    }
    if (this.#place) await removeUnwritten(this.#place, this.#records);
    // Whose words are in it is known once it is written.
    if ((await this.#records.unwritten(1)).length > 0) throw new HeldUp();
  }

  async #eraseIn(job: ErasureJob, place: ArchivePlace, name: string): Promise<void> {
    const archive = await this.#records.find(name);
    if (archive && archive.state !== 'gone') await this.#writeAnew(job, place, archive);
    await place.store.delete(name);
    await this.#records.forget(name);
  }

  async #writeAnew(job: ErasureJob, place: ArchivePlace, before: Archive): Promise<void> {
    const name = newArchiveName(before.name.split('/', 1)[0] ?? '');
    await this.#records.begin(name);
    const writer = await ArchiveWriter.open(place.incoming);
    const people = new Set<number>();
    let erased = 0;
    try {
      for await (const one of messagesIn(place.store, before)) {
        const isTheirs = peopleIn(one).includes(job.userId);
        if (isTheirs) erased += 1;
        else for (const id of peopleIn(one)) people.add(id);
        await writer.write(isTheirs ? emptied(one) : one);
      }
      const written = await writer.putInto(place.store, name, before.messages);
      let settle = (): void => undefined;
      await this.#records.replace(before.name, { ...before, ...written, name }, people, async (sql) => {
        settle = await job.count(sql, { archived: erased });
      });
      settle();
    } finally {
      await writer.close();
    }
  }
}

/** As the message is left in the database. Who wrote with others in a file of theirs stays known as one of these. */
function emptied({ conversation, message }: ArchivedMessage): ArchivedMessage {
  const nothing = { tmpId: null, dedupeKey: null, status: MessageStatus.RECALL };
  const isText = message.type === MessageType.TEXT;
  return {
    conversation,
    message: {
      ...{ ...message, ...nothing, content: isText ? '' : '{}' },
      ...('atUserIds' in message && { atUserIds: '' }),
      ...('sendNickName' in message && { sendNickName: '' }),
    },
  };
}

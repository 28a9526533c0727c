import type { Logger } from 'im-common';
import type { Database, Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import { addressesIn, isMedia, isMediaContent, withAddresses, type Content } from './media.ts';
import { keyInAddress, type AddressCheck } from './file-addresses.ts';
import { queryOf, withoutLink, type FileLinks } from './file-links.ts';
import { nobody } from './file-key.ts';
import type { FileRecord, FileRecords } from './file-records.ts';
import type { FileUsage } from './file-usage.ts';

export interface MessageFileDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly records: Pick<FileRecords, 'findByPaths' | 'ownersOf'>;
  readonly usage: Pick<FileUsage, 'handOver'>;
  readonly isAllowed: AddressCheck;
  readonly links: Pick<FileLinks, 'areNeeded' | 'read'>;
  /** Whether the user is in the conversation now. */
  readonly isIn: (userId: number, conversation: string) => Promise<boolean>;
  readonly deleteFile: (file: FileRecord) => Promise<void>;
  readonly logger: Logger;
}

/** So long after its end a link may still be said again: a draft or an outbox has waited. */
const waitedMs = 7 * 86_400_000;

/** The files that messages show. A file belongs to one message of its owner, and goes with it. */
export class MessageFiles {
  readonly #deps: MessageFileDeps;

  constructor(deps: MessageFileDeps) {
    this.#deps = deps;
  }

  /**
   * What is stored of what the user says: with plain addresses. Refuses files from elsewhere, as opening the chat would tell another server
   * so; and those of others, unless they were shown to the user. `isForwarded`: the platform itself says it again.
   */
  async accept(
    userId: number,
    message: Content & { readonly content: string },
    isForwarded: boolean,
  ): Promise<string> {
    const { isAllowed } = this.#deps;
    const addresses = isMediaContent(message) ? addressesIn(message) : undefined;
    if (!addresses?.every(isAllowed)) throw new Refusal('fileFromElsewhere');
    if (!isForwarded) await this.refuseUnseen(userId, addresses);
    return withAddresses(message, withoutLink) ?? '';
  }

  /**
   * From now on, the same file uploaded again becomes another one, so that this message can be taken
   * back and the next one stays. Files of nobody become the sender's. If this fails, files are only shared; so nothing fails.
   */
  async shown(userId: number, message: Content): Promise<void> {
    const { records, logger } = this.#deps;
    try {
      const files = await records.findByPaths(pathsIn(message));
      for (const { id } of files) await this.#belongsTo(userId, id);
    } catch (error) {
      logger.warn({ err: error }, 'the files of a message are not known as its own');
    }
  }

  /**
   * Others are about to show the files of these messages, too: from now on they stay when one of the messages is taken back, and are as fresh as
   * if they had just been uploaded. False: there are none.
   */
  async share(messages: readonly Content[]): Promise<boolean> {
    const { database, records } = this.#deps;
    const files = await records.findByPaths(messages.flatMap(pathsIn));
    if (files.length === 0) return false;
    await database
      .sql('im_file_info')
      .whereIn(
        'id',
        files.map(({ id }) => id),
      )
      .whereNotNull('hash')
      .update({ isForwarded: 1, uploadTime: Date.now() });
    return true;
  }

  /** Within the transaction that takes the message back: nobody is given its files any more. What else shows them in earnest keeps them. */
  async giveUp(sql: Sql, userId: number, message: Content): Promise<FileRecord[]> {
    const files = await this.#deps.records.findByPaths(pathsIn(message), sql);
    if (files.length === 0) return [];
    const pictures = await picturesOf(sql, userId);
    const given: FileRecord[] = [];
    for (const file of files) {
      if (pictures.has(file.filePath) || pictures.has(file.compressedPath ?? file.filePath)) continue;
      // As old as can be, so that the next look for old files deletes it, whatever happens to us.
      const gone = { hash: null, isPermanent: 0, uploadTime: 0 };
      const changed = await sql('im_file_info').where({ id: file.id, userId, isForwarded: 0 }).update(gone);
      if (changed > 0) given.push(file);
    }
    return given;
  }

  /** After the commit. */
  async delete(files: readonly FileRecord[]): Promise<void> {
    const { deleteFile, logger } = this.#deps;
    for (const file of files)
      await deleteFile(file).catch((error: unknown) =>
        logger.warn({ err: error, file: file.filePath }, 'a file of a recalled message is deleted later'),
      );
  }

  /** Or whoever remembers an address has it signed anew by saying it. */
  async refuseUnseen(userId: number, addresses: readonly string[]): Promise<void> {
    const { records, links, isIn } = this.#deps;
    if (!links.areNeeded) return;
    const ours = addresses.flatMap((address) => {
      const key = keyInAddress(address);
      return key === undefined ? [] : [{ key, address }];
    });
    const owners = await records.ownersOf(ours.map(({ key }) => key));
    for (const { key, address } of ours) {
      const owner = owners.get(key);
      if (!owner || owner.isPublic || [userId, nobody].includes(owner.userId)) continue;
      const signed = links.read(key, queryOf(address));
      const isFresh = signed !== undefined && signed.endMs + waitedMs > Date.now();
      if (!isFresh || !(await isIn(userId, signed.conversation))) throw new Refusal('fileNotYours');
    }
  }

  async #belongsTo(userId: number, id: number): Promise<void> {
    const { database, usage } = this.#deps;
    const hash = `message:${id}`;
    const isHis = await database
      .sql('im_file_info')
      .where({ id, userId })
      .whereNotNull('hash')
      .update({ hash });
    if (isHis > 0) return;
    await database.transaction(async (sql) => {
      const ofNobody = await sql('im_file_info')
        .where({ id, userId: nobody })
        .whereNotNull('hash')
        .forUpdate()
        .first<{ storedBytes: number } | undefined>('storedBytes');
      if (!ofNobody) return;
      await sql('im_file_info').where({ id }).update({ userId, hash });
      await usage.handOver(sql, nobody, userId, ofNobody.storedBytes);
    });
  }
}

function pathsIn(message: Content): string[] {
  return isMedia(message) ? addressesIn(message).flatMap((address) => keyInAddress(address) ?? []) : [];
}

/** The keys of the pictures of a user and of the groups that they own. */
async function picturesOf(sql: Sql, userId: number): Promise<Set<string | undefined>> {
  const his = await sql('im_user').where({ id: userId }).select<Pictures[]>('headImage', 'headImageThumb');
  const ofGroups = await sql('im_group_member as m')
    .join('im_group as g', 'g.id', 'm.groupId')
    .where({ 'm.userId': userId, 'g.ownerId': userId })
    .select<Pictures[]>('g.headImage', 'g.headImageThumb');
  const addresses = [...his, ...ofGroups].flatMap(({ headImage, headImageThumb }) => [
    headImage,
    headImageThumb,
  ]);
  return new Set(addresses.map(keyInAddress));
}

interface Pictures {
  readonly headImage: string;
  readonly headImageThumb: string;
}

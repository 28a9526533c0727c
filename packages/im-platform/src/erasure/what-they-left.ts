import { leaveCampaigns } from '../campaigns/leave.ts';
import { chunksOf } from '../db/chunks.ts';
import type { Database, LaneDatabase, Sql } from '../db/database.ts';
import { holdLanes } from '../db/lane-fences.ts';
import { deleteFile, type DeleteDeps } from '../files/delete-file.ts';
import type { StoredFile } from '../files/file-records.ts';
import { filesUrlPath } from '../files/file-key.ts';
import type { FileUsage } from '../files/file-usage.ts';
import { say, type Language } from '../http/texts.ts';
import { HeldUp, type Counts } from './erasure.ts';
import type { ErasureJob } from './erasure-store.ts';
import { isNamedIn, withoutThem } from './evidence.ts';
import { namelessWith } from './names.ts';

export interface WhatTheyLeftDeps extends DeleteDeps {
  readonly database: Pick<Database, 'sql' | 'transaction' | 'laneDatabases' | 'lanesAt'>;
  readonly usage: Pick<FileUsage, 'handOver'>;
  /** Also of uploads that have not come as a whole. */
  readonly removeUploads: (userId: number) => Promise<void>;
  readonly language: Language;
}

interface FileRow extends StoredFile {
  readonly hash: string | null;
  readonly storedBytes: number;
}

const rowsAtOnce = 500;
const filesAtOnce = 50;
/** A name of so many characters is looked for anywhere in the audit trail; a shorter one, as it is part of words, where it stands alone. */
const longEnough = 5;

/** Tables of which no row of theirs is left, by the column that says whose it is. What goes with the account is gone (users/forget-user.ts). */
const theirRows: readonly (readonly [table: string, column: string])[] = [
  ['im_once', 'userId'],
  ['im_group_link', 'creatorId'],
  ['im_group_member_past', 'userId'],
  ['im_call', 'callerId'],
  ['im_call', 'acceptorId'],
  ['im_revocation', 'userId'],
  ['im_file_usage', 'userId'],
  // Of a line that was cut after the account had gone.
  ['im_last_seen', 'userId'],
  ['im_drive_activity', 'ownerId'],
  ['im_drive_activity', 'actorId'],
  ['im_drive_share', 'ownerId'],
  ['im_drive_watcher', 'userId'],
  ['im_user_attribute', 'userId'],
  ['im_campaign_list_user', 'userId'],
  ['im_encryption_signature', 'signedUserId'],
  ['im_encryption_message', 'senderId'],
  ['im_encrypted_conversation', 'oneId'],
  ['im_encrypted_conversation', 'otherId'],
];

const theirRowsInLanes = [
  ['im_message_deleted', 'userId'],
  ['im_mention', 'userId'],
] as const;

/** Erases what there is of somebody beside messages: files, reports, what others are told of them, lines of the audit trail. */
export class WhatTheyLeft {
  readonly #deps: WhatTheyLeftDeps;

  constructor(deps: WhatTheyLeftDeps) {
    this.#deps = deps;
  }

  async erase(job: ErasureJob): Promise<void> {
    await this.#deps.removeUploads(job.userId);
    await this.#files(job);
    await this.#reports(job);
    await this.#events(job);
    await this.#trail(job);
    await this.#rows(job);
  }

  /** All of theirs, whoever shows them; but the picture of a group stays, as a file of its owner. */
  async #files(job: ErasureJob): Promise<void> {
    const { database } = this.#deps;
    for (let after = 0; ;) {
      const files = await database
        .sql('im_file_info')
        .where({ userId: job.userId })
        .where('id', '>', after)
        .orderBy('id')
        .limit(filesAtOnce)
        .select<FileRow[]>('id', 'filePath', 'compressedPath', 'hash', 'storedBytes');
      for (const file of files) {
        const owner = await this.#ownerOfGroupWith(file, job.userId);
        if (owner === undefined) await this.#removeFile(job, file);
        else await this.#giveFile(job, file, owner);
      }
      const last = files.at(-1);
      if (!last) return;
      after = last.id;
    }
  }

  async #removeFile(job: ErasureJob, file: FileRow): Promise<void> {
    await job.step(async (sql) => {
      // As old as can be, so that the next look for old files deletes it, whatever happens to us.
      const gone = { hash: null, isPermanent: 0, uploadTime: 0, fileName: '' };
      const changed = await sql('im_file_info').where({ id: file.id }).update(gone);
      const isNew = changed > 0 && file.hash !== null;
      return isNew ? { files: 1, fileBytes: file.storedBytes } : {};
    });
    await deleteFile(this.#deps, file);
  }

  async #giveFile(job: ErasureJob, { id, storedBytes }: FileRow, owner: number): Promise<void> {
    await job.step(async (sql) => {
      const given = { userId: owner, fileName: '', hash: `picture:${id}` };
      const changed = await sql('im_file_info').where({ id, userId: job.userId }).update(given);
      if (changed > 0) await this.#deps.usage.handOver(sql, job.userId, owner, storedBytes);
      return {};
    });
  }

  async #ownerOfGroupWith(file: StoredFile, userId: number): Promise<number | undefined> {
    const ends = [file.filePath, file.compressedPath ?? file.filePath].map(
      (path) => `%${filesUrlPath}${path}`,
    );
    const { sql } = this.#deps.database;
    // Whoever gave it to the group was in it then.
    const group = await sql('im_group as g')
      .join('im_group_member as m', 'm.groupId', 'g.id')
      .where({ 'm.userId': userId, 'g.dissolve': 0 })
      .whereNot({ 'g.ownerId': userId })
      .where((either) => {
        for (const end of ends)
          void either.orWhere('g.headImage', 'like', end).orWhere('g.headImageThumb', 'like', end);
      })
      .first<{ ownerId: number } | undefined>('g.ownerId');
    return group?.ownerId;
  }

  /** Of closed ones; while there are open ones nothing is erased, and of those that came meanwhile it is waited for the end. */
  async #reports(job: ErasureJob): Promise<void> {
    const { database, language } = this.#deps;
    const { userId } = job;
    const nameless = namelessWith(job.names, say('deletedAccount', language));
    await inParts(async (after) => {
      const rows = await database
        .sql('im_report')
        .where('id', '>', after)
        .orderBy('id')
        .limit(rowsAtOnce)
        .select<ReportRow[]>(
          ...['id', 'reporterId', 'target', 'userId', 'number', 'text', 'evidence', 'isClosed'],
        );
      for (const report of rows) {
        const people = [report.reporterId, report.userId];
        if (!people.includes(userId) && !isNamedIn(report.evidence, userId)) continue;
        if (report.isClosed === 0) throw new HeldUp();
        const isOfTheirLooks = report.userId === userId && report.number === null;
        const clean = {
          evidence: isOfTheirLooks ? '{}' : withoutThem(report.evidence, userId, nameless),
          text: report.reporterId === userId ? '' : report.text,
        };
        if (clean.evidence === report.evidence && clean.text === report.text) continue;
        await job.step(async (sql) => {
          const { id, reporterId, target } = report;
          await sql('im_report').where({ id, reporterId, target }).update(clean);
          return { reports: 1 };
        });
      }
      return rows;
    });
  }

  /** What other back ends are told of what they said and did, or were told some days ago. */
  async #events(job: ErasureJob): Promise<void> {
    // From the others they are carried to the first, which comes last here.
    for (const at of this.#deps.database.laneDatabases.toReversed()) await this.#eventsAt(job, at);
  }

  async #eventsAt(job: ErasureJob, at: LaneDatabase): Promise<void> {
    const id = String(job.userId);
    await inParts(async (after) => {
      const rows = await at
        .sql('im_outbox')
        .where('position', '>', after)
        .orderBy('position')
        .limit(rowsAtOnce)
        .select<EventRow[]>('position', 'sink', 'id', 'subject', 'type', 'body');
      const theirs = rows.filter((row) => isTheirs(row, id)).map(({ position }) => position);
      if (theirs.length > 0)
        await this.#stepAt(job, at, async (sql) => ({
          events: await sql('im_outbox').whereIn('position', theirs).delete(),
        }));
      return rows.map(({ position }) => ({ id: position }));
    });
  }

  /** What was done, by whom and when stays, as whoever did it answers for it; what tells who the person was does not. */
  async #trail(job: ErasureJob): Promise<void> {
    const { userId } = job;
    const parts = job.names.map((name) => (name.length >= longEnough ? name : JSON.stringify(name)));
    await inParts(async (after) => {
      const rows = await this.#deps.database
        .sql('im_audit_trail')
        .where('id', '>', after)
        .orderBy('id')
        .limit(rowsAtOnce)
        .select<TrailRow[]>('id', 'actorId', 'subject', 'network', 'details');
      const erased = JSON.stringify({ erased: true });
      for (const { id, actorId, subject, network, details } of rows) {
        const isAbout =
          (subject === `user:${userId}` && details !== '{}') || parts.some((part) => details.includes(part));
        const clean = {
          network: actorId === userId ? '' : network,
          details: isAbout ? erased : details,
        };
        if (clean.network === network && clean.details === details) continue;
        await job.step(async (sql) => {
          await sql('im_audit_trail').where({ id }).update(clean);
          return { trailLines: 1 };
        });
      }
      return rows;
    });
  }

  /** The files of it are gone with all others. What they have put into the drives of others is those others'. */
  async #drive(job: ErasureJob): Promise<void> {
    const { userId } = job;
    const { sql } = this.#deps.database;
    for (;;) {
      const nodes = await sql('im_drive_node')
        .where({ ownerId: userId })
        .limit(rowsAtOnce)
        .select<{ id: number }[]>('id');
      if (nodes.length === 0) break;
      const ids = nodes.map(({ id }) => id);
      await job.step(async (within) => {
        await within('im_drive_version').whereIn('nodeId', ids).delete();
        await within('im_drive_watcher').whereIn('folderId', ids).delete();
        return { rows: await within('im_drive_node').whereIn('id', ids).delete() };
      });
    }
    await job.step(async (within) => ({
      rows: await within('im_drive_share').where({ kind: 'user', subjectId: userId }).delete(),
    }));
  }

  /** As {@link ErasureJob.step}; in another database it is done and counted there, and noted then. No lane of it moves meanwhile. */
  async #stepAt(job: ErasureJob, at: LaneDatabase, work: (sql: Sql) => Promise<Counts>): Promise<void> {
    const lanes = this.#deps.database.lanesAt(at) ?? [];
    if (at.name === '')
      return job.step(async (sql) => {
        if (at.isOneOfSeveral) await holdLanes(sql, lanes, at.name);
        return work(sql);
      });
    const counts = await at.changeIn(lanes, async (sql) => job.countThere(sql, await work(sql)));
    return job.noteThere(at.name, counts);
  }

  /** What is in lanes, wherever they are. */
  async #rowsInLanes(job: ErasureJob): Promise<void> {
    const { userId } = job;
    for (const at of this.#deps.database.laneDatabases) {
      for (const [table, column] of theirRowsInLanes)
        await this.#stepAt(job, at, async (sql) => ({
          rows: await sql(table)
            .where({ [column]: userId })
            .delete(),
        }));
      await this.#stepAt(job, at, async (sql) => {
        await sql('im_latecomer')
          .where({ audience: `user:${userId}` })
          .delete();
        const settings = { draft: null, pinned: 0, muted: 0, archived: 0, markedUnread: 0 };
        await sql('im_conversation_member').where({ userId }).update(settings);
        return {};
      });
    }
  }

  async #rows(job: ErasureJob): Promise<void> {
    const { userId } = job;
    await this.#drive(job);
    await this.#rowsInLanes(job);
    for (const [table, column] of theirRows)
      await job.step(async (sql) => ({
        rows: await sql(table)
          .where({ [column]: userId })
          .delete(),
      }));
    await job.step(async (sql) => {
      await leaveCampaigns(sql, userId);
      await sql('im_encrypted_conversation').where({ markedBy: userId }).update({ markedBy: 0 });
      await sql('im_user').where({ id: userId }).update({ reason: '' });
      await sql('im_group_member').where({ userId }).update({ groupWhenLeft: null });
      // Who paid whom how much has to be told for years; not what they wrote with it.
      await sql('im_red_packet').where({ senderId: userId }).update({ greeting: '' });
      await sql('im_payment').where({ userId }).update({ url: null, reason: null });
      await sql('im_payment_dispute').where({ userId }).update({ decisionReason: null });
      for (const some of chunksOf(await groupsOfNobodyElse(sql, userId), rowsAtOnce))
        await sql('im_group')
          .whereIn('id', some)
          .update({ name: '', notice: '', headImage: '', headImageThumb: '' });
      return {};
    });
  }
}

interface ReportRow {
  readonly id: number;
  readonly target: string;
  readonly reporterId: number;
  readonly userId: number;
  readonly number: number | null;
  readonly text: string;
  readonly evidence: string;
  readonly isClosed: number;
}

interface EventRow {
  readonly position: number;
  readonly subject: string;
  readonly type: string;
  readonly body: string;
}

interface TrailRow {
  readonly id: number;
  readonly actorId: number | null;
  readonly subject: string;
  readonly network: string;
  readonly details: string;
}

/** Through all rows of a table that nothing else leads to, in the order of its key. */
async function inParts(part: (after: number) => Promise<readonly { readonly id: number }[]>): Promise<void> {
  for (let after = 0; ;) {
    const last = (await part(after)).at(-1);
    if (!last) return;
    after = last.id;
  }
}

/** Of them, or said by them. That they came into a group or left it has their number alone, and goes after some days. */
function isTheirs({ subject, body }: EventRow, id: string): boolean {
  if (subject === `user:${id}`) return true;
  if (!body.includes(`"${id}"`)) return false;
  const { data } = JSON.parse(body) as { readonly data: EventData };
  const said = [data, data.message ?? {}, data.message?.forwarded ?? {}];
  return said.some((one) => one.senderId === id) || data.reporterId === id;
}

interface Said {
  readonly senderId?: string | null;
}

interface EventData extends Said {
  readonly reporterId?: string;
  readonly message?: Said & { readonly forwarded?: Said | null };
}

/** That ended with them: their names were theirs alone. */
async function groupsOfNobodyElse(sql: Sql, userId: number): Promise<number[]> {
  const rows = await sql('im_group as g')
    .where({ 'g.ownerId': userId, 'g.dissolve': 1 })
    .whereNotExists(
      sql('im_group_member as m').whereRaw('?? = ??', ['m.groupId', 'g.id']).whereNot({ 'm.userId': userId }),
    )
    .select<{ id: number }[]>('g.id');
  return rows.map(({ id }) => id);
}

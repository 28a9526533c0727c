import { isDuplicate, type Database } from '../db/database.ts';
import type { PlatformEvent } from '../events/event.ts';
import type { Outbox } from '../events/outbox.ts';
import type { Report } from './report.ts';

/** As the one who reports sees it: without the evidence, which they have seen. */
export type OwnReport = Omit<Report, 'evidence'>;

const ownColumns = [
  ...['id', 'reporterId', 'target', 'userId', 'conversation', 'number', 'reason', 'text', 'isClosed'],
  'sentTime',
];

export class ReportStore {
  readonly #database: Pick<Database, 'transaction'>;
  readonly #sql: Database['sql'];
  readonly #outbox: Pick<Outbox, 'store'>;

  constructor(database: Pick<Database, 'sql' | 'transaction'>, outbox: Pick<Outbox, 'store'>) {
    this.#database = database;
    this.#sql = database.sql;
    this.#outbox = outbox;
  }

  find(reporterId: number, target: string): Promise<OwnReport | undefined> {
    return this.#sql('im_report')
      .where({ reporterId, target })
      .first(...ownColumns) as Promise<OwnReport | undefined>;
  }

  /** The same thing is reported once. */
  async add(report: Omit<Report, 'id' | 'isClosed'>): Promise<void> {
    try {
      await this.#database.transaction(async (sql) => {
        await sql('im_report').insert(report);
        await this.#outbox.store(sql, [toEvent(report)]);
      });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
  }

  /** The newest first, from the one before that id on. */
  pageOf(reporterId: number, beforeId: number, limit: number): Promise<OwnReport[]> {
    return this.#sql('im_report')
      .where({ reporterId })
      .where('id', '<', beforeId)
      .orderBy('id', 'desc')
      .limit(limit)
      .select(...ownColumns) as Promise<OwnReport[]>;
  }
}

function toEvent({
  reporterId,
  userId,
  conversation: conversationId,
  number,
  reason,
  text,
  sentTime: time,
}: Omit<Report, 'id' | 'isClosed'>): PlatformEvent {
  const people = { reporterId: String(reporterId), userId: String(userId) };
  return {
    ...{ type: 'report.created', subject: `user:${userId}`, time, userIds: [reporterId, userId] },
    data: { ...people, conversationId, number, reason, text },
  };
}

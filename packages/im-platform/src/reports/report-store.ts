import { isDuplicate, type Database } from '../db/database.ts';
import type { Report } from './report.ts';

/** As the one who reports sees it: without the evidence, which they have seen. */
export type OwnReport = Omit<Report, 'evidence' | 'target'>;

const ownColumns = [
  ...['id', 'reporterId', 'userId', 'conversation', 'number', 'reason', 'text', 'isClosed', 'sentTime'],
];

export class ReportStore {
  readonly #sql: Database['sql'];

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.#sql = sql;
  }

  find(reporterId: number, target: string): Promise<OwnReport | undefined> {
    return this.#sql('im_report')
      .where({ reporterId, target })
      .first(...ownColumns) as Promise<OwnReport | undefined>;
  }

  /** The same thing is reported once. */
  async add(report: Omit<Report, 'id' | 'isClosed'>): Promise<void> {
    try {
      await this.#sql('im_report').insert(report);
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

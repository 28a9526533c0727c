import { randomBytes } from 'node:crypto';
import { isDuplicate, type Database, type Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import type { ArchiveProgress, ArchiveRun, ArchiveRunOrder } from './archive-run.ts';

type Row = Omit<ArchiveRun, 'missing'> & { readonly missing: string };

/** A run that is this process' for a while. */
export interface OwnRun {
  readonly run: ArchiveRun;
  readonly owner: string;
}

/** How long another instance leaves it alone. */
export const ownedForMs = 60_000;

const columns = [
  ...(['id', 'actorId', 'what', 'about', 'createdTime', 'finishedTime'] as const),
  ...(['archives', 'messages', 'missing', 'error'] as const),
];

export class ArchiveRunStore {
  readonly #sql: Database['sql'];

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.#sql = sql;
  }

  /** Refused while another one is under way: two would write the same twice. */
  async add(sql: Sql, actorId: number, order: ArchiveRunOrder): Promise<number> {
    const now = Date.now();
    const about = order.what === 'write' ? order.month : order.archive;
    const row = { actorId, what: order.what, about, createdTime: now, nextAt: now, missing: '[]' };
    try {
      const [id = 0] = await sql('im_archive_run').insert({ ...row, underWay: 1 });
      return id;
    } catch (error) {
      if (isDuplicate(error)) throw new Refusal('archiveRunUnderWay');
      throw error;
    }
  }

  async find(id: number): Promise<ArchiveRun | undefined> {
    const row = await this.#sql('im_archive_run')
      .where({ id })
      .first<Row | undefined>(...columns);
    return row && fromRow(row);
  }

  /** The newest first. */
  async before(id: number, limit: number): Promise<ArchiveRun[]> {
    const rows = await this.#sql('im_archive_run')
      .where('id', '<', id)
      .orderBy('id', 'desc')
      .limit(limit)
      .select<Row[]>(...columns);
    return rows.map(fromRow);
  }

  /** The one that nobody goes on with, if there is one. */
  async claim(): Promise<OwnRun | undefined> {
    const now = Date.now();
    const due = await this.#sql('im_archive_run')
      .where({ underWay: 1 })
      .where('nextAt', '<=', now)
      .first<(Row & { readonly nextAt: number }) | undefined>(...columns, 'nextAt');
    if (!due) return undefined;
    const { id, nextAt } = due;
    const owner = randomBytes(12).toString('base64url');
    const claimed = await this.#sql('im_archive_run')
      .where({ id, nextAt, underWay: 1 })
      .update({ owner, nextAt: now + ownedForMs });
    const { nextAt: _, ...row } = due;
    return claimed > 0 ? { run: fromRow(row), owner } : undefined;
  }

  /** False: it is somebody else's by now. */
  keep(own: OwnRun): Promise<boolean> {
    return this.#change(own, { nextAt: Date.now() + ownedForMs });
  }

  /** Another one may go on with it at once. */
  release(own: OwnRun): Promise<boolean> {
    return this.#change(own, { nextAt: Date.now() });
  }

  note(own: OwnRun, { missing, ...counts }: ArchiveProgress): Promise<boolean> {
    return this.#change(own, { ...counts, ...(missing && { missing: JSON.stringify(missing) }) });
  }

  finish(own: OwnRun, error: string | null): Promise<boolean> {
    return this.#change(own, { error, finishedTime: Date.now(), underWay: null });
  }

  async #change({ run: { id }, owner }: OwnRun, values: object): Promise<boolean> {
    return (await this.#sql('im_archive_run').where({ id, owner }).update(values)) > 0;
  }
}

function fromRow({ missing, ...row }: Row): ArchiveRun {
  return { ...row, missing: JSON.parse(missing) as string[] };
}

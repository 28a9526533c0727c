import type { Database, Sql } from '../db/database.ts';
import { takeTurn } from '../db/in-turn.ts';
import { timeOf } from '../db/time.ts';
import type { EventFilter } from './event-filter.ts';
import { eventTypes, isEventType, type EventType } from './event.ts';

/** Somebody who is told of what happens, as the table has them. Times are epoch milliseconds. */
export interface SinkRow {
  readonly id: string;
  /** Null: one of the options, which say where it is. */
  readonly url: string | null;
  readonly events: readonly EventType[];
  /** Null: of all of them. */
  readonly filter: EventFilter | null;
  readonly secret: string | null;
  /** Signs beside the other one until then. */
  readonly formerSecret: string | null;
  readonly formerEndTime: number | null;
  readonly createdTime: number;
  /** Null: nothing has failed since something got through. */
  readonly failingSince: number | null;
  readonly lastError: string | null;
  /** Null: it is on. */
  readonly offTime: number | null;
}

type Row = Omit<SinkRow, 'events' | 'filter'> & { readonly events: string; readonly filter: string | null };

const columns = [
  ...['id', 'url', 'events', 'filter', 'secret', 'formerSecret', 'formerEndTime', 'createdTime'],
  ...['failingSince', 'lastError', 'offTime'],
];

export class SinkStore {
  readonly #sql: Database['sql'];
  readonly #transaction: Database['transaction'];

  constructor({ sql, transaction }: Pick<Database, 'sql' | 'transaction'>) {
    this.#sql = sql;
    this.#transaction = transaction;
  }

  async list(): Promise<SinkRow[]> {
    const rows = await this.#sql('im_sink')
      .orderBy('createdTime')
      .orderBy('id')
      .select<Row[]>(...columns);
    return rows.map(fromRow);
  }

  async find(id: string, sql: Sql = this.#sql): Promise<SinkRow | undefined> {
    const row = await sql('im_sink')
      .where({ id })
      .first<Row | undefined>(...columns);
    return row && fromRow(row);
  }

  /** False: there are that many already. */
  async add(row: SinkRow, most: number): Promise<boolean> {
    const { events, filter } = row;
    const texts = { events: events.join(','), filter: filter && JSON.stringify(filter) };
    return this.#transaction(async (sql) => {
      await takeTurn(sql, 'sinks');
      const [counted] = await sql('im_sink').count<{ sinks: number }[]>('* as sinks');
      if (Number(counted?.sinks) >= most) return false;
      await sql('im_sink').insert({ ...row, ...texts });
      return true;
    });
  }

  /** One of the options gets its row when it is first met. */
  async meet(id: string): Promise<void> {
    const row = { id, events: eventTypes.join(','), createdTime: Date.now() };
    await this.#sql('im_sink').insert(row).onConflict('id').ignore();
  }

  /** False: there is none. */
  async change(
    id: string,
    { events, filter, ...changes }: Partial<Omit<SinkRow, 'id' | 'createdTime'>>,
  ): Promise<boolean> {
    const row = {
      ...{ ...changes, ...(events && { events: events.join(',') }) },
      ...(filter !== undefined && { filter: filter && JSON.stringify(filter) }),
    };
    return (await this.#sql('im_sink').where({ id }).update(row)) > 0;
  }

  async remove(id: string): Promise<boolean> {
    return (await this.#sql('im_sink').where({ id }).delete()) > 0;
  }

  /** Whether this instance delivers to it for so long from now, by the clock of the database. One at a time does. */
  async own(id: string, owner: string, forMs: number): Promise<boolean> {
    const now = timeOf(this.#sql);
    const owned = await this.#sql('im_sink')
      .where({ id })
      .where((free) => void free.where({ owner }).orWhereRaw(`owned_until < ${now}`))
      .update({ owner, ownedUntil: this.#sql.raw(`${now} + ?`, [forMs]) });
    return owned > 0;
  }

  /** Another instance may go on at once. */
  async disown(id: string, owner: string): Promise<void> {
    await this.#sql('im_sink').where({ id, owner }).update({ ownedUntil: 0 });
  }
}

/** Events that this version does not know are none. */
function fromRow({ events, filter, ...row }: Row): SinkRow {
  return {
    ...{ ...row, events: events.split(',').filter(isEventType) },
    filter: filter === null ? null : (JSON.parse(filter) as EventFilter),
  };
}

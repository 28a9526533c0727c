import { randomBytes } from 'node:crypto';
import { chunksOf } from '../db/chunks.ts';
import type { Sql } from '../db/database.ts';
import type { Query } from '../db/together.ts';
import { storeIfMember, verdictOf, type EventFilter, type NewEvent } from './event-filter.ts';
import type { EventType, KeptBody, PlatformEvent } from './event.ts';

/** Who is told, and of what. */
export interface Listening {
  readonly id: string;
  readonly events: ReadonlySet<EventType>;
  /** Null: of all of them. */
  readonly filter: EventFilter | null;
}

const rowsPerStatement = 200;

/**
 * Writes down what has happened for those who are to be told, in the transaction in which it happens: what is undone was never
 * there, and what is stored is told, whoever dies. While nobody listens it writes nothing and costs nothing.
 */
export class Outbox {
  #listening: readonly Listening[] = [];

  /** Who is told from now on. */
  listenTo(listening: readonly Listening[]): void {
    this.#listening = listening;
  }

  /** Whether anybody is told of it. */
  wants(...types: readonly EventType[]): boolean {
    return this.#listening.some(({ events }) => types.some((type) => events.has(type)));
  }

  /** What stores these, for whoever stores more with it. */
  toStore(sql: Sql, events: readonly PlatformEvent[]): Query[] {
    const rows: NewEvent[] = [];
    const ifMember: Query[] = [];
    for (const event of events) {
      const { type, subject, time, data, userIds } = event;
      const listening = this.#listening.filter((one) => one.events.has(type));
      if (listening.length === 0) continue;
      const body = JSON.stringify({ data, userIds: [...new Set(userIds)] } satisfies KeptBody);
      const id = `evt_${randomBytes(15).toString('base64url')}`;
      for (const { id: sink, filter } of listening) {
        const row = { sink, subject, id, type, time, body };
        const verdict = filter === null || verdictOf(filter, event);
        if (verdict === true) rows.push(row);
        else if (verdict === 'members' && 'botId' in filter)
          ifMember.push(storeIfMember(sql, row, { botId: filter.botId, event }));
      }
    }
    return [...chunksOf(rows, rowsPerStatement).map((some) => sql('im_outbox').insert(some)), ...ifMember];
  }

  async store(sql: Sql, events: readonly PlatformEvent[]): Promise<void> {
    for (const query of this.toStore(sql, events)) await query;
  }
}

import type { Database } from '../db/database.ts';
import type { EventType } from './event.ts';

/** What an event is to one of those who are told of it. */
const OutboxState = { WAITING: 0, TOLD: 1, DEAD: 2 } as const;

/** An event that is to be told. */
export interface WaitingEvent {
  readonly position: number;
  readonly subject: string;
  readonly id: string;
  readonly type: EventType;
  readonly time: number;
  readonly body: string;
  /** How often it has failed. */
  readonly attempts: number;
  readonly firstTried: number | null;
  /** Not before. */
  readonly nextAt: number | null;
}

export interface DeadLetter extends Omit<WaitingEvent, 'nextAt'> {
  readonly why: string | null;
}

/** What is told again. */
export type Again =
  | { readonly what: 'dead' }
  | { readonly what: 'since'; readonly position: number }
  | { readonly what: 'after'; readonly time: number };

const perStatement = 1_000;
const columns = [
  ...(['position', 'sink', 'subject', 'id', 'type', 'time', 'body', 'attempts', 'firstTried'] as const),
] as const;

/** The table of what has happened and who is told of it. Who writes into it is the {@link Outbox}. */
export class OutboxStore {
  readonly #sql: Database['sql'];

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.#sql = sql;
  }

  /** The first ones, without those of subjects that are dealt with already. */
  waiting(sink: string, except: readonly string[], limit: number): Promise<WaitingEvent[]> {
    return this.#sql('im_outbox')
      .where({ sink, state: OutboxState.WAITING })
      .whereNotIn('subject', [...except])
      .orderBy('position')
      .limit(limit)
      .select<WaitingEvent[]>(...columns, 'nextAt');
  }

  async markTold(positions: readonly number[]): Promise<void> {
    await this.#sql('im_outbox')
      .whereIn('position', [...positions])
      .update({ state: OutboxState.TOLD });
  }

  /** It has failed; `nextAt` null: it is given up. */
  async markFailed(
    position: number,
    { nextAt, ...rest }: { attempts: number; firstTried: number; nextAt: number | null; why: string },
  ): Promise<void> {
    const state = nextAt === null ? OutboxState.DEAD : OutboxState.WAITING;
    await this.#sql('im_outbox')
      .where({ position })
      .update({ ...rest, nextAt, state });
  }

  deadLetters(sink: string, afterPosition: number, limit: number): Promise<DeadLetter[]> {
    return this.#sql('im_outbox')
      .where({ sink, state: OutboxState.DEAD })
      .where('position', '>', afterPosition)
      .orderBy('position')
      .limit(limit)
      .select<DeadLetter[]>(...columns, 'why');
  }

  /** Has them told again, in their order. Resolves with how many they are. What is told meanwhile is not among them: it would have no end. */
  async again(sink: string, again: Again): Promise<number> {
    const [newest] = await this.#sql('im_outbox')
      .where({ sink })
      .max<{ position: number | null }[]>('position as position');
    let count = 0;
    for (let after = 0; ;) {
      const rows = await this.#sql('im_outbox')
        .where({ sink })
        .where('position', '>', after)
        .where('position', '<=', newest?.position ?? 0)
        .modify((query) => {
          if (again.what === 'dead') void query.where({ state: OutboxState.DEAD });
          else void query.whereIn('state', [OutboxState.TOLD, OutboxState.DEAD]);
          if (again.what === 'since') void query.where('position', '>=', again.position);
          if (again.what === 'after') void query.where('time', '>=', again.time);
        })
        .orderBy('position')
        .limit(perStatement)
        .select<{ position: number }[]>('position');
      const last = rows.at(-1);
      if (!last) return count;
      count += await this.#sql('im_outbox')
        .whereIn(
          'position',
          rows.map(({ position }) => position),
        )
        .update({ state: OutboxState.WAITING, attempts: 0, firstTried: null, nextAt: null, why: null });
      after = last.position;
    }
  }

  /** How much waits and is dead, and since when the first has waited; of each sink that has any. */
  async backlog(): Promise<Backlog[]> {
    const rows = await this.#sql('im_outbox')
      .whereIn('state', [OutboxState.WAITING, OutboxState.DEAD])
      .groupBy('sink', 'state')
      .select<{ sink: string; state: number; events: number; since: number }[]>(
        'sink',
        'state',
        this.#sql.raw('count(*) as events'),
        this.#sql.raw('min(time) as since'),
      );
    const sinks = [...new Set(rows.map(({ sink }) => sink))];
    return sinks.map((sink) => {
      const of = (state: number) => rows.find((row) => row.sink === sink && row.state === state);
      const waiting = of(OutboxState.WAITING);
      return {
        sink,
        waiting: waiting?.events ?? 0,
        waitingSince: waiting?.since ?? null,
        dead: of(OutboxState.DEAD)?.events ?? 0,
      };
    });
  }

  /** Those that happened before then. Resolves with how many of them nobody was told of. */
  async forgetBefore(time: number): Promise<number> {
    let untold = 0;
    for (const state of Object.values(OutboxState)) {
      for (;;) {
        const rows = await this.#sql('im_outbox')
          .where({ state })
          .where('time', '<', time)
          .limit(perStatement)
          .select<{ position: number }[]>('position');
        if (rows.length === 0) break;
        const positions = rows.map(({ position }) => position);
        const gone = await this.#sql('im_outbox').where({ state }).whereIn('position', positions).delete();
        if (state !== OutboxState.TOLD) untold += gone;
      }
    }
    return untold;
  }

  /** All that is kept for somebody who is not told any more. */
  async forgetSink(sink: string): Promise<void> {
    for (;;) {
      const rows = await this.#sql('im_outbox')
        .where({ sink })
        .limit(perStatement)
        .select<{ position: number }[]>('position');
      if (rows.length === 0) return;
      await this.#sql('im_outbox')
        .whereIn(
          'position',
          rows.map(({ position }) => position),
        )
        .delete();
    }
  }
}

export interface Backlog {
  readonly sink: string;
  readonly waiting: number;
  readonly waitingSince: number | null;
  readonly dead: number;
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'im-common';
import { gather } from 'im-common/internal/bus';
import type { OutboxStore, WaitingEvent } from './outbox-store.ts';
import { isGivenUp, pauseMs } from './pace.ts';
import { SinkRefusal, type OutgoingEvent, type Sink } from './sink.ts';
import { SinkHealth } from './sink-health.ts';
import type { SinkStore } from './sink-store.ts';

export type Outcome = 'told' | 'failed' | 'dead';

export interface DelivererDeps {
  readonly id: string;
  readonly sink: Sink;
  /** Names this instance. */
  readonly owner: string;
  readonly outbox: Pick<OutboxStore, 'waiting' | 'markTold' | 'markFailed'>;
  readonly sinks: Pick<SinkStore, 'own' | 'disown' | 'change' | 'find'>;
  /** What is told of each event. */
  readonly write: (events: readonly WaitingEvent[]) => Promise<readonly OutgoingEvent[]>;
  readonly onOutcome: (sink: string, outcome: Outcome) => void;
  readonly logger: Logger;
}

/** For so long one instance delivers when it has said so; after that another one may. */
const ownedForMs = 10_000;
const ownedAgainMs = 2_000;
const lookEveryMs = 100;
const mostRows = 200;
/** Subjects whose first event has failed. While there are more nothing is looked for. */
const mostHeld = 1_000;
const mostOfWhy = 255;

/**
 * Tells one sink of what waits for it in the outbox: of each subject one event after the other, and of many subjects at once. It runs in
 * every instance, and delivers in the one that owns the sink. What fails holds up its subject, until it is told or given up.
 */
export class Deliverer {
  readonly #deps: DelivererDeps;
  readonly #health: SinkHealth;
  readonly #markTold: (position: number) => Promise<undefined>;
  readonly #busy = new Map<string, Promise<void>>();
  /** Subjects that wait after a failure, and until when. */
  readonly #held = new Map<string, number>();
  readonly #ending = new AbortController();
  #ownedUntil = -Infinity;
  #ownAgainAt = -Infinity;
  #running: Promise<void> | undefined;
  #wake: () => void = () => undefined;

  constructor(deps: DelivererDeps) {
    this.#deps = deps;
    this.#health = new SinkHealth(deps);
    this.#markTold = gather(
      async (positions: readonly number[]) => {
        await deps.outbox.markTold(positions);
        return positions.map(() => undefined);
      },
      { most: mostRows, waitMs: lookEveryMs },
    );
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Resolves when nothing is under way any more, and another instance may go on. */
  async close(): Promise<void> {
    this.#end();
    await this.#running;
    await Promise.all(this.#busy.values());
    const { id, owner, sink, sinks, logger } = this.#deps;
    await sink.close();
    if (this.#ownedUntil === -Infinity) return;
    await sinks.disown(id, owner).catch((error: unknown) => {
      logger.warn({ err: error, sink: id }, 'another instance goes on with this sink some seconds later');
    });
  }

  #end(): void {
    this.#ending.abort();
    this.#wake();
  }

  async #run(): Promise<void> {
    const { id, logger } = this.#deps;
    while (!this.#ending.signal.aborted) {
      try {
        await this.#own();
        if (this.#isOwner()) await this.#begin();
      } catch (error) {
        logger.warn({ err: error, sink: id }, 'events could not be looked for; it is tried again');
      }
      await this.#pause();
    }
  }

  /** Until it is time to look again, or something has ended. */
  async #pause(): Promise<void> {
    const awake = new AbortController();
    const { signal } = awake;
    this.#wake = () => awake.abort();
    if (!this.#ending.signal.aborted) await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }

  async #own(): Promise<void> {
    const now = performance.now();
    if (now < this.#ownAgainAt) return;
    const { id, owner, sinks } = this.#deps;
    const isMine = await sinks.own(id, owner, ownedForMs);
    if (isMine && !this.#isOwner()) {
      this.#held.clear();
      await this.#health.readAgain();
    }
    this.#ownedUntil = isMine ? now + ownedForMs : -Infinity;
    this.#ownAgainAt = now + ownedAgainMs;
  }

  /** Whether what begins now has ended before another instance may begin. */
  #isOwner(): boolean {
    return performance.now() + this.#deps.sink.timeoutMs < this.#ownedUntil;
  }

  async #begin(): Promise<void> {
    const { id, sink, outbox } = this.#deps;
    const now = Date.now();
    for (const [subject, until] of this.#held) if (until <= now) this.#held.delete(subject);
    let free = this.#health.free(sink.parallel, this.#busy.size, now);
    if (free <= 0 || this.#held.size >= mostHeld) return;
    const except = [...this.#busy.keys(), ...this.#held.keys()];
    for (const [subject, events] of bySubject(await outbox.waiting(id, except, mostRows))) {
      const until = events[0]?.nextAt ?? 0;
      if (until > now) {
        this.#held.set(subject, until);
      } else if (free > 0) {
        free -= 1;
        const busy = this.#deliver(subject, events).finally(() => {
          this.#busy.delete(subject);
          this.#wake();
        });
        this.#busy.set(subject, busy);
      }
    }
  }

  /** One after the other, and marks them as told before others of the subject are looked for. */
  async #deliver(subject: string, events: readonly WaitingEvent[]): Promise<void> {
    const { id, write, logger } = this.#deps;
    const marks: Promise<unknown>[] = [];
    try {
      const outgoing = await write(events);
      for (const [index, event] of events.entries()) {
        const text = outgoing[index];
        if (!text || this.#ending.signal.aborted || !this.#isOwner()) break;
        const error = await this.#tell(text);
        if (error === undefined) marks.push(this.#markTold(event.position));
        else if (!(await this.#fail(event, error))) break;
      }
      await Promise.all(marks);
    } catch (error) {
      this.#held.set(subject, Date.now() + pauseMs(1));
      logger.warn({ err: error, sink: id }, 'what became of events could not be stored; they are told again');
    }
    await Promise.allSettled(marks);
  }

  /** Why it was not taken; undefined: it was. */
  async #tell(event: OutgoingEvent): Promise<Error | undefined> {
    const { id, sink, onOutcome } = this.#deps;
    try {
      await sink.deliver(event, AbortSignal.timeout(sink.timeoutMs));
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
    onOutcome(id, 'told');
    await this.#health.worked();
    return undefined;
  }

  /** Whether those behind it may go on: it is given up. */
  async #fail(event: WaitingEvent, error: Error): Promise<boolean> {
    const { id, outbox, onOutcome, logger } = this.#deps;
    const now = Date.now();
    const failed = {
      attempts: event.attempts + 1,
      firstTried: event.firstTried ?? now,
      isRefused: error instanceof SinkRefusal,
    };
    const { attempts, firstTried } = failed;
    const isDead = isGivenUp(failed, now);
    const goesOn = await this.#health.failed(error.message, now);
    // While nothing gets through its pace is that of the sink, and each is tried as soon as something does.
    const nextAt = isDead ? null : this.#health.isAway ? now : now + pauseMs(attempts);
    const why = error.message.slice(0, mostOfWhy);
    await outbox.markFailed(event.position, { attempts, firstTried, nextAt, why });
    onOutcome(id, isDead ? 'dead' : 'failed');
    if (isDead) logger.error({ sink: id, event: event.id, why }, 'an event was given up: a dead letter');
    if (nextAt !== null) this.#held.set(event.subject, nextAt);
    if (!goesOn) this.#end();
    return isDead;
  }
}

function bySubject(events: readonly WaitingEvent[]): Map<string, WaitingEvent[]> {
  const subjects = new Map<string, WaitingEvent[]>();
  for (const event of events) {
    const before = subjects.get(event.subject);
    if (before) before.push(event);
    else subjects.set(event.subject, [event]);
  }
  return subjects;
}

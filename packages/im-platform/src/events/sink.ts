import type { EventType } from './event.ts';

/** An event on its way out. */
export interface OutgoingEvent {
  /** The same whenever it is told again. */
  readonly id: string;
  readonly type: EventType;
  readonly subject: string;
  /** Of one sink, rising within a subject. */
  readonly position: number;
  /** JSON. */
  readonly body: string;
}

/** Where events go. The order of those of a subject is kept by whoever calls: one at a time. */
export interface Sink {
  /** How many may be under way at once, of different subjects. */
  readonly parallel: number;
  /** Longer nothing takes: what is still under way then is broken off by the signal. */
  readonly timeoutMs: number;
  /**
   * Resolves when it is there for good. Throws a {@link SinkRefusal} for what will never be taken, and anything else when the same may be
   * taken another time.
   */
  deliver(event: OutgoingEvent, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** This event will never do, whenever it is told. */
export class SinkRefusal extends Error {}

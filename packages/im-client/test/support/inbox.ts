import type { EventEmitter } from 'eventemitter3';
import type { ImClient, ImClientEvents } from '../../src/index.ts';

/** Collects what comes, and lets a test wait for it. */
export class Inbox<T> {
  readonly items: T[] = [];
  #taken = 0;
  #whenMore: (() => void) | undefined;

  readonly push = (...items: T[]): void => {
    this.items.push(...items);
    this.#whenMore?.();
  };

  /** A listener that puts its results here. */
  readonly listener = (results: T[]): void => this.push(...results);

  /** The next `count` items, in the order in which they came. */
  async take(count = 1): Promise<T[]> {
    while (this.items.length - this.#taken < count) {
      await new Promise<void>((resolve) => (this.#whenMore = resolve));
    }
    this.#taken += count;
    return this.items.slice(this.#taken - count, this.#taken);
  }

  async next(): Promise<T> {
    const [item] = await this.take();
    return item as T;
  }
}

/** The next time that a client emits this event. */
export function nextEvent<Name extends keyof ImClientEvents>(
  { events }: Pick<ImClient, 'events'>,
  name: Name,
): Promise<EventValue<Name>> {
  return new Promise((resolve) => {
    const tell = (value: EventValue<Name>): void => resolve(value);
    // The emitter's types cannot follow a name that is itself a type parameter.
    events.once(name, tell as EventEmitter.EventListener<ImClientEvents, Name>);
  });
}

type EventValue<Name extends keyof ImClientEvents> = Parameters<ImClientEvents[Name]>[0];

/** What a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('Expected a rejection');
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { ImClient } from 'im-client';
import type { Recorder } from '../history/recorder.ts';
import type { Random } from './random.ts';

/** A topic of a world. */
export interface Room {
  readonly topic: string;
  /** Of the place of the service that says who is in it. */
  readonly owner: string;
  /** It keeps messages for those who follow it. */
  readonly keeps: boolean;
}

/** Two for each place. */
export function roomsOf(places: readonly string[]): Room[] {
  return places.flatMap((owner) => [
    { topic: `room:${owner}:kept`, owner, keeps: true },
    { topic: `room:${owner}:light`, owner, keeps: false },
  ]);
}

export interface TopicOwnerOptions {
  readonly topic: string;
  readonly topics: Pick<ImClient['topics'], 'add' | 'remove' | 'replace'>;
  readonly history: Pick<Recorder, 'record'>;
  /** The instance of the service; writes down what it does. */
  readonly name: string;
  readonly users: number;
  readonly random: Random;
}

/** About so many users are in it. */
const usualSize = 20;
const declareEveryMs = 15_000;

/** Declares who is in a topic, as a back end does that has a table of its own, and changes it all the time. */
export class TopicOwner {
  readonly #options: TopicOwnerOptions;
  readonly #members = new Set<number>();
  #changes = 0;
  /** From when on all is to be declared anew. */
  #declareAt = 0;

  constructor(options: TopicOwnerOptions) {
    this.#options = options;
    for (let tries = 0; tries < usualSize; tries += 1) this.#members.add(this.#anybody());
  }

  /** The bus has lost its memory. */
  declareAnew(): void {
    this.#declareAt = 0;
  }

  async run(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      if (performance.now() >= this.#declareAt) await this.#declare(isOver);
      else await this.#changeSome(isOver);
      await sleep(this.#options.random.between(100, 600));
    }
    await this.#change([], this.#everybody(), isNever);
  }

  /** Also of those who are not in it: they may be, as far as the bus knows. */
  async #declare(isOver: () => boolean): Promise<void> {
    this.#declareAt = performance.now() + declareEveryMs;
    await this.#change(
      [],
      this.#everybody().filter((user) => !this.#members.has(user)),
      isOver,
    );
    await this.#change([...this.#members], [], isOver, 'replace');
  }

  async #changeSome(isOver: () => boolean): Promise<void> {
    const { random } = this.#options;
    const isIn = random.between(0, 2 * usualSize) > this.#members.size;
    const candidates = isIn ? this.#everybody() : [...this.#members];
    const some = random.some(candidates, random.between(1, 6));
    for (const user of some) {
      if (isIn) this.#members.add(user);
      else this.#members.delete(user);
    }
    await (isIn ? this.#change(some, [], isOver) : this.#change([], some, isOver));
  }

  /** As long as it fails it is repeated: it may have been done in part. */
  async #change(
    joins: readonly number[],
    leaves: readonly number[],
    isOver: () => boolean,
    how: 'add' | 'replace' = 'add',
  ): Promise<void> {
    const { history, name, topic, topics } = this.#options;
    const change = `${name}/${topic}/${(this.#changes += 1)}`;
    const [joining, leaving] = [joins.map(String), leaves.map(String)];
    history.record(name, { type: 'changing', change, topic, joins: joining, leaves: leaving });
    do {
      try {
        if (leaves.length > 0) await topics.remove(topic, leaves);
        if (joins.length > 0) await topics[how](topic, joins);
        history.record(name, { type: 'changed', change });
        return;
      } catch {
        await sleep(100);
      }
    } while (!isOver());
  }

  #everybody(): number[] {
    return Array.from({ length: this.#options.users }, (_, index) => index + 1);
  }

  #anybody(): number {
    return this.#options.random.between(1, this.#options.users + 1);
  }
}

function isNever(): boolean {
  return false;
}

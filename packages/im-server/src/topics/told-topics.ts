import type { Bus } from 'im-common/bus';

interface Told {
  /** When the bus was told, by its clock; 0 before. */
  at: number;
  telling: Promise<void> | undefined;
  /** Since when there are no members; undefined while there are some. */
  emptySince: number | undefined;
}

/** Rooms that people go in and out of are not told of each time. */
const emptyMs = 60_000;

/** Of which topics senders know that this server has members. */
export class ToldTopics {
  readonly #topics: Bus['topics'];
  readonly #serverId: () => number;
  readonly #told = new Map<string, Told>();
  #looksAt = 0;

  constructor(topics: Bus['topics'], serverId: () => number) {
    this.#topics = topics;
    this.#serverId = serverId;
  }

  /** Resolves when senders find this server. */
  tell(topic: string): Promise<void> | undefined {
    const told = this.#told.get(topic);
    if (!told) return this.tellAgain(topic);
    told.emptySince = undefined;
    return told.telling;
  }

  tellAgain(topic: string): Promise<void> {
    const told: Told = this.#told.get(topic) ?? { at: 0, telling: undefined, emptySince: undefined };
    this.#told.set(topic, told);
    const telling = this.#topics.tell(topic, [this.#serverId()]).then(
      (at) => {
        told.at = Math.max(told.at, at);
        told.telling = undefined;
      },
      (error: unknown) => {
        if (this.#told.get(topic) === told) this.#told.delete(topic);
        throw error;
      },
    );
    told.telling = telling;
    return telling;
  }

  /** Somebody else has told of this server. */
  wasTold(topic: string, at: number): void {
    const told = this.#told.get(topic);
    if (told) told.at = Math.max(told.at, at);
    else this.#told.set(topic, { at, telling: undefined, emptySince: undefined });
  }

  /** Looks now and then, and takes this server away from topics that have had no members for a while. */
  leaveWhere(isEmpty: (topic: string) => boolean, now: number): void {
    if (now < this.#looksAt) return;
    this.#looksAt = now + emptyMs / 6;
    for (const [topic, told] of this.#told) {
      if (!isEmpty(topic) || told.telling) told.emptySince = undefined;
      else told.emptySince ??= now;
      if (told.emptySince === undefined || now - told.emptySince < emptyMs) continue;
      // Before the call: a login that comes now tells of it again, and later than this.
      this.#told.delete(topic);
      this.#topics.leave(topic, this.#serverId(), told.at).catch(() => undefined); // it ends by itself
    }
  }

  forget(): void {
    this.#told.clear();
  }
}

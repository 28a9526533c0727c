import type { ChatError } from '../errors.ts';
import { storeFailed } from '../store/store-failed.ts';
import type { Change, UserStore } from '../store/store.ts';

/** What a device knows of itself, and what it has seen. */
interface Known {
  readonly deviceId: string;
  readonly acknowledged: number;
  /** Up to when it knows whose devices have changed. */
  readonly since: number;
  /** Another device of the person has removed it. */
  readonly isRemoved?: true;
  /** Not all keys are here yet that it has a right to, from the backup. */
  readonly restores?: true;
  /** What the person's other devices have asked this one for, and were not given yet: the library keeps that in memory alone. */
  readonly unanswered?: readonly object[];
  /** Which of them it has asked for what it lacks, and of which backup. */
  readonly asked?: string;
}

/** Four secrets of each of ten devices. */
const mostUnanswered = 40;

/** The last that a device has said in a conversation. */
interface Top {
  readonly place: number;
  readonly number: number;
}

interface Places {
  /** The last number before it was encrypted, as far as this device knows. */
  readonly plainUpTo: number;
  /** How many places this device has taken. Not all of them are said. */
  said: number;
  /** The last one of them that the platform has. */
  arrived?: number;
  /** How many of its own it has written over. */
  edited?: number;
  readonly tops: Record<string, Top>;
  /** Of the removals that count for it. */
  renewed?: number;
}

/** Whose devices are fewer than they were: the how many-th time that was, of all. */
interface Removals {
  readonly last: number;
  readonly of: Readonly<Record<string, number>>;
}

const deviceKey = 'end-to-end:device';
const removalsKey = 'end-to-end:removals';
const placesKey = (conversationId: string): string => `end-to-end:places:${conversationId}`;
const conversationsKey = 'end-to-end:conversations';

/** What is kept beside the library's own keys: nothing that would let anybody read. */
export class Memory {
  readonly #store: Pick<UserStore, 'get' | 'write'>;
  readonly #places = new Map<string, Places>();
  /** Numbers by places, of what this page has opened. */
  readonly #seen = new Map<string, Map<number, number>>();
  failure: ChatError | undefined;
  /** Of conversations that are being written down. */
  readonly #marking = new Map<string, Promise<void>>();
  #known: Known | undefined;
  #removals: Removals = { last: 0, of: {} };
  #leading: Promise<void> | undefined;
  /** This tab has the keys, and no other one writes. */
  #leads = false;

  private constructor(store: Pick<UserStore, 'get' | 'write'>) {
    this.#store = store;
  }

  static async open(store: Pick<UserStore, 'get' | 'write'>): Promise<Memory> {
    const memory = new Memory(store);
    await memory.#read();
    return memory;
  }

  /** What this device knows cannot be read now. Which conversations are encrypted nobody knows then. */
  static unread(cause: unknown): Memory {
    const memory = new Memory({ get: async () => undefined, write: async () => undefined });
    memory.failure = storeFailed(cause);
    return memory;
  }

  /** This tab has the keys from now on, and goes on where the one before it was: that has written more since this one was opened. */
  lead(): Promise<void> {
    return (this.#leading ??= this.#lead());
  }

  async #lead(): Promise<void> {
    const kept = await this.#read().catch((cause: unknown) => {
      this.failure = storeFailed(cause);
    });
    this.#leads = true;
    // What this tab alone has heard of.
    const heard = this.conversations.filter((id) => kept && !kept.includes(id));
    if (heard.length === 0) return;
    const changes = [this.#listing(), ...heard.map((id) => this.#keeping(id))];
    await this.#store.write(changes).catch(() => undefined);
  }

  /** Says which conversations it knows. */
  async #read(): Promise<readonly string[]> {
    const read = async (key: string): Promise<unknown> => parse(await this.#store.get('state', key));
    this.#known = (await read(deviceKey)) as Known | undefined;
    const kept = ((await read(conversationsKey)) as string[] | undefined) ?? [];
    for (const id of kept) {
      const places = (await read(placesKey(id))) as Places | undefined;
      if (places) this.#places.set(id, places);
    }
    this.#removals = ((await read(removalsKey)) as Removals | undefined) ?? this.#removals;
    return kept;
  }

  /** Undefined: encryption was never set up here. */
  get device(): Known | undefined {
    return this.#known;
  }

  get conversations(): readonly string[] {
    return [...this.#places].filter(([, places]) => isMarked(places)).map(([id]) => id);
  }

  /** What may be is. */
  isEncrypted(conversationId: string): boolean {
    return this.failure !== undefined || this.#places.has(conversationId);
  }

  plainUpTo(conversationId: string): number {
    return this.#places.get(conversationId)?.plainUpTo ?? Infinity;
  }

  async keepDevice(known: Known): Promise<void> {
    this.#known = known;
    await this.#store.write([{ table: 'state', key: deviceKey, value: JSON.stringify(known) }]);
  }

  /** The next one here is a new one. */
  async forgetDevice(): Promise<void> {
    this.#known = undefined;
    await this.#store.write([{ table: 'state', key: deviceKey }]);
  }

  async markRemoved(isRemoved: boolean): Promise<void> {
    if (!this.#known || this.#known.isRemoved === (isRemoved || undefined)) return;
    const { isRemoved: _, ...known } = this.#known;
    await this.keepDevice(isRemoved ? { ...known, isRemoved } : known);
  }

  async markRestoring(restores: boolean): Promise<void> {
    if (!this.#known || this.#known.restores === (restores || undefined)) return;
    const { restores: _, ...known } = this.#known;
    await this.keepDevice(restores ? { ...known, restores } : known);
  }

  /** It has heard all of this, and that it was asked for this is not lost with the page. */
  async acknowledge(heard: Pick<Known, 'acknowledged' | 'since'>, asked: readonly object[]): Promise<void> {
    const known = this.#known;
    const isNews = heard.acknowledged !== known?.acknowledged || heard.since !== known.since;
    if (!known || !isNews) return;
    const unanswered = [...(known.unanswered ?? []), ...asked].slice(-mostUnanswered);
    await this.keepDevice({ ...known, ...heard, ...(unanswered.length > 0 && { unanswered }) });
  }

  async markAsked(asked: string): Promise<void> {
    if (this.#known) await this.keepDevice({ ...this.#known, asked });
  }

  async markAnswered(): Promise<void> {
    if (!this.#known?.unanswered) return;
    const { unanswered: _, ...known } = this.#known;
    await this.keepDevice(known);
  }

  /**
   * For ever: whoever says later that it is not encrypted is not believed. Resolves when it is written down, whoever has asked first. A tab that
   * does not have the keys writes nothing over what the one says that has.
   */
  encrypted(conversationId: string, plainUpTo: number): Promise<void> {
    const places = this.#places.get(conversationId);
    if (places && isMarked(places)) return this.#marking.get(conversationId) ?? Promise.resolve();
    this.#places.set(conversationId, { said: 0, tops: {}, ...places, plainUpTo });
    if (!this.#leads) return this.#leading ?? Promise.resolve();
    const writing = this.#store.write([this.#listing(), this.#keeping(conversationId)]);
    this.#marking.set(conversationId, writing);
    const done = (): boolean => this.#marking.delete(conversationId);
    writing.then(done, done);
    return writing;
  }

  /** The place of what is said next. It is written down before it is used, so that no two have the same. */
  async nextPlace(conversationId: string, of: 'said' | 'edited'): Promise<number> {
    const places = this.#of(conversationId);
    places.arrived ??= places.said;
    const place = (places[of] ?? 0) + 1;
    places[of] = place;
    await this.#store.write([this.#keeping(conversationId)]);
    return place;
  }

  /** Somebody has one device less. */
  async removed(userId: string): Promise<void> {
    const last = this.#removals.last + 1;
    this.#removals = { last, of: { ...this.#removals.of, [userId]: last } };
    await this.#store.write([{ table: 'state', key: removalsKey, value: JSON.stringify(this.#removals) }]);
  }

  /** One of these people has one device less than when the conversation's key was made, which that device may have. */
  mustRenew(conversationId: string, userIds: readonly string[]): boolean {
    const { renewed = 0 } = this.#of(conversationId);
    return userIds.some((id) => (this.#removals.of[id] ?? 0) > renewed);
  }

  /** It is written down with the next place. */
  renewed(conversationId: string): void {
    this.#of(conversationId).renewed = this.#removals.last;
  }

  /** The platform has what has this place. To be written with all that follows from it. */
  arrived(conversationId: string, place: number): readonly Change[] {
    const places = this.#of(conversationId);
    places.arrived = Math.max(places.arrived ?? 0, place);
    return [this.#keeping(conversationId)];
  }

  lastArrived(conversationId: string): number {
    return this.#of(conversationId).arrived ?? 0;
  }

  /** False: it was said before, or before something that stands before it. */
  async isInOrder(
    conversationId: string,
    { deviceId, place, number }: { readonly deviceId: string } & Top,
  ): Promise<boolean> {
    const { tops } = this.#of(conversationId);
    const top = tops[deviceId];
    const seen = this.#seenOf(conversationId, deviceId);
    if (top && !agree({ place, number }, top)) return false;
    for (const [otherPlace, otherNumber] of seen)
      if (!agree({ place, number }, { place: otherPlace, number: otherNumber })) return false;
    seen.set(place, number);
    if (!top || place > top.place) {
      tops[deviceId] = { place, number };
      await this.#store.write([this.#keeping(conversationId)]);
    }
    return true;
  }

  #seenOf(conversationId: string, deviceId: string): Map<number, number> {
    const name = `${conversationId}/${deviceId}`;
    let seen = this.#seen.get(name);
    if (!seen) this.#seen.set(name, (seen = new Map<number, number>()));
    return seen;
  }

  #of(conversationId: string): Places {
    let places = this.#places.get(conversationId);
    if (!places) this.#places.set(conversationId, (places = { plainUpTo: Infinity, said: 0, tops: {} }));
    return places;
  }

  #listing() {
    return { table: 'state', key: conversationsKey, value: JSON.stringify(this.conversations) } as const;
  }

  #keeping(conversationId: string) {
    const value = JSON.stringify(this.#places.get(conversationId));
    return { table: 'state', key: placesKey(conversationId), value } as const;
  }
}

/** Of others something was opened before anybody said that they are encrypted. */
function isMarked({ plainUpTo }: Places): boolean {
  return plainUpTo < Infinity;
}

/** What was said later stands later, and nothing twice. */
function agree(one: Top, other: Top): boolean {
  const [places, numbers] = [one.place - other.place, one.number - other.number];
  return places === 0 || numbers === 0 ? places === numbers : places > 0 === numbers > 0;
}

/** What was written here. */
function parse(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}

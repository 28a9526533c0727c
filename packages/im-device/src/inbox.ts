import type { MessageKind } from './events.ts';

/** What the inbox needs to know of a message. */
export interface Arrival {
  readonly kind: MessageKind;
  readonly id?: string | undefined;
  /** Above 1: another server had it first. */
  readonly attempt: number;
}

/** Names the connection that a message came by; undefined when another tab gave it. */
export type Path = symbol | undefined;

/** `double`: was taken before. `late`: a younger one of the same sender was taken before. */
export type Verdict = 'new' | 'double' | 'late';

const rememberedIds = 10_000;
const rememberedSenders = 1_000;

/** The place of a message among those that one backend process sent. */
interface Place {
  readonly sender: string;
  readonly number: number;
}

interface Newest {
  readonly number: number;
  /** Null when it was handed on, and so in nobody's order. */
  readonly path: Path | null;
}

/**
 * Knows what the application has taken, over all connections of this device. Within one connection the server keeps the
 * order. A message that comes by another way (handed on by a server that died, or over a later connection) may have been
 * overtaken; ids tell, as each backend process numbers its messages: `{process}-{number in base 36}`.
 */
export class Inbox {
  readonly #ids = new Set<string>();
  readonly #newest = new Map<string, Newest>();

  judge(arrival: Arrival, path: Path): Verdict {
    const { id, attempt } = arrival;
    if (id === undefined) return 'new';
    if (this.#ids.has(id)) return 'double';
    const place = placeOf(arrival);
    const newest = place && this.#newest.get(place.sender);
    if (!newest || place.number > newest.number) return 'new';
    return attempt > 1 || newest.path !== path ? 'late' : 'new';
  }

  /** The application has it. */
  took(arrival: Arrival, path: Path): void {
    if (arrival.id === undefined) return;
    this.#ids.add(arrival.id);
    forgetOldest(this.#ids, rememberedIds);
    const place = placeOf(arrival);
    if (!place) return;
    const newest = this.#newest.get(place.sender);
    if (newest && newest.number > place.number) return;
    this.#newest.delete(place.sender); // to the end, as the last to be forgotten
    this.#newest.set(place.sender, { number: place.number, path: arrival.attempt > 1 ? null : path });
    forgetOldest(this.#newest, rememberedSenders);
  }
}

function placeOf({ kind, id = '' }: Arrival): Place | undefined {
  const [, process, number] = /^(.+)-([0-9a-z]{1,10})$/.exec(id) ?? [];
  if (process === undefined || number === undefined) return undefined;
  return { sender: `${kind}:${process}`, number: parseInt(number, 36) };
}

function forgetOldest(memory: Set<string> | Map<string, unknown>, size: number): void {
  if (memory.size <= size) return;
  for (const oldest of memory.keys()) {
    memory.delete(oldest);
    return;
  }
}

/** The `data` of an acknowledgement (PROTOCOL.md, P-2.10). */
export interface Acknowledgement {
  readonly count: number;
  readonly refused?: readonly number[];
}

/** A frame has at most 64 KiB, and so has an acknowledgement with many refusals. */
const refusalsPerFrame = 1_000;

/** Counts what the application is through with, on one connection. Messages end in the order in which they came. */
export class Acknowledgements {
  #settled = 0;
  #acknowledged = 0;
  #refused: number[] = [];

  settle(taken: boolean): void {
    this.#settled += 1;
    if (!taken) this.#refused.push(this.#settled);
  }

  get hasMore(): boolean {
    return this.#acknowledged < this.#settled;
  }

  /** What is to be told next; undefined when there is nothing new. */
  take(): Acknowledgement | undefined {
    if (!this.hasMore) return undefined;
    const refused = this.#refused.splice(0, refusalsPerFrame);
    // With more to refuse, only as far as these go.
    const count = this.#refused.length > 0 ? (refused.at(-1) ?? 0) : this.#settled;
    this.#acknowledged = count;
    return { count, ...(refused.length > 0 && { refused }) };
  }
}

import type { MessageKind } from '../events.ts';

/** What the filter needs to know of a message. */
export interface Arrival {
  readonly kind: MessageKind;
  readonly id?: string | undefined;
  /** Above 1: another server had it first. */
  readonly attempt: number;
  /** It has waited for this device: nobody sends it again. */
  readonly kept?: boolean;
}

/** Names the connection that a message came by; undefined when another tab passed it on. */
export type ConnectionKey = symbol | undefined;

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
  /** Null for a repetition, which is in no order. */
  readonly connection: ConnectionKey | null;
}

/**
 * Knows what the application has taken, over all connections of this device. Within one connection the server keeps the
 * order. A message that comes another way (after a server died, or over a later connection) may have been overtaken; ids
 * tell, as each backend process numbers its messages: `{process}-{number in base 36}`. Ids that a backend brings itself have no order.
 */
export class DuplicateFilter {
  readonly #ids = new Set<string>();
  readonly #newest = new Map<string, Newest>();

  judge(arrival: Arrival, connection: ConnectionKey): Verdict {
    const { id, attempt } = arrival;
    if (id === undefined) return 'new';
    if (this.#ids.has(id)) return 'double';
    const place = placeOf(arrival);
    const newest = place && this.#newest.get(place.sender);
    if (!newest || arrival.kept || place.number > newest.number) return 'new';
    return attempt > 1 || newest.connection !== connection ? 'late' : 'new';
  }

  /** The application has it. */
  took(arrival: Arrival, connection: ConnectionKey): void {
    if (arrival.id === undefined) return;
    this.#ids.add(arrival.id);
    forgetOldest(this.#ids, rememberedIds);
    const place = placeOf(arrival);
    if (!place) return;
    const newest = this.#newest.get(place.sender);
    if (newest && newest.number > place.number) return;
    this.#newest.delete(place.sender); // to the end, as the last to be forgotten
    this.#newest.set(place.sender, {
      number: place.number,
      connection: arrival.attempt > 1 ? null : connection,
    });
    forgetOldest(this.#newest, rememberedSenders);
  }
}

function placeOf({ kind, id = '' }: Arrival): Place | undefined {
  const [, process, number] = /^([\w-]{12})-([0-9a-z]{1,10})$/.exec(id) ?? [];
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

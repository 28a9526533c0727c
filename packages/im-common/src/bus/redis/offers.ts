import { randomBytes } from 'node:crypto';
import { Cluster, type Redis } from 'ioredis';
import type { Taken } from '../bus.ts';
import type { ByteText } from '../byte-text.ts';
import { closeClient, keepConnected, run } from './call.ts';
import type { RedisClient } from './connect.ts';
import type { Keys } from './keys.ts';
import { unpack } from './pack.ts';
import * as scripts from './offer-scripts.ts';

/** How many entries a consumer lets others put into its hands before it has taken them. */
const mostAhead = 256;
/** A connection that says nothing may be dead, or have nothing to say. */
const askMs = 5_000;

interface Offer {
  readonly list: string;
  readonly consumer: string;
  readonly inFlight: string;
  /** Where entries are published; of its own for every life of the connection, so that none goes to one that is over. */
  channel: string | undefined;
  /** The last number that may be handed over. */
  until: number;
  isRenewing: boolean;
  /** What came and was not taken yet. */
  handed: Taken[];
  /** Something may be there that was not handed over. */
  mustAsk: boolean;
  /** A blocking wait for entries that go on the list all the same is under way. */
  isBlocked: boolean;
  /** Ends the consumer's wait, if there is one. */
  onNews: ((error?: Error) => void) | undefined;
}

export type Block = (list: string, timeoutMs: number, signal: AbortSignal) => Promise<void>;

/**
 * A consumer that waits for an empty list offers to be handed the next entries as they are put: the script that puts
 * moves them in flight at once and publishes them. So an entry that comes alone costs the consumer no call, where a wait
 * and a take would be two. Whatever is not heard, for the connection broke or the channel is foreign, is in flight with a
 * number that the consumer does not know, and its next take finds it, like one whose answer was lost.
 */
export class Offers {
  readonly #client: RedisClient;
  readonly #keys: Keys;
  readonly #block: Block;
  readonly #createSubscriber: () => RedisClient;
  readonly #offers = new Map<string, Offer>();
  readonly #byChannel = new Map<string, Offer>();
  #subscriber: Redis | undefined;
  #asking: NodeJS.Timeout | undefined;

  constructor(client: RedisClient, keys: Keys, block: Block, createSubscriber: () => RedisClient) {
    this.#client = client;
    this.#keys = keys;
    this.#block = block;
    this.#createSubscriber = createSubscriber;
  }

  /** Resolves when the consumer has been handed something, or its list has an entry, or the time is over. */
  wait(list: string, consumer: string, seen: number, timeoutMs: number, signal: AbortSignal): Promise<void> {
    const offer = this.#offerOf(list, consumer, signal);
    if (isNext(offer, seen) || offer.mustAsk) return Promise.resolve();
    if (offer.channel !== undefined && offer.until - seen < mostAhead / 2) void this.#renew(offer, seen);
    return new Promise((resolve, reject) => {
      offer.onNews = (error) => {
        offer.onNews = undefined;
        if (error === undefined) resolve();
        else reject(error);
      };
      if (offer.isBlocked) return;
      offer.isBlocked = true;
      const end = (error?: Error): void => {
        offer.isBlocked = false;
        offer.mustAsk = true;
        offer.onNews?.(error);
      };
      this.#block(list, timeoutMs, signal).then(() => end(), end);
    });
  }

  /** What was handed over and follows on what the consumer has seen; undefined when a take has to ask. */
  take(list: string, consumer: string, seen: number, max: number): Taken[] | undefined {
    const offer = this.#offers.get(offerKey(list, consumer));
    if (!offer) return undefined;
    if (isNext(offer, seen)) return offer.handed.splice(0, max);
    offer.mustAsk = false;
    return undefined;
  }

  /** The bus does not know this consumer any more, nor what it has offered. */
  forget(list: string, consumer: string): void {
    const offer = this.#offers.get(offerKey(list, consumer));
    if (!offer) return;
    offer.until = 0;
    offer.handed = [];
  }

  close(): void {
    clearInterval(this.#asking);
    if (this.#subscriber) closeClient(this.#subscriber);
  }

  #offerOf(list: string, consumer: string, signal: AbortSignal): Offer {
    const key = offerKey(list, consumer);
    let offer = this.#offers.get(key);
    if (offer) return offer;
    offer = {
      list,
      consumer,
      inFlight: this.#keys.inFlight(list, consumer),
      channel: undefined,
      until: 0,
      isRenewing: false,
      handed: [],
      mustAsk: false,
      isBlocked: false,
      onNews: undefined,
    };
    this.#offers.set(key, offer);
    signal.addEventListener('abort', () => this.#withdraw(key), { once: true });
    if (this.#subscriber?.status === 'ready') void this.#subscribe(this.#subscriber, offer);
    else this.#subscriber ??= this.#connect();
    return offer;
  }

  #withdraw(key: string): void {
    const offer = this.#offers.get(key);
    if (!offer) return;
    this.#offers.delete(key);
    offer.onNews?.();
    const { channel } = offer;
    this.#forgetChannel(offer);
    if (channel !== undefined) void this.#subscriber?.unsubscribe(channel).catch(() => undefined);
  }

  #connect(): Redis | undefined {
    const client = this.#createSubscriber();
    if (client instanceof Cluster) return undefined; // makes no offers
    keepConnected(client);
    client.on('ready', () => {
      for (const offer of this.#offers.values()) void this.#subscribe(client, offer);
    });
    client.on('close', () => {
      for (const offer of this.#offers.values()) this.#forgetChannel(offer);
    });
    client.on('messageBuffer', (channel: Buffer, message: Buffer) => {
      const offer = this.#byChannel.get(channel.toString('latin1'));
      if (offer) hand(offer, message.toString('latin1') as ByteText);
    });
    client.connect().catch(() => undefined); // it goes on trying
    this.#asking = setInterval(() => {
      if (client.status === 'ready') client.ping().catch(() => undefined); // no answer in time breaks the connection
    }, askMs);
    this.#asking.unref();
    return client;
  }

  async #subscribe(client: Redis, offer: Offer): Promise<void> {
    const channel = this.#keys.channel(randomBytes(9).toString('base64url'));
    try {
      await client.subscribe(channel);
    } catch {
      return; // not allowed, or the connection broke: then there is a next one
    }
    if (this.#offers.get(offerKey(offer.list, offer.consumer)) !== offer) {
      await client.unsubscribe(channel).catch(() => undefined);
      return;
    }
    offer.channel = channel;
    this.#byChannel.set(channel, offer);
    // The wait that is under way has offered nothing here, and what the last connection did not hear is in flight.
    askAgain(offer);
  }

  #forgetChannel(offer: Offer): void {
    if (offer.channel !== undefined) this.#byChannel.delete(offer.channel);
    offer.channel = undefined;
    offer.until = 0;
  }

  async #renew(offer: Offer, seen: number): Promise<void> {
    if (offer.isRenewing) return;
    offer.isRenewing = true;
    const { channel = '', inFlight, list } = offer;
    const until = seen + mostAhead;
    try {
      const isOpen = await run(
        this.#client,
        scripts.offer,
        [inFlight, this.#keys.offer(list)],
        [seen, channel, until],
      );
      if (isOpen === 1 && offer.channel === channel) offer.until = until;
    } catch {
      // The next wait offers again.
    } finally {
      offer.isRenewing = false;
    }
  }
}

function offerKey(list: string, consumer: string): string {
  return `${consumer}\n${list}`;
}

/** Lets a wait end, and the next take ask. */
function askAgain(offer: Offer): void {
  offer.mustAsk = true;
  offer.onNews?.();
}

/** Whether what was handed over follows on what the consumer has seen. If not, a take brings all of it once more. */
function isNext(offer: Offer, seen: number): boolean {
  const [first] = offer.handed;
  if (!first) return false;
  if (first.seq === seen + 1) return true;
  offer.handed = [];
  offer.mustAsk = true;
  return false;
}

/** A pack of the number before the first entry, and the entries. */
function hand(offer: Offer, message: ByteText): void {
  const texts = unpack(message);
  let seq = Number(texts[0]);
  const last = offer.handed.at(-1);
  if (last && last.seq !== seq) {
    offer.handed = [];
    askAgain(offer);
    return;
  }
  for (let at = 1; at < texts.length; at += 1) {
    seq += 1;
    const text = texts[at];
    if (text) offer.handed.push({ seq, text });
  }
  offer.onNews?.();
}

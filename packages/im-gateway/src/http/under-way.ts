import { ImError } from 'im-common';
import { GatewayError } from './gateway-error.ts';

export interface UnderWayLimits {
  readonly maxRequests: number;
  readonly maxBodyBytes: number;
}

/** Bodies are rarely as long as they may be: for so many of the longest ones there is room. */
const longestBodies = 64;
const retryAfterS = 1;

interface Held {
  requests: number;
  bytes: number;
}

/**
 * What requests hold from their head to the end of their answer: a place, and memory for a body that may still be coming. When
 * it is all given out, further ones are refused before their body is read.
 */
export class UnderWay {
  readonly #most: Readonly<Held>;
  /** One of several keys gets at most half of it. */
  readonly #mostOfKey: Readonly<Held>;
  readonly #all: Held = { requests: 0, bytes: 0 };
  readonly #byKey = new Map<string, Held>();

  constructor({ maxRequests, maxBodyBytes }: UnderWayLimits, keyCount: number) {
    const bytes = longestBodies * maxBodyBytes;
    this.#most = { requests: maxRequests, bytes };
    this.#mostOfKey =
      keyCount < 2 ? this.#most : { requests: Math.ceil(maxRequests / 2), bytes: Math.ceil(bytes / 2) };
  }

  /** Returns what gives it back. */
  take(key: string, bytes: number): () => void {
    if (isBeyond(this.#all, bytes, this.#most))
      throw new ImError('OVERLOADED', 'As many requests are under way here as may be; nothing was done.');
    const ofKey = this.#byKey.get(key) ?? { requests: 0, bytes: 0 };
    if (isBeyond(ofKey, bytes, this.#mostOfKey)) {
      const message = `The key ${key} has as many requests under way as one key may; nothing was done.`;
      throw new GatewayError('TOO_MANY_REQUESTS', message, { status: 429, retryable: true, retryAfterS });
    }
    this.#byKey.set(key, ofKey);
    add(this.#all, 1, bytes);
    add(ofKey, 1, bytes);
    return () => {
      add(this.#all, -1, -bytes);
      add(ofKey, -1, -bytes);
    };
  }
}

function isBeyond(held: Held, bytes: number, most: Readonly<Held>): boolean {
  return held.requests >= most.requests || held.bytes + bytes > most.bytes;
}

function add(held: Held, requests: number, bytes: number): void {
  held.requests += requests;
  held.bytes += bytes;
}

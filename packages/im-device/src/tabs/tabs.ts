import type { DeviceState } from '../events.ts';
import type { Received } from '../connection/connection.ts';
import { platform, type Channel } from '../platform.ts';

/** What tabs send each other. They are of one origin, and may differ in version. */
export type Note =
  /** To the tab that holds the connection: what is its state? */
  | { readonly kind: 'hello' }
  | { readonly kind: 'state'; readonly state: DeviceState }
  | { readonly kind: 'message'; readonly message: Received }
  /** To the tab that holds the connection: what a part of another one says. */
  | { readonly kind: 'say'; readonly cmd: number; readonly data: unknown }
  /** What the server says to parts. */
  | { readonly kind: 'other'; readonly cmd: number; readonly data: unknown };

/**
 * Tabs that share one connection. A lock of the browser decides who holds it: it passes to the next in the queue the
 * moment its holder lets go, closes or crashes. A channel carries what the holder gets to the others.
 */
export class Tabs {
  readonly #name: string;
  readonly #channel: Channel;

  constructor(name: string, onNote: (note: Note) => void) {
    const { BroadcastChannel } = platform;
    if (!BroadcastChannel) throw new TypeError('No BroadcastChannel');
    this.#name = name;
    this.#channel = new BroadcastChannel(name);
    // Only this class posts on a channel of this name.
    this.#channel.onmessage = ({ data }) => onNote(data as Note);
    this.tell({ kind: 'hello' });
  }

  tell(note: Note): void {
    this.#channel.postMessage(note);
  }

  /** Holds the connection as soon as no other tab does; resolves when `whileHeld` has, or when the signal ends the wait. */
  async hold(signal: AbortSignal, whileHeld: () => Promise<void>): Promise<void> {
    try {
      await platform.navigator?.locks?.request(this.#name, { signal }, whileHeld);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  close(): void {
    this.#channel.close();
  }
}

export function canShare(): boolean {
  return platform.navigator?.locks !== undefined && platform.BroadcastChannel !== undefined;
}

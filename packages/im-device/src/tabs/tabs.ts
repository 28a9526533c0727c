import type { DeviceMessage, DeviceState } from '../events.ts';
import { platform, type Channel } from '../platform.ts';

/** What tabs send each other. They are of one origin, and may differ in version. */
type Note =
  /** To the tab that holds the connection: what is its state? */
  | { readonly kind: 'hello' }
  | { readonly kind: 'state'; readonly state: DeviceState }
  | { readonly kind: 'message'; readonly message: DeviceMessage }
  /** To the tab that holds the connection: what a part of another one says. */
  | { readonly kind: 'say'; readonly cmd: number; readonly data: unknown }
  /** What the server says to parts. */
  | { readonly kind: 'other'; readonly cmd: number; readonly data: unknown };

/** What a tab does for the others, and what it is told by the one that holds the connection. */
export interface TabsHost {
  readonly state: DeviceState;
  /** Says it by the connection that is held here. */
  say(cmd: number, data: unknown): void;
  onState(state: DeviceState): void;
  onMessage(message: DeviceMessage): void;
  onOther(cmd: number, data: unknown): void;
  /** The holder was kicked: no tab may take its place, as that would kick back. */
  leave(): void;
}

/**
 * Tabs that share one connection. A lock of the browser decides which one holds it: it passes to the next in the queue the
 * moment its holder lets go, closes or crashes. A channel carries what the holder gets to the others.
 */
export class Tabs {
  /** Another tab has the connection, or this one waits to become the holder. */
  follows = false;
  readonly #host: TabsHost;
  /** While it is shared. */
  #channel: Channel | undefined;

  constructor(host: TabsHost) {
    this.#host = host;
  }

  /** Tells those that follow this one. */
  tell(note: Note): void {
    if (!this.follows) this.#channel?.postMessage(note);
  }

  say(cmd: number, data: unknown): void {
    if (this.follows) this.#channel?.postMessage({ kind: 'say', cmd, data } satisfies Note);
    else this.#host.say(cmd, data);
  }

  /** Holds the connection as soon as no other tab does; resolves when `whileHeld` has, or when the signal ends the wait. */
  async share(name: string, stop: AbortSignal, whileHeld: () => Promise<void>): Promise<void> {
    const { BroadcastChannel, navigator } = platform;
    if (!BroadcastChannel) throw new TypeError('No BroadcastChannel');
    const channel = new BroadcastChannel(name);
    this.#channel = channel;
    // Only this class posts on a channel of this name.
    channel.onmessage = ({ data }) => this.#onNote(data as Note);
    this.tell({ kind: 'hello' });
    this.follows = true;
    try {
      await navigator?.locks?.request(name, { signal: stop }, () => {
        this.follows = false;
        return whileHeld();
      });
    } catch (error) {
      if (!stop.aborted) throw error;
    }
    this.follows = false;
    this.#channel = undefined;
    channel.close();
  }

  #onNote(note: Note): void {
    const host = this.#host;
    if (!this.follows) {
      if (note.kind === 'hello') this.tell({ kind: 'state', state: host.state });
      else if (note.kind === 'say') host.say(note.cmd, note.data);
    } else if (note.kind === 'other') {
      host.onOther(note.cmd, note.data);
    } else if (note.kind === 'message') {
      host.onMessage(note.message);
    } else if (note.kind === 'state') {
      if (note.state.kind === 'kicked') host.leave();
      host.onState(note.state);
    }
  }
}

export function canShare(): boolean {
  return platform.navigator?.locks !== undefined && platform.BroadcastChannel !== undefined;
}

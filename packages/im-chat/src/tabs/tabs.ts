import { platform, type Channel } from '../platform.ts';

/** Tabs of one browser and one user. What one of them learns it tells the others, and one of them sends what is in the outbox. */
export class Tabs<Note> {
  readonly #name: string;
  readonly #channel: Channel | undefined;
  readonly #end = new AbortController();
  #letGo: () => void = () => undefined;

  /** Without a name, or where the browser has no locks or channels, a tab is alone. */
  constructor(name: string | undefined, onNote: (note: Note) => void) {
    this.#name = `im-chat:${name ?? ''}`;
    const { BroadcastChannel, navigator } = platform;
    if (name === undefined || !BroadcastChannel || !navigator?.locks) return;
    this.#channel = new BroadcastChannel(this.#name);
    // Only this class posts on a channel of this name.
    this.#channel.onmessage = ({ data }) => onNote(data as Note);
  }

  tell(note: Note): void {
    this.#channel?.postMessage(note);
  }

  /** Calls back when this tab is the one that sends: when no other is, or the one that was is gone, however it went. */
  lead(lead: () => void): void {
    const locks = this.#channel && platform.navigator?.locks;
    if (!locks) {
      lead();
      return;
    }
    const held = locks.request(this.#name, { signal: this.#end.signal }, () => {
      lead();
      return new Promise<void>((resolve) => (this.#letGo = resolve));
    });
    // Closed before it was its turn.
    void held.catch(() => undefined);
  }

  close(): void {
    this.#end.abort();
    this.#letGo();
    this.#channel?.close();
  }
}

import { isEqual } from '../model/equal.ts';
import { withoutLinks } from '../model/links.ts';
import type { StoredMessage } from '../model/message.ts';
import { newer } from '../model/newer.ts';
import type { OutboxItem } from '../model/outbox-item.ts';
import type { MessageWindow } from './message-window.ts';

export interface ArrivalsDeps {
  readonly userId: string;
  readonly window: MessageWindow;
  /** What of the outbox may have arrived already, as its answer was lost. */
  underWay(): Pick<OutboxItem, 'key' | 'content'> | undefined;
}

/** Early ones at most; with more, what is between is fetched with them. */
const mostEarly = 200;

/** What was heard of messages before it can be put into the window, or that no page may take back. */
export class Arrivals {
  readonly #deps: ArrivalsDeps;
  /** Pushed, and not next to what is held yet. */
  readonly #early = new Map<number, StoredMessage>();
  /** Not held, and heard of while pages are on their way, which may be older. */
  readonly #meanwhile = new Map<number, StoredMessage>();
  /** Deleted for me: no page that was fetched before brings them back. */
  readonly #gone = new Set<number>();

  constructor(deps: ArrivalsDeps) {
    this.#deps = deps;
  }

  isGone(number: number): boolean {
    return this.#gone.has(number);
  }

  remove(number: number): void {
    this.#gone.add(number);
    this.#early.delete(number);
  }

  /** Until what is between is held. */
  wait(message: StoredMessage): void {
    if (this.#early.size < mostEarly) putNewer(this.#early, message);
  }

  heardMeanwhile(message: StoredMessage): void {
    putNewer(this.#meanwhile, message);
  }

  /** No page is on its way any more. */
  forgetMeanwhile(): void {
    this.#meanwhile.clear();
  }

  /** None of it is so any more. */
  forget(): void {
    for (const heard of [this.#early, this.#meanwhile, this.#gone]) heard.clear();
  }

  /** The one that waited and is next to what is held now. */
  takeNext(): StoredMessage | undefined {
    const { to } = this.#deps.window;
    for (const number of this.#early.keys()) if (number <= to) this.#early.delete(number);
    return this.#early.get(to + 1);
  }

  /** Messages of a page, with what was heard of them while it was on its way. */
  read(items: readonly StoredMessage[]): StoredMessage[] {
    return items
      .filter(({ number }) => !this.#gone.has(number))
      .map((message) => newer(message, this.#meanwhile.get(message.number) ?? message))
      .map((message) => this.recognise(message));
  }

  /**
   * What was written here may be heard of before the answer to its send, which was lost: it is not to be seen twice until it is sent
   * again, and has its answer. Only what is seen hangs on this guess.
   */
  recognise(message: StoredMessage): StoredMessage {
    const { userId, window } = this.#deps;
    const { key, number, senderId, content } = message;
    if (key !== undefined) {
      window.change(
        (one) => one.key === key && one.number !== number,
        ({ key: _, ...one }) => one,
      );
      return message;
    }
    const early = this.#early.get(number)?.key;
    if (early !== undefined) return { ...message, key: early };
    if (senderId !== userId || number <= window.to) return message;
    const item = this.#deps.underWay();
    return item && isEqual(withoutLinks(item.content), withoutLinks(content))
      ? { ...message, key: item.key }
      : message;
  }
}

function putNewer(map: Map<number, StoredMessage>, message: StoredMessage): void {
  const known = map.get(message.number);
  map.set(message.number, known ? newer(known, message) : message);
}

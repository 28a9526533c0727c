import { isEqual } from '../model/equal.ts';
import type { StoredMessage } from '../model/message.ts';
import { newer } from '../model/newer.ts';
import type { Page } from '../model/page.ts';

/**
 * The part of a conversation that is held in memory: one range of numbers without gaps. A gap is either fetched, or the range
 * begins anew on its other side.
 */
export class MessageWindow {
  from = 1;
  to = 0;
  first = 1;
  last = 0;
  #messages: StoredMessage[] = [];

  /** In the order of their numbers. */
  get messages(): readonly StoredMessage[] {
    return this.#messages;
  }

  get isEmpty(): boolean {
    return this.to < this.from;
  }

  at(number: number): StoredMessage | undefined {
    return this.#messages.find((one) => one.number === number);
  }

  between(from: number, to: number): readonly StoredMessage[] {
    return this.#messages.filter(({ number }) => number >= from && number <= to);
  }

  /** What is there already is replaced by what is newer; what neither meets nor overlaps takes the place of all. */
  put(page: Page): void {
    this.beginAt(page.first);
    this.last = Math.max(this.last, page.last);
    if (page.to < page.from) {
      if (this.isEmpty) [this.from, this.to] = [page.from, page.to];
      return;
    }
    const touches = !this.isEmpty && page.from <= this.to + 1 && page.to >= this.from - 1;
    if (!touches) {
      this.#messages = [...page.items];
      this.from = page.from;
      this.to = page.to;
      return;
    }
    const before = this.#messages.filter(({ number }) => number < page.from);
    const after = this.#messages.filter(({ number }) => number > page.to);
    const known = new Map(this.#messages.map((message) => [message.number, message]));
    // What did not change stays the same object.
    const items = page.items.map((message) => same(known.get(message.number), message));
    this.#messages = [...before, ...items, ...after];
    this.from = Math.min(this.from, page.from);
    this.to = Math.max(this.to, page.to);
  }

  /** One that is next, or that is there. Anything else is the caller's to fetch. */
  take(message: StoredMessage): 'taken' | 'gap' | 'outside' {
    const { number } = message;
    this.last = Math.max(this.last, number);
    if (number === this.to + 1) {
      if (this.isEmpty) this.from = number;
      this.#messages.push(message);
      this.to = number;
      return 'taken';
    }
    if (number > this.to) return 'gap';
    if (number < this.from) return 'outside';
    const index = this.#messages.findIndex((one) => one.number >= number);
    const at = index < 0 ? this.#messages.length : index;
    const known = this.#messages[at];
    if (known?.number === number) this.#messages[at] = same(known, message);
    else this.#messages.splice(at, 0, message);
    return 'taken';
  }

  /** Takes one out; its number is nothing any more. */
  remove(number: number): void {
    this.#messages = this.#messages.filter((one) => one.number !== number);
  }

  /** A number that is nothing for this reader. */
  skip(number: number): 'taken' | 'gap' {
    this.last = Math.max(this.last, number);
    if (number > this.to + 1) return 'gap';
    if (number === this.to + 1) {
      if (this.isEmpty) this.from = number;
      this.to = number;
    }
    return 'taken';
  }

  /** Changes one that is there, and returns it; undefined: it is not. */
  change(
    isIt: (message: StoredMessage) => boolean,
    to: (message: StoredMessage) => StoredMessage,
  ): StoredMessage | undefined {
    const index = this.#messages.findLastIndex(isIt);
    const known = this.#messages[index];
    return known && (this.#messages[index] = to(known));
  }

  /** Drops what is most far from the end that is looked at. */
  trim(most: number, end: 'earlier' | 'later'): void {
    if (this.#messages.length <= most) return;
    if (end === 'later') {
      this.#messages.splice(0, this.#messages.length - most);
      this.from = this.#messages[0]?.number ?? this.from;
    } else {
      this.#messages.length = most;
      this.to = this.#messages.at(-1)?.number ?? this.to;
    }
  }

  clear(): void {
    this.#messages = [];
    this.from = 1;
    this.to = 0;
  }

  /** Who comes back to a group does not see what was said before; and what is too old is not kept. */
  beginAt(first: number): void {
    this.first = first;
    if (this.isEmpty || this.from >= first) return;
    if (this.to < first) this.clear();
    else {
      this.#messages = this.#messages.filter(({ number }) => number >= first);
      this.from = first;
    }
  }
}

/** The known one, when the other says nothing new. What was drawn keeps its key. */
function same(known: StoredMessage | undefined, message: StoredMessage): StoredMessage {
  if (!known) return message;
  const fresh = newer(known, message);
  return isEqual(known, fresh) ? known : fresh;
}

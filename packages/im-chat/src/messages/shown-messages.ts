import {
  quoteOf,
  show,
  stateOf,
  type Message,
  type Quote,
  type Reached,
  type ReplyTo,
  type StoredMessage,
} from '../model/message.ts';

export interface ShownMessagesDeps {
  readonly userId: string;
  /** With what was done to it here; undefined: it is not to be seen any more. */
  see(message: StoredMessage): StoredMessage | undefined;
  /** How far what I wrote has come. */
  reached(): Reached | undefined;
  /** One that is held. */
  at(number: number): StoredMessage | undefined;
  /** I have deleted it for myself. */
  isGone(number: number): boolean;
}

/** Messages of a conversation as they are shown: each the same object as long as nothing of it changes. */
export class ShownMessages {
  readonly #deps: ShownMessagesDeps;
  readonly #drawn = new WeakMap<StoredMessage, Message>();
  readonly #quotes = new WeakMap<StoredMessage, Quote | null>();

  constructor(deps: ShownMessagesDeps) {
    this.#deps = deps;
  }

  /** Undefined: it is not to be seen any more. */
  draw(stored: StoredMessage): Message | undefined {
    const message = this.#deps.isGone(stored.number) ? undefined : this.#deps.see(stored);
    if (!message) return undefined;
    const isMine = message.senderId === this.#deps.userId;
    const quote = message.replyTo ? this.quoteOf(message.replyTo) : undefined;
    const known = this.#drawn.get(message);
    const far = this.#deps.reached();
    if (known?.state === stateOf(message, isMine, far) && known.replyTo?.quote === quote) return known;
    const drawn = show(message, isMine, { ...(far && { reached: far }), quote });
    this.#drawn.set(message, drawn);
    return drawn;
  }

  /** As the answered one is now, where it is held. */
  quoteOf({
    number,
    quote,
  }: {
    readonly number: number;
    readonly quote?: ReplyTo['quote'];
  }): ReplyTo['quote'] {
    if (this.#deps.isGone(number)) return null;
    const held = this.#deps.at(number);
    if (!held) return quote;
    const seen = this.#deps.see(held);
    if (!seen) return null;
    let made = this.#quotes.get(seen);
    if (made === undefined) this.#quotes.set(seen, (made = quoteOf(seen)));
    return made;
  }
}

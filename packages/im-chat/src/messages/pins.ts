import type { Message, StoredMessage } from '../model/message.ts';
import { newer } from '../model/newer.ts';
import { Shown } from '../readable.ts';
import { Rounds } from '../rounds.ts';

export interface PinsDeps {
  /** The last pinned first. */
  fetch(): Promise<readonly StoredMessage[]>;
  /** Messages that are held: what is pinned here is seen before the platform has it. */
  held(): readonly StoredMessage[];
  draw(message: StoredMessage): Message | undefined;
}

/** What is pinned in a conversation, the last pinned first; asked for when somebody looks for the first time. */
export class Pins {
  readonly view: Shown<readonly Message[]>;
  readonly #deps: PinsDeps;
  readonly #rounds: Rounds;
  #known: readonly StoredMessage[] = [];
  /** What was heard while the list was on its way. */
  #heard: Map<number, StoredMessage> | undefined;
  #isAskedFor = false;

  constructor(deps: PinsDeps) {
    this.#deps = deps;
    this.view = new Shown(() => this.#look());
    // Why nothing can be read is shown where the messages are.
    this.#rounds = new Rounds({ round: () => this.#fetch(), onError: () => undefined });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    if (!this.#isAskedFor) {
      this.#isAskedFor = true;
      void this.#rounds.run();
    }
    return this.view.subscribe(listener);
  };

  /** Pushes may have been missed. */
  refresh(): void {
    if (this.#isAskedFor) void this.#rounds.run();
  }

  heard(message: StoredMessage): void {
    this.#heard?.set(message.number, message);
    this.#take(message);
    this.view.changed();
  }

  recalled(isIt: (message: StoredMessage) => boolean): void {
    this.#known = this.#known.filter((message) => !isIt(message));
    this.view.changed();
  }

  /** What it shows beside its messages has changed. */
  changed(): void {
    this.view.changed();
  }

  close(): void {
    this.#rounds.close();
  }

  async #fetch(): Promise<void> {
    this.#heard = new Map();
    this.#known = await this.#deps.fetch();
    for (const message of this.#heard.values()) this.#take(message);
    this.#heard = undefined;
    this.view.changed();
  }

  #take(message: StoredMessage): void {
    const known = this.#known.find(({ number }) => number === message.number);
    const now = known ? newer(known, message) : message;
    if (!now.isPinned) this.#known = this.#known.filter((one) => one !== known);
    else if (known) this.#known = this.#known.map((one) => (one === known ? now : one));
    else this.#known = [now, ...this.#known];
  }

  #look(): readonly Message[] {
    const known = new Set(this.#known.map(({ number }) => number));
    const others = this.#deps.held().filter(({ number }) => !known.has(number));
    return [...others.toReversed(), ...this.#known.toSorted(lastPinnedFirst)].flatMap((message) => {
      const drawn = this.#deps.draw(message);
      return drawn?.isPinned ? [drawn] : [];
    });
  }
}

/** As the platform lists them: one that was taken off and put back while nothing was heard stands first again. */
function lastPinnedFirst(one: StoredMessage, other: StoredMessage): number {
  const [mine, theirs] = [one.pinnedAt ?? '', other.pinnedAt ?? ''];
  return mine === theirs ? other.number - one.number : mine < theirs ? 1 : -1;
}

import type { StoredMessage } from '../model/message.ts';
import { newer } from '../model/newer.ts';
import { recalled } from '../model/recalled.ts';
import type { Page } from '../model/page.ts';
import type { Saver } from './saver.ts';
import type { Span, UserStore } from './store.ts';

/** Of each conversation so many of the newest messages can be read without a network. */
const mostKept = 1_000;

/** What was seen of conversations, for the first moment and for times without a network: of each the newest part without gaps. */
export class MessageCache {
  readonly #store: Pick<UserStore, 'all' | 'get' | 'messages'>;
  readonly #saver: Pick<Saver, 'save' | 'flush'>;
  readonly #spans = new Map<string, Promise<Span | undefined>>();

  constructor(store: Pick<UserStore, 'all' | 'get' | 'messages'>, saver: Pick<Saver, 'save' | 'flush'>) {
    this.#store = store;
    this.#saver = saver;
  }

  /** The last ones before that number, as a page; undefined: none is known. */
  async before(conversationId: string, number: number, limit: number): Promise<Page | undefined> {
    const span = await this.#spanOf(conversationId);
    if (!span) return undefined;
    const to = Math.min(span.to, number - 1);
    const from = Math.max(span.from, to - limit + 1);
    if (to < from) return undefined;
    const items = await this.#store.messages(conversationId, from, to);
    return { items, from, to, first: span.first, last: span.last };
  }

  /** Keeps what meets the part that is known, or is newer than it. */
  async keep(conversationId: string, page: Page): Promise<void> {
    if (page.to < page.from) return;
    const known = this.#spanOf(conversationId);
    // The next one waits for this one.
    const next = known.then((span) => this.#grown(conversationId, span, page));
    this.#spans.set(conversationId, next);
    await next;
  }

  /** What has become of a message, if it is one that is kept. */
  change(message: StoredMessage): void {
    const { conversationId, number } = message;
    this.#after(conversationId, async ({ from, to }) => {
      if (number < from || number > to) return;
      const [kept] = await this.#read(conversationId, number, number);
      if (kept) this.#saver.save([keeping(newer(kept, message))]);
    });
  }

  /** A message was taken back: what it said is not kept, nor where it is answered. */
  recalled(conversationId: string, number: number): void {
    this.#after(conversationId, async ({ from, to }) => {
      const kept = await this.#read(conversationId, from, to);
      const changed = kept.flatMap((one) => {
        if (one.number === number) return recalled(one);
        return one.replyTo?.number === number ? { ...one, replyTo: { number, quote: null } } : [];
      });
      this.#saver.save(changed.map(keeping));
    });
  }

  /** Who comes back to a group does not see what was said before. */
  beginAt(conversationId: string, first: number): void {
    const known = this.#spanOf(conversationId);
    this.#spans.set(
      conversationId,
      known.then((span) => {
        if (!span || span.from >= first) return span;
        const kept = span.to < first ? undefined : { ...span, from: first, first };
        this.#saver.save([
          { table: 'messages', conversationId, below: first },
          { table: 'spans', key: conversationId, ...(kept && { value: kept }) },
        ]);
        return kept;
      }),
    );
  }

  remove(conversationId: string, numbers: readonly number[]): void {
    this.#after(conversationId, () => {
      this.#saver.save(numbers.map((number) => ({ table: 'messages', key: [conversationId, number] })));
      return Promise.resolve();
    });
  }

  /** Of this conversation nothing that is kept is true any more. */
  forget(conversationId: string): void {
    this.#spans.set(conversationId, Promise.resolve(undefined));
    this.#saver.save([
      { table: 'spans', key: conversationId },
      { table: 'messages', conversationId, below: Infinity },
    ]);
  }

  /** Nor of any other. */
  async reset(): Promise<void> {
    const kept = await this.#store.all('spans').catch(() => []);
    for (const id of new Set([...this.#spans.keys(), ...kept.map(({ conversationId }) => conversationId)]))
      this.forget(id);
  }

  #grown(conversationId: string, span: Span | undefined, page: Page): Span | undefined {
    const touches = span && page.from <= span.to + 1 && page.to >= span.from - 1;
    if (span && !touches && page.to < span.to) return span;
    const { first, last } = page;
    const from = touches ? Math.min(span.from, page.from) : page.from;
    const to = touches ? Math.max(span.to, page.to) : page.to;
    const grown = { conversationId, from: Math.max(from, to - mostKept + 1), to, first, last };
    const items = page.items.filter(({ number }) => number >= grown.from);
    this.#saver.save([
      ...(span && grown.from > span.from
        ? [{ table: 'messages' as const, conversationId, below: grown.from }]
        : []),
      ...items.map(keeping),
      { table: 'spans', key: conversationId, value: grown },
    ]);
    return grown;
  }

  /** In turn with what is kept. */
  #after(conversationId: string, act: (span: Span) => Promise<void>): void {
    const known = this.#spanOf(conversationId);
    this.#spans.set(
      conversationId,
      known.then(async (span) => {
        // What cannot be read is fetched again when somebody looks.
        if (span) await act(span).catch(() => undefined);
        return span;
      }),
    );
  }

  /** With what is about to be written. */
  async #read(conversationId: string, from: number, to: number): Promise<StoredMessage[]> {
    await this.#saver.flush();
    return this.#store.messages(conversationId, from, to);
  }

  #spanOf(conversationId: string): Promise<Span | undefined> {
    let span = this.#spans.get(conversationId);
    if (!span) {
      span = this.#store.get('spans', conversationId).catch(() => undefined);
      this.#spans.set(conversationId, span);
    }
    return span;
  }
}

function keeping(message: StoredMessage) {
  const { conversationId, number } = message;
  return { table: 'messages', key: [conversationId, number], value: message } as const;
}

import type { Sent } from '../encryption/encryption.ts';
import { toChatError, type ChatError } from '../errors.ts';
import { leaving } from '../leaving.ts';
import {
  toFailure,
  type LocalFile,
  type Message,
  type ReplyTo,
  type SendableContent,
  type StoredMessage,
} from '../model/message.ts';
import type { Change, UserStore } from '../store/store.ts';
import { storeFailed } from '../store/store-failed.ts';
import type { OutboxItem, Sealed } from '../model/outbox-item.ts';
import { Patience } from '../patience.ts';
import { randomId } from '../random-id.ts';
import { Shown, type Readable } from '../readable.ts';

export interface OutboxDeps {
  readonly userId: string;
  readonly store: Pick<UserStore, 'all' | 'write'>;
  /** Sends it to the platform; the same key is the same message. */
  send(item: OutboxItem, content: SendableContent, signal: AbortSignal): Promise<StoredMessage>;
  isEncrypted(conversationId: string): boolean;
  /** It was when something was written there. Throws when that can be sent as it is alone. */
  staysEncrypted(conversationId: string): Promise<void>;
  /** As it is sent; undefined: as it is. */
  seal(item: OutboxItem, content: SendableContent): Promise<Sealed | undefined>;
  /** What is written down when it has arrived, or an earlier one with its key. Throws when neither has. */
  arrived(answer: StoredMessage, sent: Sent): Promise<readonly Change[]>;
  /** With the same key it goes on where it was cut off. Aborted, it is given up, unless for `leaving`. */
  upload(
    file: LocalFile,
    how: {
      readonly key: string;
      readonly conversationId: string;
      readonly signal: AbortSignal;
      onProgress(progress: number): void;
    },
  ): Promise<SendableContent>;
  /** To the other tabs of this browser. */
  tell(note: OutboxNote): void;
  onChanged(conversationId: string): void;
  onSent(message: StoredMessage): void;
  onFailed(message: Message): void;
  onError(error: ChatError): void;
}

/** What a message has beside what it says. */
interface Beside {
  readonly mentions?: readonly string[] | undefined;
  readonly replyTo?: ReplyTo | undefined;
}

/** What tabs say to each other. Each has its own view of the one outbox that is stored. */
export type OutboxNote =
  | { readonly note: 'outbox-changed' }
  | { readonly note: 'sent'; readonly message: StoredMessage & { readonly key: string } };

/**
 * What was written on this device and is not at the platform yet. It is stored before it is sent, sent in order within its
 * conversation and by one tab of several, and again with the same key until there is an answer.
 */
export class Outbox {
  /** Conversations in which something could not be sent. */
  readonly failed: Readable<ReadonlySet<string>>;
  readonly #deps: OutboxDeps;
  readonly #failed: Shown<ReadonlySet<string>>;
  readonly #items = new Map<string, OutboxItem>();
  readonly #unsaved = new Set<string>();
  /** Conversations in which something is being sent. */
  readonly #busy = new Set<string>();
  readonly #underWay = new Map<string, AbortController>();
  /** Sent or given up: what was read before that does not bring it back. */
  readonly #gone = new Set<string>();
  /** Given to the network by this tab or an earlier page: it may have arrived. */
  readonly #tried = new Set<string>();
  readonly #progress = new Map<string, number>();
  readonly #drawn = new Map<
    string,
    { readonly item: OutboxItem; readonly progress: number | undefined; readonly message: Message }
  >();
  readonly #patience = new Patience();
  /** What is being written down. */
  readonly #saving = new Set<Promise<void>>();
  #lastPlace = 0;
  #isSender = false;
  #isClosed = false;

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
    this.failed = this.#failed = new Shown(() => {
      const failed = [...this.#items.values()].filter(({ failure }) => failure);
      return new Set(failed.map(({ conversationId }) => conversationId));
    });
  }

  /** Reads what an earlier page, or another tab, has left. */
  async load(): Promise<void> {
    const stored = await this.#deps.store.all('outbox').catch((cause: unknown) => {
      this.#deps.onError(storeFailed(cause));
      return undefined;
    });
    if (!stored || this.#isClosed) return;
    const before = new Map(this.#items);
    for (const key of before.keys()) if (!this.#unsaved.has(key)) this.#items.delete(key);
    for (const item of stored) {
      // What this tab is about to write is newer.
      if (this.#unsaved.has(item.key) || this.#gone.has(item.key)) continue;
      this.#items.set(item.key, item);
      if (!before.has(item.key)) this.#tried.add(item.key);
      this.#lastPlace = Math.max(this.#lastPlace, item.place);
    }
    for (const [key, { conversationId }] of before)
      if (!this.#items.has(key)) this.#forget(key, conversationId);
    for (const id of new Set([...this.#items.values()].map(({ conversationId }) => conversationId))) {
      this.#changed(id);
      this.#work(id);
    }
  }

  /** This tab sends from now on. */
  async beSender(): Promise<void> {
    this.#isSender = true;
    await this.load();
  }

  /** Writes something down; it goes out by itself. */
  add(conversationId: string, content: SendableContent | LocalFile, beside: Beside = {}): Message {
    return this.#add(randomId(), { conversationId, content }, beside);
  }

  /** The same, and with the same key nothing is written down twice; what failed goes out again. */
  addOnce(key: string, what: Pick<OutboxItem, 'conversationId' | 'content'>): void {
    if (this.#items.has(key)) this.retry(key);
    else if (!this.#gone.has(key)) this.#add(key, what);
  }

  #add(
    key: string,
    what: Pick<OutboxItem, 'conversationId' | 'content'>,
    { mentions = [], replyTo }: Beside = {},
  ): Message {
    const now = Date.now();
    const place = Math.max(this.#lastPlace + 1, now);
    this.#lastPlace = place;
    const item: OutboxItem = {
      ...{ key, ...what, place },
      ...(mentions.length > 0 && { mentions }),
      ...(replyTo && { replyTo }),
      ...(this.#deps.isEncrypted(what.conversationId) && { isEncrypted: true }),
      writtenAt: new Date(now).toISOString(),
    };
    this.#put(item);
    return this.#draw(item);
  }

  /** Once more, of what failed; it is the last one then. */
  retry(key: string): void {
    const item = this.#items.get(key);
    if (!item?.failure) return;
    // What is sealed anew has a place after what was said meanwhile.
    const { failure: _, sealed: _sealed, ...again } = item;
    this.#lastPlace = Math.max(this.#lastPlace + 1, Date.now());
    this.#put({ ...again, place: this.#lastPlace });
  }

  /** Forgets it. Has it arrived all the same, it is seen as what it is then: true when that may be. */
  async cancel(key: string): Promise<boolean> {
    const item = this.#items.get(key);
    if (!item) return false;
    const mayHaveArrived = this.#tried.has(key) && !item.failure;
    this.#forget(key, item.conversationId);
    await this.#write([{ table: 'outbox', key }]);
    this.#deps.tell({ note: 'outbox-changed' });
    return mayHaveArrived;
  }

  /** The network is back: nobody waits any longer. */
  wake(): void {
    this.#patience.wake();
  }

  /** As rows of the conversation. */
  rows(conversationId: string): readonly Message[] {
    return this.#of(conversationId).map((item) => this.#draw(item));
  }

  underWay(conversationId: string): OutboxItem | undefined {
    const next = this.#next(conversationId);
    return next && this.#tried.has(next.key) ? next : undefined;
  }

  /** Resolves when everything so far outlives this page. */
  async stored(): Promise<void> {
    await Promise.all(this.#saving);
  }

  /** How many wait; what failed does not. */
  get waiting(): number {
    return [...this.#items.values()].filter(({ failure }) => !failure).length;
  }

  heard(note: OutboxNote): void {
    if (note.note === 'outbox-changed') void this.load();
    else {
      const { key, conversationId } = note.message;
      this.#forget(key, conversationId);
      this.#deps.onSent(note.message);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#isSender = false;
    for (const controller of this.#underWay.values()) controller.abort(leaving);
    this.#patience.wake();
  }

  #put(item: OutboxItem): void {
    const { key, conversationId } = item;
    this.#items.delete(key);
    this.#items.set(key, item);
    this.#unsaved.add(key);
    this.#changed(conversationId);
    const saving = this.#write([{ table: 'outbox', key, value: item }]);
    this.#saving.add(saving);
    void saving.then(() => {
      this.#saving.delete(saving);
      this.#unsaved.delete(key);
      this.#deps.tell({ note: 'outbox-changed' });
      this.#work(conversationId);
    });
  }

  /** What cannot be stored is sent all the same, and known to this page alone. */
  async #write(changes: Parameters<UserStore['write']>[0]): Promise<void> {
    try {
      await this.#deps.store.write(changes);
    } catch (cause) {
      this.#deps.onError(storeFailed(cause));
    }
  }

  /** One after the other within a conversation. */
  #work(conversationId: string): void {
    if (this.#busy.has(conversationId) || !this.#isSender || !this.#next(conversationId)) return;
    this.#busy.add(conversationId);
    void this.#sendAll(conversationId).finally(() => {
      this.#busy.delete(conversationId);
      this.#work(conversationId);
    });
  }

  async #sendAll(conversationId: string): Promise<void> {
    let failed = 0;
    for (let item; this.#isSender && (item = this.#next(conversationId));) {
      const controller = new AbortController();
      this.#underWay.set(item.key, controller);
      try {
        await this.#sendOne(item, controller.signal);
        failed = 0;
      } catch (thrown) {
        if (controller.signal.aborted) continue;
        const error = toChatError(thrown);
        if (error.code === 'SIGNED_OUT' || error.code === 'CLOSED') return;
        if (error.retryable) await this.#patience.wait(failed++, error.retryAfterMs, controller.signal);
        else await this.#fail(item, error);
      } finally {
        this.#underWay.delete(item.key);
        this.#progress.delete(item.key);
      }
    }
  }

  async #sendOne(item: OutboxItem, signal: AbortSignal): Promise<void> {
    const { key, conversationId } = item;
    let { content, sealed } = item;
    if (item.isEncrypted) await this.#deps.staysEncrypted(conversationId);
    if (content.type === 'local-file') {
      const onProgress = (progress: number): void => this.#tellProgress(item, progress);
      content = await this.#deps.upload(content, { key, conversationId, onProgress, signal });
      // So that the next page, should there be one, does not upload it again.
      const uploaded = { ...item, content };
      this.#items.set(key, uploaded);
      await this.#write([{ table: 'outbox', key, value: uploaded }]);
      signal.throwIfAborted();
    }
    if (!sealed) {
      sealed = await this.#deps.seal(item, content);
      if (sealed) {
        const kept = { ...(this.#items.get(key) ?? item), sealed };
        this.#items.set(key, kept);
        await this.#write([{ table: 'outbox', key, value: kept }]);
      }
      signal.throwIfAborted();
    }
    this.#tried.add(key);
    const answer = await this.#deps.send(item, sealed?.content ?? content, signal).catch((error: unknown) => {
      if (sealed || toChatError(error).code !== 'ENCRYPTED') throw error;
      return undefined;
    });
    if (!answer) return this.#sendOne(await this.#encrypted(item), signal);
    const message = { ...answer, key };
    const known = sealed ? await this.#deps.arrived(answer, { key, conversationId, sealed }) : [];
    await this.#write([
      { table: 'outbox', key },
      ...known,
      { table: 'messages', key: [message.conversationId, message.number], value: message },
    ]);
    this.#forget(key, item.conversationId);
    this.#deps.onSent(message);
    this.#deps.tell({ note: 'sent', message });
  }

  /** It was written before this device had heard that the conversation is encrypted. */
  async #encrypted(item: OutboxItem): Promise<OutboxItem> {
    const encrypted = { ...item, isEncrypted: true } as const;
    this.#items.set(item.key, encrypted);
    await this.#write([{ table: 'outbox', key: item.key, value: encrypted }]);
    return encrypted;
  }

  async #fail(item: OutboxItem, error: ChatError): Promise<void> {
    const failed = { ...(this.#items.get(item.key) ?? item), failure: toFailure(error) };
    this.#items.set(item.key, failed);
    await this.#write([{ table: 'outbox', key: item.key, value: failed }]);
    this.#changed(item.conversationId);
    this.#deps.onFailed(this.#draw(failed));
    this.#deps.tell({ note: 'outbox-changed' });
  }

  /** The first that waits. What is not stored yet holds up those after it. */
  #next(conversationId: string): OutboxItem | undefined {
    const next = this.#of(conversationId).find(({ failure }) => !failure);
    return next && this.#unsaved.has(next.key) ? undefined : next;
  }

  #of(conversationId: string): OutboxItem[] {
    return [...this.#items.values()]
      .filter((item) => item.conversationId === conversationId)
      .sort((one, other) => one.place - other.place);
  }

  #forget(key: string, conversationId: string): void {
    this.#gone.add(key);
    this.#items.delete(key);
    this.#drawn.delete(key);
    this.#tried.delete(key);
    this.#underWay.get(key)?.abort();
    this.#changed(conversationId);
  }

  #changed(conversationId: string): void {
    this.#failed.changed();
    this.#deps.onChanged(conversationId);
  }

  #tellProgress({ key, conversationId }: OutboxItem, progress: number): void {
    this.#progress.set(key, progress);
    this.#deps.onChanged(conversationId);
  }

  #draw(item: OutboxItem): Message {
    const { key, conversationId, content, mentions = [], replyTo = null, failure, writtenAt: sentAt } = item;
    const progress = this.#progress.get(key);
    const known = this.#drawn.get(key);
    if (known?.item === item && known.progress === progress) return known.message;
    const message: Message = {
      ...{ key, conversationId, number: undefined, id: undefined, senderId: this.#deps.userId },
      ...{ senderName: null, isMine: true, sentAt, content, mentions, replyTo },
      ...{ editedAt: null, forwarded: null, isPinned: false, reactions: [] },
      state: failure ? 'failed' : 'sending',
      ...(failure && { failure }),
      ...(progress !== undefined && { progress }),
    };
    this.#drawn.set(key, { item, progress, message });
    return message;
  }
}

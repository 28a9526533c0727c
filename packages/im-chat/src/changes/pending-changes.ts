import { ChatError, toChatError } from '../errors.ts';
import type { ConversationSummary } from '../model/conversation-summary.ts';
import type { StoredMessage } from '../model/message.ts';
import type { Deed, PendingChange } from '../model/pending-change.ts';
import { Patience } from '../patience.ts';
import { storeFailed } from '../store/store-failed.ts';
import type { UserStore } from '../store/store.ts';
import { seeConversation, seeMessage } from './see-change.ts';

/** What tabs say to each other. */
export type ChangeNote =
  | { readonly note: 'changes-changed' }
  | {
      readonly note: 'change-over';
      readonly key: string;
      readonly place: number;
      readonly refusal?: { readonly code: string; readonly message: string };
    };

export interface PendingChangesDeps {
  readonly store: Pick<UserStore, 'all' | 'write'>;
  /** Does it at the platform, and takes what that says. Done twice it is done once. */
  send(change: PendingChange): Promise<void>;
  tell(note: ChangeNote): void;
  /** Something is to be seen otherwise. */
  onChanged(conversationId: string): void;
  /** The platform does not want it: all is as it was. */
  onRefused(change: PendingChange, error: ChatError): void;
  onError(error: ChatError): void;
}

interface Waiter {
  resolve(): void;
  reject(error: ChatError): void;
}

const nothing: readonly PendingChange[] = [];

/**
 * What was done here and is not at the platform yet: seen at once, stored, sent in order by one tab, and again until there is an
 * answer. A refusal takes it out of sight again.
 */
export class PendingChanges {
  readonly #deps: PendingChangesDeps;
  readonly #items = new Map<string, PendingChange>();
  readonly #unsaved = new Set<string>();
  /** Up to which place each is over: what was read before that does not bring it back. */
  readonly #over = new Map<string, number>();
  /** Of a conversation itself under its id, of a message under id and number; made anew with each change. */
  #bySubject = new Map<string, readonly PendingChange[]>();
  readonly #seen = new WeakMap<object, { readonly by: readonly PendingChange[]; readonly as: object }>();
  readonly #waiters = new Map<string, Set<Waiter>>();
  /** What is being written down. */
  readonly #saving = new Set<Promise<void>>();
  readonly #patience = new Patience();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastPlace = 0;
  #isSender = false;
  #isSending = false;
  #isClosed = false;

  constructor(deps: PendingChangesDeps) {
    this.#deps = deps;
  }

  /** Reads what an earlier page, or another tab, has left. */
  async load(): Promise<void> {
    const stored = await this.#deps.store.all('changes').catch((cause: unknown) => {
      this.#deps.onError(storeFailed(cause));
      return undefined;
    });
    if (!stored || this.#isClosed) return;
    const before = [...this.#items.values()];
    for (const { key } of before) if (!this.#unsaved.has(key)) this.#items.delete(key);
    for (const item of stored) {
      const isOver = item.place <= (this.#over.get(item.key) ?? 0);
      if (!isOver && !this.#unsaved.has(item.key)) this.#items.set(item.key, item);
      this.#lastPlace = Math.max(this.#lastPlace, item.place);
    }
    this.#changed([...before, ...stored]);
    this.#work();
  }

  beSender(): void {
    this.#isSender = true;
    this.#work();
  }

  /** Resolves when the platform has it, and fails when it is refused. Nobody has to wait for that. */
  add(
    what: Omit<PendingChange, 'key' | 'place' | 'after'>,
    { name, waitMs }: { readonly name: string; readonly waitMs?: number },
  ): Promise<void> {
    const key = `${subjectOf(what)} ${name}`;
    const before = this.#items.get(key);
    this.#lastPlace = Math.max(this.#lastPlace + 1, Date.now());
    const item: PendingChange = {
      ...what,
      ...{ key, place: this.#lastPlace, deed: merge(before?.deed, what.deed) },
      ...(waitMs !== undefined && { after: Date.now() + waitMs }),
    };
    this.#items.set(key, item);
    this.#unsaved.add(key);
    this.#changed([item]);
    const saving = this.#write(key, item);
    this.#saving.add(saving);
    void saving.then(() => {
      this.#saving.delete(saving);
      if (this.#items.get(key) !== item) return;
      this.#unsaved.delete(key);
      this.#deps.tell({ note: 'changes-changed' });
      this.#work();
    });
    const done = new Promise<void>((resolve, reject) => {
      const waiters = this.#waiters.get(key) ?? new Set();
      this.#waiters.set(key, waiters.add({ resolve, reject }));
    });
    // It is told by an event, too.
    done.catch(() => undefined);
    return done;
  }

  /** As it will be when all of it is done; the same object as long as that is the same. */
  seeConversation(conversation: ConversationSummary): ConversationSummary {
    return this.#see(conversation, conversation.id, seeConversation);
  }

  /** Undefined: it will not be seen. */
  seeMessage(message: StoredMessage): StoredMessage | undefined {
    // A page draws a thousand of them, and there is seldom anything.
    if (this.#items.size === 0) return message;
    const name = subjectOf(message);
    if (this.#bySubject.get(name)?.some(({ deed }) => deed.is === 'delete')) return undefined;
    return this.#see(message, name, seeMessage);
  }

  /** Resolves when everything so far outlives this page. */
  async stored(): Promise<void> {
    await Promise.all(this.#saving);
  }

  heard(note: ChangeNote): void {
    if (note.note === 'changes-changed') void this.load();
    else {
      const { key, place, refusal } = note;
      this.#end(key, place, refusal && new ChatError(refusal.code, refusal.message));
    }
  }

  /** The network is back: nobody waits any longer. */
  wake(): void {
    this.#patience.wake();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#patience.wake();
  }

  #see<Subject extends object>(
    subject: Subject,
    name: string,
    see: (subject: Subject, change: PendingChange) => Subject,
  ): Subject {
    const by = this.#bySubject.get(name);
    if (!by) return subject;
    const seen = this.#seen.get(subject);
    if (seen?.by === by) return seen.as as Subject; // made of it below
    const as = by.reduce(see, subject);
    this.#seen.set(subject, { by, as });
    return as;
  }

  #work(): void {
    if (this.#isSending || !this.#isSender || this.#isClosed) return;
    this.#isSending = true;
    void this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    let failed = 0;
    for (let item; !this.#isClosed && (item = this.#next());) {
      try {
        await this.#deps.send(item);
        failed = 0;
        // Unless it was changed once more meanwhile.
        if (this.#items.get(item.key) === item) await this.#done(item);
      } catch (thrown) {
        const error = toChatError(thrown);
        if (error.code === 'SIGNED_OUT' || error.code === 'CLOSED') break;
        if (error.retryable) await this.#patience.wait(failed++, error.retryAfterMs);
        else if (this.#items.get(item.key) === item) await this.#done(item, error);
      }
    }
    this.#isSending = false;
  }

  async #done(item: PendingChange, refusal?: ChatError): Promise<void> {
    const { key, place } = item;
    this.#end(key, place, refusal);
    if (refusal) this.#deps.onRefused(item, refusal);
    await this.#write(key, undefined);
    const { code = '', message = '' } = refusal ?? {};
    this.#deps.tell({ note: 'change-over', key, place, ...(refusal && { refusal: { code, message } }) });
  }

  #end(key: string, place: number, refusal?: ChatError): void {
    this.#over.set(key, place);
    const item = this.#items.get(key);
    // It was changed once more meanwhile.
    if (item && item.place > place) return;
    this.#items.delete(key);
    if (item) this.#changed([item]);
    const waiters = this.#waiters.get(key) ?? [];
    this.#waiters.delete(key);
    for (const waiter of waiters) {
      if (refusal) waiter.reject(refusal);
      else waiter.resolve();
    }
  }

  /** The first that is stored and due. */
  #next(): PendingChange | undefined {
    const now = Date.now();
    let nextMs = Infinity;
    for (const item of this.#inOrder()) {
      if (this.#unsaved.has(item.key)) continue;
      const waitMs = (item.after ?? 0) - now;
      if (waitMs <= 0) return item;
      nextMs = Math.min(nextMs, waitMs);
    }
    clearTimeout(this.#timer);
    if (nextMs < Infinity) this.#timer = setTimeout(() => this.#work(), nextMs);
    return undefined;
  }

  #inOrder(): PendingChange[] {
    return [...this.#items.values()].sort((one, other) => one.place - other.place);
  }

  #changed(items: readonly PendingChange[]): void {
    this.#bySubject = new Map();
    for (const item of this.#inOrder()) {
      const subject = subjectOf(item);
      this.#bySubject.set(subject, [...(this.#bySubject.get(subject) ?? nothing), item]);
    }
    for (const id of new Set(items.map(({ conversationId }) => conversationId))) this.#deps.onChanged(id);
  }

  async #write(key: string, value: PendingChange | undefined): Promise<void> {
    try {
      await this.#deps.store.write([{ table: 'changes', key, ...(value && { value }) }]);
    } catch (cause) {
      this.#deps.onError(storeFailed(cause));
    }
  }
}

function subjectOf({
  conversationId,
  number,
}: {
  readonly conversationId: string;
  readonly number?: number;
}) {
  return number === undefined ? conversationId : `${conversationId} ${number}`;
}

/** Changes of one thing are one change. */
function merge(before: Deed | undefined, deed: Deed): Deed {
  if (before?.is !== 'change' || deed.is !== 'change') return deed;
  return { is: 'change', changes: { ...before.changes, ...deed.changes } };
}

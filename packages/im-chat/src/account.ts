import { createDevice, type Device, type DeviceState } from 'im-device';
import type { ApiClient } from 'im-platform/client';
import { ask } from './api/api.ts';
import { doAtPlatform } from './changes/do-at-platform.ts';
import { PendingChanges, type ChangeNote } from './changes/pending-changes.ts';
import { Conversation } from './conversation.ts';
import { closed, toChatError, type ChatError } from './errors.ts';
import type { Emitter } from './events.ts';
import { upload, type UploadOptions } from './files/upload.ts';
import { Held } from './held.ts';
import { Inbox } from './inbox/inbox.ts';
import { fetchStrangers } from './people/names.ts';
import { ReadPositions } from './inbox/read-positions.ts';
import { Sync, type SyncAnswer } from './inbox/sync.ts';
import { show, type LocalFile, type SendableContent, type StoredMessage } from './model/message.ts';
import type { Page } from './model/page.ts';
import { Timeline, type Wanted } from './messages/timeline.ts';
import type { ResolvedOptions } from './options.ts';
import { Outbox, type OutboxNote } from './outbox/outbox.ts';
import type { OutboxItem } from './model/outbox-item.ts';
import type { PendingChange } from './model/pending-change.ts';
import { contactParts, type ContactPart } from './model/contact-list.ts';
import { Cards, type User } from './people/cards.ts';
import { GroupDetails } from './people/group-details.ts';
import { KnownPeople } from './people/known-people.ts';
import { Me, type MyChanges } from './people/me.ts';
import { readPush, type Counted } from './pushes/push.ts';
import { MessageCache } from './store/message-cache.ts';
import { Saver } from './store/saver.ts';
import type { UserStore } from './store/store.ts';
import { Tabs } from './tabs/tabs.ts';

/** What pushes that were missed may have told of. */
const changedByOthers: readonly ContactPart[] = ['friends', 'groups', 'received'];
/** Of conversations and groups that nobody looks at so many are held. */
const mostUnwatched = 50;
/** So many are asked for at a time. */
const mostStrangers = 20;

/** What tabs of one user tell each other. */
type Note = OutboxNote | ChangeNote | { readonly note: 'read'; readonly id: string; readonly number: number };

export interface AccountDeps {
  readonly userId: string;
  readonly store: UserStore;
  readonly api: ApiClient;
  readonly options: ResolvedOptions;
  readonly emitter: Emitter;
  onDevice(state: DeviceState): void;
  onBanned(reason: string): void;
}

/** Everything of the one who is signed in; it ends with the session. */
export class Account {
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly people: KnownPeople;
  readonly cards: Cards;
  readonly me: Me;
  readonly #changes: PendingChanges;
  readonly #deps: AccountDeps;
  readonly #saver: Saver;
  readonly #cache: MessageCache;
  readonly #reads: ReadPositions;
  readonly #sync: Sync;
  readonly #tabs: Tabs<Note>;
  readonly #device: Device;
  readonly #conversations: Held<Conversation> = new Held(
    (id) => this.#begin(id),
    mostUnwatched,
    ({ timeline }) => timeline.end(),
  );
  readonly #groups: Held<GroupDetails> = new Held((id) => this.#lookAt(id), mostUnwatched);
  /** Who was asked for by name, as neither friends nor groups had them. */
  readonly #strangers = new Set<string>();
  #isClosed = false;

  /** With what was kept of earlier. Connects, and goes on with what waits. */
  static async open(deps: AccountDeps): Promise<Account> {
    const { store } = deps;
    // A store that cannot be read is an empty one, and what is written to it tells of its trouble.
    const [kept, cursor] = await Promise.all([
      store.all('conversations').catch(() => []),
      store.get('state', 'cursor').catch(() => undefined),
    ]);
    const account = new Account(deps, cursor);
    account.inbox.load(kept);
    const { outbox, people, me } = account;
    await Promise.all([outbox, account.#changes, people, me].map((part) => part.load()));
    account.#tabs.lead(() => {
      void outbox.beSender();
      account.#changes.beSender();
    });
    account.#device.start();
    return account;
  }

  private constructor(deps: AccountDeps, cursor: string | undefined) {
    const { userId, store, options, emitter } = deps;
    const onError = (error: ChatError): void => emitter.emit('error', error);
    this.#deps = deps;
    this.#saver = new Saver(store, onError);
    this.#cache = new MessageCache(store, this.#saver);
    this.#tabs = new Tabs(options.store.isShared ? userId : undefined, (note) => this.#heard(note));
    this.inbox = new Inbox({
      ...{ userId, saver: this.#saver },
      see: (conversation) => this.#changes.seeConversation(conversation),
      onNeedsSync: () => void this.#sync.run(),
    });
    this.outbox = new Outbox({
      ...{ userId, store, onError },
      send: (item, content, signal) => this.#send(item, content, signal),
      upload: (file, onProgress, signal) => this.upload(file, { onProgress, signal }),
      tell: (note) => this.#tabs.tell(note),
      onChanged: (id) => this.#conversations.get(id)?.timeline.changed(),
      onSent: (message) => this.#sent(message),
      onFailed: (message) => emitter.emit('failed', message),
    });
    this.#changes = new PendingChanges({
      ...{ store, onError },
      send: (change) => this.#do(change),
      tell: (note) => this.#tabs.tell(note),
      onChanged: (id) => {
        this.inbox.list.changed();
        this.#conversations.get(id)?.timeline.changed();
      },
      onRefused: ({ conversationId, number, deed }, error) =>
        emitter.emit('refused', { conversationId, number, deed, error }),
    });
    this.people = new KnownPeople({
      ...{ api: deps.api, store, saver: this.#saver, onError },
      onNames: (named) => this.inbox.name(named),
    });
    this.cards = new Cards(deps.api);
    this.me = new Me({ ...{ api: deps.api, store, saver: this.#saver, onError } });
    this.#reads = new ReadPositions({
      onError,
      markRead: (conversationId, number) =>
        ask(
          deps.api.PUT('/v1/conversations/{conversationId}/read', {
            params: { path: { conversationId } },
            body: { number },
          }),
        ),
    });
    this.#sync = new Sync(
      {
        onError,
        fetch: (since) =>
          ask(deps.api.POST('/v1/sync', { body: { ...(since !== undefined && { cursor: since }) } })),
        apply: (answer) => this.#synced(answer),
        onDone: () => this.#nameStrangers(),
      },
      cursor,
    );
    this.#device = this.#createDevice();
  }

  conversation(id: string): Conversation {
    return this.#conversations.of(id);
  }

  upload(file: LocalFile, how: UploadOptions): Promise<SendableContent> {
    const { api, options } = this.#deps;
    const { url, language } = options;
    return upload({ url, language, accessToken: (wish) => api.accessToken(wish) }, file, how);
  }

  /** After a kick: takes the place of the other one. */
  comeBack(): void {
    this.#device.start();
  }

  /** Nobody waits any longer for the time of another attempt. */
  wake(): void {
    this.#device.wake();
    this.#wakeAll();
  }

  async changeMe(changes: MyChanges): Promise<User> {
    const user = await this.me.change(changes);
    this.cards.take(user);
    return user;
  }

  async stored(): Promise<void> {
    await Promise.all([this.outbox.stored(), this.#changes.stored()]);
  }

  group(id: string): GroupDetails {
    return this.#groups.of(id);
  }

  sync(): Promise<void> {
    return this.#sync.run();
  }

  /** Everything that was kept of this user. */
  async forget(): Promise<void> {
    await this.#saver.flush();
    await this.#deps.store.clear();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.outbox.close();
    this.#changes.close();
    this.people.close();
    this.me.close();
    this.#reads.close();
    this.#sync.close();
    this.#tabs.close();
    this.#conversations.end();
    await this.#device.close();
    await this.#saver.flush();
    this.#deps.store.close();
  }

  #createDevice(): Device {
    const { api, options, userId } = this.#deps;
    const device = createDevice({
      ...options.device,
      ...(typeof options.imUrl === 'string' ? { url: options.imUrl } : { locate: options.imUrl }),
      ...(options.WebSocket && { WebSocket: options.WebSocket }),
      // Messages are put in their place by their numbers.
      late: 'deliver',
      ...(options.store.isShared && { share: `im-chat:device:${userId}` }),
      token: ({ refresh }) => api.accessToken({ refresh }),
    });
    device.on('state', (state) => {
      if (state.kind === 'online') this.#online();
      this.#deps.onDevice(state);
    });
    device.on('message', ({ kind, data }) => this.#pushed(kind, data));
    device.on('error', (error) => {
      // That nobody is signed in any more is told by the session.
      if (error.code !== 'TOKEN_FAILED' && error.code !== 'TOKEN_REFUSED')
        this.#deps.emitter.emit('error', toChatError(error));
    });
    return device;
  }

  #wakeAll(): void {
    for (const part of [this.outbox, this.#changes, this.#reads, this.people, this.me, this.#sync])
      part.wake();
  }

  #online(): void {
    this.#wakeAll();
    void this.me.run();
    void this.people.refresh(this.people.list.get().isLoaded ? changedByOthers : contactParts);
    void this.#sync.run();
    // What could not be fetched without a network.
    for (const { timeline } of this.#conversations.watched) void timeline.refresh().catch(ignore);
  }

  #pushed(kind: string, data: unknown): void {
    const push = readPush(kind, data, this.#deps.userId);
    switch (push.is) {
      case 'message':
        this.#take(push.message, push.counted);
        return;
      case 'recall': {
        const { conversationId: id, number, messageId } = push;
        this.inbox.heardRecall(push);
        this.#recalled(id, (message) => message.id === messageId);
        if (number !== undefined) this.#conversations.get(id)?.timeline.heardNothing(number);
        return;
      }
      case 'positions':
        this.inbox.reached(push.positions);
        this.#conversations.get(push.positions.conversationId)?.timeline.changed();
        return;
      case 'conversation': {
        const { id, last } = push.conversation;
        this.inbox.apply(push.conversation);
        this.#conversations.get(id)?.timeline.heardOf(last);
        this.#conversations.get(id)?.timeline.changed();
        return;
      }
      case 'people':
        this.#deps.emitter.emit('people');
        void this.people.refresh(push.parts);
        void this.#sync.run();
        return;
      case 'banned':
        this.#deps.onBanned(push.reason);
        return;
      case 'other':
        this.#deps.emitter.emit('push', kind, data);
    }
  }

  #synced({ conversations, removed, cursor, isReset }: SyncAnswer): void {
    if (isReset) {
      this.inbox.reset();
      void this.#cache.reset();
    }
    for (const { messages, changed, mustReload, ...state } of conversations) {
      const { id, first, last } = state;
      const newest = messages.at(-1);
      this.inbox.apply(newest ? { ...state, lastMessage: newest } : state);
      if (mustReload) this.#cache.forget(id);
      const from = Math.max(first, messages[0]?.number ?? last);
      const page = { items: messages, from, to: last, first, last };
      const timeline = this.#conversations.get(id)?.timeline;
      if (timeline) timeline.synced(page, changed, mustReload);
      else if (messages.length > 0) void this.#cache.keep(id, page);
      timeline?.changed();
      for (const message of changed) this.#cache.change(message);
    }
    this.inbox.remove(removed);
    // With what it stands for: both or neither.
    this.#saver.save([{ table: 'state', key: 'cursor', value: cursor }]);
  }

  /** Whom neither friends nor groups have are asked for one by one, once. */
  async #nameStrangers(): Promise<void> {
    this.inbox.loaded();
    if (!this.people.list.get().isLoaded) await this.people.refresh();
    const strangers = this.inbox.nameless
      .filter(({ id }) => !this.#strangers.has(id))
      .slice(0, mostStrangers);
    if (strangers.length === 0) return;
    for (const { id } of strangers) this.#strangers.add(id);
    this.inbox.name(await fetchStrangers(this.#deps.api, strangers));
    await this.#nameStrangers();
  }

  #take(message: StoredMessage, counted?: Counted): void {
    const { conversationId: id, number, senderId } = message;
    const known = this.inbox.get(id);
    const isNews = number > (known?.last ?? 0) && senderId !== this.#deps.userId;
    this.inbox.heard(message, counted);
    const conversation = this.#conversations.get(id);
    if (conversation) conversation.timeline.heard(message);
    else this.#keep(message);
    // Of a group it says who came, went, or may do what.
    if (message.content.type === 'notice') this.#lookAgainAt(known?.groupId);
    if (isNews && message.content.type !== 'notice') this.#deps.emitter.emit('message', show(message, false));
  }

  #lookAgainAt(groupId: string | null | undefined): void {
    const group = groupId == null ? undefined : this.#groups.get(groupId);
    if (group?.isWatched) void group.refresh().catch(ignore);
  }

  #sent(message: StoredMessage): void {
    this.inbox.heard(message);
    this.#conversations.get(message.conversationId)?.timeline.heard(message);
    this.#deps.emitter.emit('sent', show(message, true));
  }

  /** So that a conversation that is opened later begins with it. */
  #keep(message: StoredMessage): void {
    const { conversationId: id, number } = message;
    const { first = 1, last = number } = this.inbox.get(id) ?? {};
    void this.#cache.keep(id, { items: [message], from: number, to: number, first, last });
  }

  #heard(note: Note): void {
    switch (note.note) {
      case 'read':
        this.inbox.read(note.id, note.number);
        return;
      case 'changes-changed':
      case 'change-over':
        this.#changes.heard(note);
        return;
      default:
        this.outbox.heard(note);
    }
  }

  async #send({ key, conversationId, mentions }: OutboxItem, content: SendableContent, signal: AbortSignal) {
    if (this.#isClosed) throw closed();
    return ask(
      this.#deps.api.POST('/v1/conversations/{conversationId}/messages', {
        params: { path: { conversationId }, header: { 'idempotency-key': key } },
        body: { content, ...(mentions && { mentions: [...mentions] }) },
        signal,
      }),
    );
  }

  async #fetchPage(conversationId: string, wanted: Wanted): Promise<Page> {
    if (this.#isClosed) throw closed();
    const params = { path: { conversationId }, query: { ...wanted } };
    return ask(this.#deps.api.GET('/v1/conversations/{conversationId}/messages', { params }));
  }

  #begin(id: string): Conversation {
    const timeline = new Timeline({
      ...{ id, userId: this.#deps.userId, most: this.#deps.options.mostInMemory, cache: this.#cache },
      fetch: (conversationId, wanted) => this.#fetchPage(conversationId, wanted),
      pending: (conversationId) => this.outbox.rows(conversationId),
      see: (message) => this.#changes.seeMessage(message),
      reached: (conversationId) => this.inbox.get(conversationId),
      underWay: (conversationId) => this.outbox.underWay(conversationId),
    });
    // Failures are shown where the conversation is.
    void timeline.open().catch(ignore);
    return new Conversation({
      ...{ id, timeline, inbox: this.inbox, outbox: this.outbox },
      markRead: (number) => {
        if (!this.inbox.read(id, number)) return;
        this.#reads.tell(id, number);
        this.#tabs.tell({ note: 'read', id, number });
      },
      act: (deed, { name, waitMs, number }) =>
        this.#changes.add(
          { conversationId: id, deed, ...(number !== undefined && { number }) },
          { name, ...(waitMs !== undefined && { waitMs }) },
        ),
    });
  }

  #lookAt(groupId: string): GroupDetails {
    const { userId, api } = this.#deps;
    return new GroupDetails({ ...{ id: groupId, userId, api, people: this.people } });
  }

  async #do(change: PendingChange): Promise<void> {
    if (this.#isClosed) throw closed();
    const outcome = await doAtPlatform(this.#deps.api, change);
    if (outcome.is === 'conversation') this.inbox.apply(outcome.conversation);
    else this.#recalled(change.conversationId, ({ number }) => number === change.number);
  }

  #recalled(id: string, isIt: (message: StoredMessage) => boolean): void {
    this.inbox.recalled(id, isIt);
    this.#conversations.get(id)?.timeline.recalled(isIt);
  }
}

function ignore(): void {
  // It is shown by the conversation, and tried again with the next connection.
}

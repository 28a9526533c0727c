import { createDevice, type Device, type DeviceState } from 'im-device';
import type { ApiClient } from 'im-platform/client';
import { ask } from './api/api.ts';
import {
  fetchPage,
  fetchPins,
  forwardMessages,
  markRead,
  sendMessage,
  type Forward,
} from './api/conversation-calls.ts';
import { Calls, type CallNote } from './calls/calls.ts';
import { doAtPlatform } from './changes/do-at-platform.ts';
import { PendingChanges, type ChangeNote } from './changes/pending-changes.ts';
import { Conversation } from './conversation.ts';
import { again } from './encryption/again.ts';
import type { AccountEncryption } from './encryption/encryption.ts';
import { isSealedAs } from './encryption/is-sealed-as.ts';
import { ChatError, closed, otherMessage, toChatError } from './errors.ts';
import type { Emitter } from './events.ts';
import { Uploads } from './files/uploads.ts';
import { withKey } from './files/with-key.ts';
import type { UploadOptions } from './files/upload.ts';
import { OnePerId } from './one-per-id.ts';
import { randomId } from './random-id.ts';
import { Inbox } from './inbox/inbox.ts';
import { fetchStrangers } from './people/names.ts';
import { ReadPositions } from './inbox/read-positions.ts';
import { Sync } from './inbox/sync.ts';
import { Intake } from './intake.ts';
import { Pins } from './messages/pins.ts';
import { Timeline } from './messages/timeline.ts';
import type { ResolvedOptions } from './options.ts';
import { Outbox, type OutboxNote } from './outbox/outbox.ts';
import type { ConversationSummary } from './model/conversation-summary.ts';
import type { LocalFile, SendableContent, StoredMessage, TextContent } from './model/message.ts';
import { contactParts, type ContactPart } from './model/contact-list.ts';
import { Cards } from './people/cards.ts';
import { GroupDetails } from './people/group-details.ts';
import { KnownPeople } from './people/known-people.ts';
import { Me, type MyChanges, type Myself } from './people/me.ts';
import { Presences } from './people/presences.ts';
import { Typing } from './people/typing.ts';
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
type Note =
  | OutboxNote
  | ChangeNote
  | CallNote
  | { readonly note: 'said'; readonly messages: readonly StoredMessage[] }
  | { readonly note: 'read'; readonly id: string; readonly number: number };

export interface AccountDeps {
  readonly userId: string;
  readonly store: UserStore;
  readonly api: ApiClient;
  readonly options: ResolvedOptions;
  readonly emitter: Emitter;
  readonly encryption?: AccountEncryption | undefined;
  onDevice(state: DeviceState): void;
  onBanned(reason: string): void;
}

/** Everything of the one who is signed in; it ends with the session. */
export class Account {
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly uploads: Uploads;
  readonly calls: Calls;
  readonly people: KnownPeople;
  readonly cards: Cards;
  readonly me: Me;
  readonly presences: Presences;
  readonly typing: Typing;
  readonly #changes: PendingChanges;
  readonly #deps: AccountDeps;
  readonly #saver: Saver;
  readonly #cache: MessageCache;
  readonly #reads: ReadPositions;
  readonly #sync: Sync;
  readonly #tabs: Tabs<Note>;
  readonly #intake: Intake;
  readonly #device: Device;
  readonly #conversations: OnePerId<Conversation> = new OnePerId(
    (id) => this.#begin(id),
    mostUnwatched,
    (conversation) => conversation.end(),
  );
  readonly #groups: OnePerId<GroupDetails> = new OnePerId((id) => this.#lookAt(id), mostUnwatched);
  /** Who was asked for by name, as neither friends nor groups had them. */
  readonly #strangers = new Set<string>();
  /** Conversations as they are shown where they are encrypted. */
  readonly #seen = new WeakMap<ConversationSummary, ConversationSummary>();
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
      deps.encryption?.lead();
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
      see: (conversation) => this.#seeConversation(conversation),
      onNeedsSync: () => void this.#sync.run(),
    });
    const { url, language, fetch: own = (request: Request) => fetch(request) } = options;
    this.uploads = new Uploads({
      ...{ api: deps.api, url, fetch: own },
      headers: async (refresh) => ({
        authorization: `Bearer ${await deps.api.accessToken({ refresh })}`,
        ...(language && { 'accept-language': language }),
      }),
    });
    this.calls = new Calls({ ...{ api: deps.api, userId }, tell: (note) => this.#tabs.tell(note) });
    this.outbox = new Outbox({
      ...{ userId, store, onError },
      send: (item, content, signal) => {
        // It may have been encrypted since this device has heard of it.
        const unlessEncrypted = content.type !== 'encrypted' && deps.encryption?.isSetUp === true;
        return this.#asked(() => sendMessage(deps.api, item, content, { signal, unlessEncrypted }));
      },
      isEncrypted: (id) => deps.encryption?.isEncrypted(id) === true,
      staysEncrypted: async (id) => {
        if (!deps.encryption) throw noEncryption();
        await deps.encryption.staysEncrypted(id);
      },
      seal: async ({ conversationId, key }, content) =>
        this.#deps.encryption?.seal(conversationId, content, key),
      arrived: async (...what) => (await this.#deps.encryption?.arrived(...what)) ?? [],
      upload: (file, how) => this.#upload(file, how),
      tell: (note) => this.#tabs.tell(note),
      onChanged: (id) => this.#conversations.get(id)?.changed(),
      onSent: (message) => this.#intake.sent(message),
      onFailed: (message) => emitter.emit('failed', message),
    });
    this.#changes = new PendingChanges({
      ...{ store, onError },
      send: (change) =>
        this.#asked(async () => this.#intake.did(change, await doAtPlatform(deps.api, change))),
      tell: (note) => this.#tabs.tell(note),
      onChanged: (id) => {
        this.inbox.list.changed();
        this.#conversations.get(id)?.changed();
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
    this.presences = new Presences({
      api: deps.api,
      isFriend: (id) => this.people.list.get().friends.some((friend) => friend.userId === id),
    });
    this.typing = new Typing(deps.api);
    this.#reads = new ReadPositions({
      onError,
      markRead: (conversationId, number) => markRead(deps.api, conversationId, number),
    });
    this.#sync = new Sync(
      {
        onError,
        fetch: (since) =>
          ask(deps.api.POST('/v1/sync', { body: { ...(since !== undefined && { cursor: since }) } })),
        apply: (answer) => this.#intake.synced(answer),
        onDone: () => this.#nameStrangers(),
      },
      cursor,
    );
    this.#intake = new Intake({
      ...{ userId, inbox: this.inbox, cache: this.#cache, saver: this.#saver, emitter },
      ...{ people: this.people, conversations: this.#conversations, groups: this.#groups, calls: this.calls },
      encryption: deps.encryption,
      ...{ presences: this.presences, typing: this.typing },
      sync: () => void this.#sync.run(),
      onBanned: (reason) => deps.onBanned(reason),
    });
    this.#device = this.#createDevice();
  }

  conversation(id: string): Conversation {
    return this.#conversations.of(id);
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

  async changeMe(changes: MyChanges): Promise<Myself> {
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
    await this.#deps.encryption?.forget();
    await this.#deps.store.clear();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#deps.encryption?.close();
    this.outbox.close();
    this.uploads.close();
    this.calls.close();
    this.#changes.close();
    this.people.close();
    this.me.close();
    this.presences.close();
    this.typing.offline();
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
      else this.#offline();
      this.#deps.onDevice(state);
    });
    device.on('message', ({ kind, data }) => this.#intake.pushed(kind, data));
    device.on('error', (error) => {
      // That nobody is signed in any more is told by the session.
      if (error.code !== 'TOKEN_FAILED' && error.code !== 'TOKEN_REFUSED')
        this.#deps.emitter.emit('error', toChatError(error));
    });
    return device;
  }

  #wakeAll(): void {
    for (const part of [
      this.outbox,
      this.uploads,
      this.calls,
      this.#changes,
      this.#reads,
      this.people,
      this.me,
      this.#sync,
    ])
      part.wake();
  }

  #online(): void {
    this.#wakeAll();
    void this.me.run();
    void this.people.refresh(this.people.list.get().isLoaded ? changedByOthers : contactParts);
    void this.#sync.run();
    this.#deps.encryption?.online();
    this.presences.online();
    this.typing.online();
    // What could not be fetched without a network.
    for (const conversation of this.#conversations.watched) conversation.lookAgain();
  }

  #offline(): void {
    this.presences.offline();
    this.typing.offline();
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

  #heard(note: Note): void {
    switch (note.note) {
      case 'read':
        this.inbox.read(note.id, note.number);
        return;
      case 'said':
        this.#intake.said(note.messages);
        return;
      case 'call-taken':
        this.calls.taken(note);
        return;
      case 'changes-changed':
      case 'change-over':
        this.#changes.heard(note);
        return;
      default:
        this.outbox.heard(note);
    }
  }

  /** As long as it is the account of the chat. */
  async #asked<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    if (this.#isClosed) throw closed();
    return ask();
  }

  #begin(id: string): Conversation {
    const { api, userId, options } = this.#deps;
    const timeline = new Timeline({
      ...{ id, userId, most: options.mostInMemory, cache: this.#cache },
      fetch: (conversationId, wanted) => this.#asked(() => fetchPage(api, conversationId, wanted)),
      pending: (conversationId) => this.outbox.rows(conversationId),
      see: (message) => this.#seeMessage(message),
      reached: (conversationId) => this.inbox.get(conversationId),
      underWay: (conversationId) => this.outbox.underWay(conversationId),
    });
    // Failures are shown where the conversation is.
    void timeline.open().catch(() => undefined);
    const pins = new Pins({
      fetch: () => this.#asked(() => fetchPins(api, id)),
      held: () => timeline.held,
      draw: (message) => timeline.draw(message),
    });
    return new Conversation({
      ...{ id, timeline, pins, inbox: this.inbox, outbox: this.outbox },
      sayTyping: () => this.typing.say(id),
      forward: (what) => this.#forward(id, what),
      editEncrypted: (number, content) => this.#editEncrypted(id, number, content),
      markRead: (number) => {
        if (!this.inbox.read(id, number)) return;
        this.#reads.tell(id, number);
        this.#tabs.tell({ note: 'read', id, number });
      },
      act: (deed, { name, waitMs, number }) => {
        // With what was said in its place.
        if (deed.is === 'recall' && number !== undefined)
          for (const edit of this.#deps.encryption?.editsOf(id, number) ?? [])
            void this.#changes
              .add({ conversationId: id, deed, number: edit }, { name })
              .catch(() => undefined);
        return this.#changes.add(
          { conversationId: id, deed, ...(number !== undefined && { number }) },
          { name, ...(waitMs !== undefined && { waitMs }) },
        );
      },
    });
  }

  async #editEncrypted(conversationId: string, number: number, content: TextContent): Promise<void> {
    const { api, encryption } = this.#deps;
    const sealed = await this.#asked(async () => encryption?.sealEdit(conversationId, number, content));
    if (!sealed) return;
    const params = { path: { conversationId }, header: { 'idempotency-key': randomId() } };
    const sent = api.POST('/v1/conversations/{conversationId}/messages', {
      params,
      body: { content: sealed },
    });
    const answer = await this.#asked(() => ask(sent));
    if (!isSealedAs(answer.content, sealed)) throw otherMessage();
    this.#said([answer]);
  }

  /** The platform says again what it can read, where it can be read; this device what is encrypted, where it is encrypted. */
  async #forward(id: string, { numbers, to, key }: Forward): Promise<void> {
    const { api, encryption } = this.#deps;
    const isEncrypted = (one: string): boolean => encryption?.isEncrypted(one) === true;
    const [sealed, plain] = [to.filter(isEncrypted), to.filter((one) => !isEncrypted(one))];
    if (isEncrypted(id) && plain.length > 0)
      throw new ChatError(
        'NOT_ENCRYPTED',
        'What was said encrypted is forwarded to encrypted conversations alone.',
        {
          cure: 'Encrypt the other conversation, or say it there yourself.',
        },
      );
    if (sealed.length > 0) await this.#forwardSealed(id, { numbers, to: sealed, key });
    if (plain.length === 0) return;
    this.#said(await this.#asked(() => forwardMessages(api, id, { numbers, to: plain, key })));
  }

  async #forwardSealed(id: string, { numbers, to, key }: Forward): Promise<void> {
    const shown = this.#conversations.of(id).get().messages;
    const said = await Promise.all(
      numbers.map(async (number) => {
        const message = shown.find((one) => one.number === number);
        return { number, content: await this.#asked(() => again(message, this.#deps)) };
      }),
    );
    for (const conversationId of to)
      for (const { number, content } of said)
        this.outbox.addOnce(`${key}:${number}:${conversationId}`, { conversationId, content });
  }

  #said(messages: readonly StoredMessage[]): void {
    this.#intake.said(messages);
    this.#tabs.tell({ note: 'said', messages });
  }

  /** Where it is encrypted, the platform gets bytes of no kind, and the message has what opens them. */
  async #upload(
    file: LocalFile,
    how: { readonly key: string; readonly conversationId: string } & Omit<UploadOptions, 'key'>,
  ): Promise<SendableContent> {
    const { encryption } = this.#deps;
    if (!encryption?.isEncrypted(how.conversationId)) return this.uploads.upload(file, how);
    const { file: sealed, key } = await encryption.sealFile(file);
    // Sealed again it is another file: what has arrived of the one before is none of it.
    const kept = await this.uploads.upload(sealed, { ...how, key: randomId() });
    return withKey(file, { ...key, url: 'url' in kept ? kept.url : '' });
  }

  /** What is encrypted as it was said, as soon as it is open. */
  #seeMessage(message: StoredMessage): StoredMessage | undefined {
    const { encryption } = this.#deps;
    const seen = this.#changes.seeMessage(message);
    if (!seen || !encryption) return seen;
    const shown = encryption.reveal(seen);
    // It stands in the place of an older one.
    const isEdit = shown.encryption?.kind === 'read' && shown.encryption.edits !== undefined;
    return isEdit ? undefined : shown;
  }

  #seeConversation(summary: ConversationSummary): ConversationSummary {
    const { encryption } = this.#deps;
    const seen = this.#changes.seeConversation(summary);
    if (!encryption) return seen;
    const isEncrypted = encryption.isEncrypted(seen.id);
    const lastMessage = seen.lastMessage && encryption.reveal(seen.lastMessage);
    if (lastMessage === seen.lastMessage && !isEncrypted) return seen;
    const known = this.#seen.get(seen);
    if (known?.lastMessage === lastMessage && known.isEncrypted === isEncrypted) return known;
    const shown = { ...seen, lastMessage, isEncrypted };
    this.#seen.set(seen, shown);
    return shown;
  }

  /** Something of it can be read now, or of all. */
  revealed(conversationId?: string): void {
    this.inbox.list.changed();
    const some =
      conversationId === undefined ? this.#conversations.all : [this.#conversations.get(conversationId)];
    for (const conversation of some) conversation?.changed();
  }

  #lookAt(groupId: string): GroupDetails {
    const { userId, api } = this.#deps;
    return new GroupDetails({ ...{ id: groupId, userId, api, people: this.people } });
  }
}

function noEncryption(): ChatError {
  return new ChatError('ENCRYPTION_OFF', 'It was written to be encrypted, and this page cannot do that.', {
    cure: 'Give the chat the option `encryption`, as the page had that it was written in.',
  });
}

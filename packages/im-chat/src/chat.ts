import type { DeviceState } from 'im-device';
import type { ApiClient, Problem } from 'im-platform/client';
import { Account } from './account.ts';
import { ask, openApi } from './api/api.ts';
import type { Calls } from './calls/calls.ts';
import { userIdOf } from './api/tokens.ts';
import type { Conversation } from './conversation.ts';
import { ChatError } from './errors.ts';
import { Emitter, type ChatEvents } from './events.ts';
import { exportMe, type ExportOptions } from './files/export.ts';
import type { UploadOptions } from './files/upload.ts';
import type { CallState } from './model/call.ts';
import type { ConversationList } from './model/conversation-summary.ts';
import type { LocalFile, SendableContent } from './model/message.ts';
import type { Presence, Typist } from './model/presence.ts';
import { noContacts, type ContactList } from './model/contact-list.ts';
import type { User } from './people/cards.ts';
import { Contacts } from './people/contacts.ts';
import type { GroupDetails } from './people/group-details.ts';
import type { MyChanges, Myself } from './people/me.ts';
import { resolveOptions, type ChatOptions, type ResolvedOptions } from './options.ts';
import { Current, Shown, type Readable } from './readable.ts';
import { connectionOf, whyOver, type Session } from './session.ts';
import { memoryStore } from './store/memory-store.ts';
import { storeFailed } from './store/store-failed.ts';
import type { UserStore } from './store/store.ts';

export interface Credentials {
  readonly userName: string;
  readonly password: string;
  /** Of which kind this device is: one of each kind is online at a time. @default 'web' */
  readonly device?: 'web' | 'app' | 'pc';
}

/** What follows where the account has a second factor: `ticket` of the error SECOND_FACTOR_NEEDED, and a code of the app or for who has lost it. */
export interface SecondStep {
  readonly ticket: string;
  readonly code: string;
}

export interface Registration extends Credentials {
  /** What others see. @default the user name */
  readonly nickName?: string;
  /** The code of one, where the platform wants it. */
  readonly invitation?: string;
}

const deleted: Session = { kind: 'signed-out', why: 'deleted', detail: '' };
const nothing: ConversationList = { items: [], unread: 0, isLoaded: false };
const nowhere: ReadonlySet<string> = new Set();

/**
 * A chat on im-platform, for one person at a time. Nothing happens before `start()` or `signIn()`.
 *
 * @example
 * const chat = new Chat({ url: location.origin, imUrl: 'wss://push.example.com/im' });
 * await chat.signIn({ userName: 'ann', password });
 * chat.on('message', (message) => console.log(message.content));
 */
export class Chat implements AsyncDisposable {
  readonly session: Readable<Session>;
  readonly conversations: Readable<ConversationList>;
  /** Conversations in which something could not be sent, and waits for `retry` or `cancel`. */
  readonly failed: Readable<ReadonlySet<string>>;
  /** Friends, groups, requests, blocks; and what is to be done about them. */
  readonly contacts: Contacts;
  /** The one who is signed in, as soon as it is known. */
  readonly me: Readable<Myself | undefined>;
  /** The call of this page, if there is one; `calls` has what can be done about it. */
  readonly call: Readable<CallState>;
  /** All of `/v1`, as the one who is signed in. */
  readonly api: ApiClient;
  readonly #options: ResolvedOptions;
  readonly #emitter = new Emitter();
  readonly #session: Shown<Session>;
  /** Of whoever is signed in. */
  readonly #conversations: Current<ConversationList>;
  readonly #failed: Current<ReadonlySet<string>>;
  readonly #contacts: Current<ContactList>;
  readonly #me: Current<Myself | undefined>;
  readonly #call: Current<CallState>;
  #state: Session = { kind: 'signed-out', why: 'never', detail: '' };
  #account: Account | undefined;
  #isDeleting = false;
  /** One after the other: sign in, sign out, and what the platform ends. */
  #turn: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(options: ChatOptions) {
    this.#options = resolveOptions(options);
    this.api = openApi({
      ...this.#options,
      onSessionOver: (why) => this.#over(why),
    });
    this.session = this.#session = new Shown(() => this.#state);
    this.conversations = this.#conversations = new Current(nothing);
    this.failed = this.#failed = new Current(nowhere);
    this.#contacts = new Current(noContacts);
    this.me = this.#me = new Current<Myself | undefined>(undefined);
    this.call = this.#call = new Current<CallState>({ kind: 'none' });
    this.contacts = new Contacts({
      ...{ api: this.api, list: this.#contacts },
      people: () => this.#signedIn().people,
    });
  }

  /** Goes on with the session that is kept, if there is one. Resolves when what is kept can be seen; the network may be away. */
  start(): Promise<void> {
    return this.#inTurn(async () => {
      const tokens = this.#options.tokens.read();
      if (tokens && !this.#account) await this.#begin(tokens.accessToken);
    });
  }

  /** Opens an account, and signs in with it. */
  async register({ device, nickName, invitation, ...who }: Registration): Promise<void> {
    const more = {
      ...(nickName !== undefined && { nickName }),
      ...(invitation !== undefined && { invitation }),
    };
    await ask(this.api.POST('/v1/accounts', { body: { ...who, ...more } }));
    await this.signIn({ ...who, ...(device && { device }) });
  }

  signIn(who: Credentials | SecondStep): Promise<void> {
    return this.#inTurn(async () => {
      await this.#end({ kind: 'signed-out', why: 'signed-out', detail: '' });
      const { accessToken } = await ask(
        'ticket' in who
          ? this.api.POST('/v1/sessions/second-factor', { body: who })
          : this.api.POST('/v1/sessions', { body: { device: 'web', ...who } }),
      );
      await this.#begin(accessToken);
    });
  }

  /**
   * Ends the session, here and at the platform. What is not sent yet stays on this device for the next time, unless
   * everything is to be forgotten.
   */
  signOut({ forget = false }: { readonly forget?: boolean } = {}): Promise<void> {
    return this.#inTurn(async () => {
      if (forget) await this.#account?.forget();
      await this.#end({ kind: 'signed-out', why: 'signed-out', detail: '' });
      // A session that nobody can end now ends by its time.
      if (this.#options.tokens.read())
        await ask(this.api.DELETE('/v1/sessions/current')).catch(() => undefined);
      this.#options.tokens.write(undefined);
    });
  }

  /** Deletes the account at the platform, at once and for good, and all that is kept of it here. Who has no password has signed in just now. */
  deleteMe(password?: string): Promise<void> {
    return this.#inTurn(async () => {
      const account = this.#signedIn();
      // Its sessions end before the answer is here.
      this.#isDeleting = true;
      try {
        await ask(
          this.api.POST('/v1/me/deletion', { body: { ...(password !== undefined && { password }) } }),
        );
        await account.forget();
        await this.#end(deleted);
        this.#options.tokens.write(undefined);
      } finally {
        this.#isDeleting = false;
      }
    });
  }

  /** All that the platform keeps of who is signed in, as a document of JSON. */
  exportMe(options: ExportOptions = {}): Promise<Blob> {
    const { url, language, fetch } = this.#options;
    const accessToken: ApiClient['accessToken'] = (wish) => this.api.accessToken(wish);
    return exportMe({ url, language, fetch, accessToken }, options);
  }

  /** One conversation, by the id that friends, groups and the list have; the same object while somebody subscribes to it. */
  conversation(id: string): Conversation {
    return this.#signedIn().conversation(id);
  }

  /** Calls of the one who is signed in. */
  get calls(): Calls {
    return this.#signedIn().calls;
  }

  /** A group, to look at and to change: with its members. */
  group(id: string): GroupDetails {
    return this.#signedIn().group(id);
  }

  /** What anybody is called and looks like; undefined until it is known. */
  user(id: string): Readable<User | undefined> {
    return this.#signedIn().cards.of(id);
  }

  /**
   * Whether somebody is there, as long as somebody subscribes to it: friends, and members of the same groups. Undefined: it is not known, or
   * not for me.
   */
  presence(userId: string): Readable<Presence | undefined> {
    return this.#signedIn().presences.of(userId);
  }

  /** Who is writing something in a conversation. */
  typing(conversationId: string): Readable<readonly Typist[]> {
    return this.#signedIn().typing.in(conversationId);
  }

  /** Changes what others see of the one who is signed in. */
  changeMe(changes: MyChanges): Promise<Myself> {
    return this.#signedIn().changeMe(changes);
  }

  /** Uploads a file, however often it is cut off; what it resolves with can be sent. A file that is sent as it is uploads itself. */
  upload(file: LocalFile, options: UploadOptions = {}): Promise<SendableContent> {
    return this.#signedIn().uploads.upload(file, options);
  }

  /** After a kick: takes over again, and the other device is out. */
  comeBack(): void {
    this.#account?.comeBack();
  }

  /** Tries to connect now, and not at the time of the next attempt. */
  retryNow(): void {
    this.#account?.wake();
  }

  /** Asks the platform what has changed. Happens by itself with each connection. */
  sync(): Promise<void> {
    return this.#signedIn().sync();
  }

  /** What waits to be sent, in all conversations. */
  get waiting(): number {
    return this.#account?.outbox.waiting ?? 0;
  }

  /** Resolves when everything that was written or done so far outlives this page: a moment after `send`. */
  async stored(): Promise<void> {
    await this.#account?.stored();
  }

  on<Name extends keyof ChatEvents>(name: Name, handler: ChatEvents[Name]): () => void {
    return this.#emitter.on(name, handler);
  }

  /** Lets go of everything; who is signed in stays so. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#turn;
    await this.#account?.close();
    this.#account = undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #begin(accessToken: string): Promise<void> {
    const userId = userIdOf(accessToken);
    if (userId === undefined)
      throw new ChatError('SIGNED_OUT', 'The session that is kept is none.', { cure: 'Sign in again.' });
    const store = await this.#openStore(userId);
    // Encryption is there before the account that it tells of what can be read.
    const opened: { account?: Account } = {};
    const encryption = await this.#options.encryption?.open({
      ...{ userId, store, api: this.api },
      lastNumber: (id) => opened.account?.inbox.get(id)?.last ?? 0,
      onChanged: (id) => opened.account?.revealed(id),
      onError: (error) => this.#emitter.emit('error', error),
    });
    const account = await Account.open({
      ...{ userId, store, api: this.api, options: this.#options, emitter: this.#emitter, encryption },
      onDevice: (state) => this.#onDevice(state),
      onBanned: (reason) => this.#ended({ kind: 'signed-out', why: 'banned', detail: reason }),
    });
    opened.account = account;
    // Whoever sees that somebody is signed in sees what is theirs.
    this.#account = account;
    this.#become({ kind: 'signed-in', userId, connection: { kind: 'connecting' } });
    this.#conversations.become(account.inbox.list);
    this.#failed.become(account.outbox.failed);
    this.#contacts.become(account.people.list);
    this.#me.become(account.me.shown);
    this.#call.become(account.calls.state);
  }

  /** A browser that lets the page keep nothing does not keep it from its user. */
  async #openStore(userId: string): Promise<UserStore> {
    try {
      return await this.#options.store.open(userId);
    } catch (cause) {
      this.#emitter.emit('error', storeFailed(cause));
      return memoryStore().open(userId);
    }
  }

  async #end(state: Session): Promise<void> {
    const account = this.#account;
    this.#account = undefined;
    if (account || this.#state.kind === 'signed-in') this.#become(state);
    for (const current of [this.#conversations, this.#failed, this.#contacts, this.#me, this.#call])
      current.become(undefined);
    await account?.close();
  }

  #onDevice(state: DeviceState): void {
    if (this.#state.kind !== 'signed-in') return;
    if (state.kind === 'kicked' && state.why === 'ended') {
      // The platform ended the session, or only this connection: it says so when it is asked.
      void this.api.accessToken({ refresh: true }).then(
        () => this.#account?.comeBack(),
        () => undefined,
      );
      return;
    }
    if (state.kind === 'closed') return;
    const connection = connectionOf(state, this.#state.connection);
    if (connection !== this.#state.connection) this.#become({ ...this.#state, connection });
  }

  /** The refresh token is no good any more. */
  #over(why: Problem | undefined): void {
    this.#ended(whyOver(why));
  }

  #ended(why: Extract<Session, { kind: 'signed-out' }>): void {
    // The first reason is the true one: what follows is its consequence.
    if (this.#state.kind !== 'signed-in') return;
    const state = this.#isDeleting ? deleted : why;
    this.#become(state);
    void this.#inTurn(() => this.#end(state)).catch(() => undefined);
  }

  #become(state: Session): void {
    const isAnother = whose(state) !== whose(this.#state);
    this.#state = state;
    this.#session.changed();
    if (isAnother) this.#emitter.emit('session', state);
  }

  #inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const turn = this.#turn.then(() => {
      if (this.#isClosed) throw new ChatError('CLOSED', 'The chat is closed.', { cure: 'Make another one.' });
      return act();
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  #signedIn(): Account {
    if (!this.#account)
      throw new ChatError('SIGNED_OUT', 'Nobody is signed in.', { cure: 'Call `start` or `signIn` before.' });
    return this.#account;
  }
}

function whose(session: Session): string | undefined {
  return session.kind === 'signed-in' ? session.userId : undefined;
}

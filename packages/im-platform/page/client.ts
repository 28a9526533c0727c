import { createDevice, type Device, type DeviceMessage, type DeviceState } from 'im-device';
import { SignedOut, type Api } from './api.ts';
import { Chats, type Chat, type ChatKind, type Message } from './chats.ts';
import {
  Type,
  type Friend,
  type Group,
  type GroupMessage,
  type PrivateMessage,
  type Self,
  type SystemMessage,
} from './wire.ts';

interface Pushed {
  readonly private: PrivateMessage;
  readonly group: GroupMessage;
  readonly system: SystemMessage;
}

/** What the screen hears of. */
export interface ClientEvents {
  /** Something that is shown has changed. */
  changed(): void;
  /** Somebody has said something. */
  said(chat: Chat, message: Message): void;
  /** Another page has taken over; this one stays out until `comeBack`. */
  kicked(by: string): void;
  /** For good, and why. */
  ended(reason: string): void;
}

export type Connection = 'connecting' | 'online' | 'offline' | 'kicked';

const onlineEveryMs = 10_000;
const retryPullMs = 3_000;
const historyPage = 30;

/** One signed-in person: fetches what was missed, takes what is pushed, and does what the user asks for. */
export class Client {
  readonly chats: Chats;
  connection: Connection = 'connecting';
  /** The chat on the screen: what comes in there is read. */
  shown: Chat | undefined;
  readonly #api: Api;
  readonly #device: Device<Pushed>;
  #events: ClientEvents = { changed: ignore, said: ignore, kicked: ignore, ended: ignore };
  #everySoOften: ReturnType<typeof setInterval> | undefined;
  /** Up to here was pulled. What is pushed does not move it: something smaller may have been lost with the connection. */
  readonly #pulled: Record<ChatKind, number> = { friend: 0, group: 0 };
  /** The last message under way of each chat. */
  readonly #sending = new Map<string, Promise<void>>();

  /** Resolves when there is something to show. */
  static async load(api: Api, imUrl: string): Promise<Client> {
    const client = new Client(api, imUrl, await api.get<Self>('/user/self'));
    await client.#loadPeople();
    return client;
  }

  private constructor(api: Api, imUrl: string, me: Self) {
    this.chats = new Chats(me);
    this.#api = api;
    this.#device = createDevice<Pushed>({
      url: imUrl,
      // It is put in its place by its id, so it may come late.
      late: 'deliver',
      token: async ({ refresh }) => (refresh ? this.#freshToken() : api.accessToken),
    });
    this.#device.on('state', ({ kind }) => {
      this.connection = this.#connectionIn(kind);
      if (kind === 'online') void this.#catchUp();
      this.#events.changed();
    });
    this.#device.on('message', (message) => this.#take(message));
    this.#device.on('kicked', (by) => this.#events.kicked(by));
  }

  /** Connects, and tells from now on. */
  start(events: ClientEvents): void {
    this.#events = events;
    this.#device.start();
    this.#everySoOften = setInterval(() => void this.#loadOnline().catch(ignore), onlineEveryMs);
  }

  /** The first attempt is no loss yet. */
  #connectionIn(kind: DeviceState['kind']): Connection {
    if (kind === 'kicked' || kind === 'online') return kind;
    return kind === 'connecting' && this.connection === 'connecting' ? 'connecting' : 'offline';
  }

  /** After a kick: takes over again. */
  comeBack(): void {
    this.#device.start();
  }

  async close(): Promise<void> {
    clearInterval(this.#everySoOften);
    await this.#device.close();
  }

  /** Shows a chat: its history is fetched, and what is there is read. */
  async show(chat: Chat | undefined): Promise<void> {
    this.shown = chat;
    if (!chat) return;
    this.markRead(chat);
    if (chat.pages === 0) await this.loadEarlier(chat);
  }

  async loadEarlier(chat: Chat): Promise<void> {
    chat.pages += 1;
    const [kind, key] = chat.kind === 'friend' ? ['private', 'friendId'] : ['group', 'groupId'];
    const query = `${key}=${chat.id}&page=${chat.pages}&size=${historyPage}`;
    const unread = chat.unread;
    try {
      const rows = await this.#api.get<(PrivateMessage | GroupMessage)[]>(
        `/message/${kind}/history?${query}`,
      );
      for (const row of rows) this.chats.add(row);
      chat.mayHaveEarlier = rows.length === historyPage;
    } catch (error) {
      chat.pages -= 1;
      throw error;
    } finally {
      // What the history brings is no news.
      chat.unread = unread;
      this.#events.changed();
    }
  }

  /** Sends a text; the message is in the chat at once. */
  async send(chat: Chat, content: string): Promise<void> {
    const message: Message = {
      tmpId: crypto.randomUUID().replaceAll('-', ''),
      from: this.chats.me.id,
      fromName: this.chats.me.nickName,
      ...{ type: Type.TEXT, content, sentAt: Date.now(), state: 'sending', isRecalled: false },
    };
    chat.messages.push(message);
    await this.#deliverInTurn(chat, message);
  }

  /** Sends a message that failed again: with the same tmpId, so that it is there once, whatever became of it before. */
  async sendAgain(chat: Chat, message: Message): Promise<void> {
    message.state = 'sending';
    await this.#deliverInTurn(chat, message);
  }

  async recall(chat: Chat, { id }: Message): Promise<void> {
    const kind = chat.kind === 'friend' ? 'private' : 'group';
    this.chats.add(
      await this.#api.delete<PrivateMessage | GroupMessage>(`/message/${kind}/recall/${id ?? 0}`),
    );
    this.#events.changed();
  }

  markRead(chat: Chat): void {
    if (chat.unread === 0) return;
    chat.unread = 0;
    this.#events.changed();
    const last = chat.messages.findLast(({ id }) => id !== undefined)?.id ?? 0;
    const path =
      chat.kind === 'friend'
        ? `/message/private/readed?friendId=${chat.id}`
        : `/message/group/readed?groupId=${chat.id}&messageId=${last}`;
    // Lost, it is told with the next message that is read.
    void this.#api.put(path).catch(ignore);
  }

  /** One after the other: requests of one moment overtake each other on their way. */
  #deliverInTurn(chat: Chat, message: Message): Promise<void> {
    this.#events.changed();
    const key = `${chat.kind} ${chat.id}`;
    const before = this.#sending.get(key) ?? Promise.resolve();
    const turn = before.catch(ignore).then(() => this.#deliver(chat, message));
    this.#sending.set(key, turn);
    return turn;
  }

  async #deliver(chat: Chat, message: Message): Promise<void> {
    const { tmpId, content, type } = message;
    try {
      const sent =
        chat.kind === 'friend'
          ? await this.#api.post<PrivateMessage>('/message/private/send', {
              tmpId,
              recvId: chat.id,
              content,
              type,
            })
          : await this.#api.post<GroupMessage>('/message/group/send', {
              tmpId,
              groupId: chat.id,
              content,
              type,
            });
      this.chats.add(sent);
    } catch (error) {
      message.state = 'failed';
      throw error;
    } finally {
      this.#events.changed();
    }
  }

  #take({ kind, data }: DeviceMessage<Pushed>): void {
    if (kind === 'system') {
      if (data.type === Type.USER_BANNED) this.#events.ended(data.content ?? '');
    } else if (data.id === undefined) this.#hear(data);
    else {
      const news = this.chats.add(data);
      const chat = this.chats.chatOf(data);
      if (news) this.#events.said(chat, news);
      if (news && chat.kind === 'friend') chat.isOnline = true;
      if (chat === this.shown && document.visibilityState === 'visible') this.markRead(chat);
    }
    this.#events.changed();
  }

  /** What is pushed and not stored. */
  #hear(data: PrivateMessage | GroupMessage): void {
    switch (data.type) {
      case Type.READED:
        // I read it elsewhere.
        this.chats.chatOf(data).unread = 0;
        return;
      case Type.RECEIPT:
        if ('recvId' in data) this.chats.readByFriend(data.sendId);
        return;
      default:
        // Friends and groups that come, go or change. Calls are not for this page, and change nothing.
        void this.#loadPeople().catch(ignore);
    }
  }

  async #catchUp(): Promise<void> {
    try {
      const [friends, groups] = await Promise.all([
        this.#api.get<PrivateMessage[]>(`/message/private/loadOfflineMessage?minId=${this.#pulled.friend}`),
        this.#api.get<GroupMessage[]>(`/message/group/loadOfflineMessage?minId=${this.#pulled.group}`),
        this.#loadPeople(),
      ]);
      for (const row of friends) this.#takeMissed('friend', row);
      for (const row of groups) this.#takeMissed('group', row);
      if (this.shown && document.visibilityState === 'visible') this.markRead(this.shown);
      this.#events.changed();
    } catch (error) {
      if (error instanceof SignedOut) this.#events.ended(error.message);
      else setTimeout(() => this.connection === 'online' && void this.#catchUp(), retryPullMs);
    }
  }

  #takeMissed(kind: ChatKind, row: PrivateMessage | GroupMessage): void {
    this.chats.add(row);
    this.#pulled[kind] = Math.max(this.#pulled[kind], row.id ?? 0);
  }

  async #loadPeople(): Promise<void> {
    const [friends, groups] = await Promise.all([
      this.#api.get<Friend[]>('/friend/list'),
      this.#api.get<Group[]>('/group/list'),
    ]);
    this.chats.setFriends(friends);
    this.chats.setGroups(groups);
    await this.#loadOnline();
  }

  async #loadOnline(): Promise<void> {
    const ids = this.chats.list('friend').map(({ id }) => id);
    if (ids.length === 0) return;
    const online = await this.#api.get<{ userId: number }[]>(
      `/user/terminal/online?userIds=${ids.join(',')}`,
    );
    this.chats.setOnline(online.map(({ userId }) => userId));
    this.#events.changed();
  }

  async #freshToken(): Promise<string> {
    try {
      return await this.#api.refresh();
    } catch (error) {
      if (error instanceof SignedOut) this.#events.ended(error.message);
      throw error;
    }
  }
}

function ignore(): void {
  // Nobody waits for it, and it is tried again.
}

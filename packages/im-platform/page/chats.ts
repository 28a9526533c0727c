import {
  Status,
  Type,
  type Friend,
  type Group,
  type GroupMessage,
  type PrivateMessage,
  type Self,
} from './wire.ts';

export type ChatKind = 'friend' | 'group';

/** One line of a conversation, however it got here. */
export interface Message {
  /** None before the server has answered. */
  id?: number;
  /** Names it until then; what is sent again with the same is the same message. */
  readonly tmpId: string | undefined;
  readonly from: number;
  readonly fromName: string;
  readonly type: number;
  readonly content: string;
  readonly sentAt: number;
  state: 'sending' | 'failed' | 'sent' | 'read';
  isRecalled: boolean;
}

export interface Chat {
  readonly kind: ChatKind;
  /** Of the friend or of the group. */
  readonly id: number;
  name: string;
  image: string;
  notice: string;
  /** Whether one may write there: friends that are gone and groups that one has left stay to be read. */
  isOpen: boolean;
  isOnline: boolean;
  unread: number;
  /** By id; what has none comes last. */
  messages: Message[];
  /** Pages of the history that were fetched, and whether there may be more. */
  pages: number;
  mayHaveEarlier: boolean;
}

/** What the page knows: conversations and what was said in them. Knows neither the server nor the screen. */
export class Chats {
  readonly #all = new Map<string, Chat>();
  readonly me: Self;

  constructor(me: Self) {
    this.me = me;
  }

  /** Conversations of a kind; where something was said last comes first. */
  list(kind: ChatKind): Chat[] {
    const chats = [...this.#all.values()].filter((chat) => chat.kind === kind);
    const isShown = (chat: Chat): boolean => chat.isOpen || chat.messages.length > 0;
    return chats.filter(isShown).sort((one, other) => lastAt(other) - lastAt(one) || one.id - other.id);
  }

  get unread(): number {
    return [...this.#all.values()].reduce((sum, chat) => sum + chat.unread, 0);
  }

  setFriends(friends: readonly Friend[]): void {
    for (const { id, nickName, headImage, deleted } of friends)
      Object.assign(this.get('friend', id), { name: nickName, image: headImage, isOpen: !deleted });
  }

  setGroups(groups: readonly Group[]): void {
    for (const { id, showGroupName, headImageThumb, notice, quit, dissolve } of groups)
      Object.assign(this.get('group', id), {
        ...{ name: showGroupName, image: headImageThumb, notice: notice ?? '' },
        isOpen: !quit && !dissolve,
      });
  }

  setOnline(userIds: readonly number[]): void {
    const online = new Set(userIds);
    for (const chat of this.list('friend')) chat.isOnline = online.has(chat.id);
  }

  get(kind: ChatKind, id: number): Chat {
    const key = `${kind}:${id}`;
    let chat = this.#all.get(key);
    if (!chat) {
      chat = {
        ...{ kind, id, name: '', image: '', notice: '', isOpen: false, isOnline: false },
        ...{ unread: 0, messages: [], pages: 0, mayHaveEarlier: true },
      };
      this.#all.set(key, chat);
    }
    return chat;
  }

  chatOf(message: PrivateMessage | GroupMessage): Chat {
    if ('groupId' in message) return this.get('group', message.groupId);
    return this.get('friend', message.sendId === this.me.id ? message.recvId : message.sendId);
  }

  /** Puts a stored message where it belongs, once. Returns it when it is new and from somebody else. */
  add(wire: PrivateMessage | GroupMessage): Message | undefined {
    const chat = this.chatOf(wire);
    if (wire.type === Type.RECALL) {
      this.#recall(chat, wire);
      return undefined;
    }
    const isMine = wire.sendId === this.me.id;
    const message = toMessage(wire, isMine ? this.me.nickName : this.#nameOf(wire));
    const known = chat.messages.find((one) => isSame(one, message));
    if (known) {
      // A recalled one stays recalled, and what was read stays read.
      if (message.id !== undefined) known.id = message.id;
      known.isRecalled ||= message.isRecalled;
      if (known.state !== 'read') known.state = message.state;
    } else chat.messages.push(message);
    chat.messages.sort(
      (one, other) => (one.id ?? Infinity) - (other.id ?? Infinity) || one.sentAt - other.sentAt,
    );
    if (known || isMine) return undefined;
    if (message.state !== 'read' && !message.isRecalled && message.type !== Type.TIP_TEXT) chat.unread += 1;
    return message;
  }

  /** The friend has read what I wrote. */
  readByFriend(friendId: number): void {
    for (const message of this.get('friend', friendId).messages)
      if (message.from === this.me.id && message.state === 'sent') message.state = 'read';
  }

  #nameOf(wire: PrivateMessage | GroupMessage): string {
    return 'groupId' in wire ? (wire.sendNickName ?? '') : this.get('friend', wire.sendId).name;
  }

  /** Of a message that has not been fetched yet, the recall stands in its place. */
  #recall(chat: Chat, wire: PrivateMessage | GroupMessage): void {
    const id = Number(wire.content);
    const known = chat.messages.find((message) => message.id === id);
    if (known) {
      if (!known.isRecalled && known.state !== 'read' && known.from !== this.me.id)
        chat.unread = Math.max(0, chat.unread - 1);
      known.isRecalled = true;
    } else this.add({ ...wire, id, tmpId: null, type: Type.TEXT, content: '', status: Status.RECALLED });
  }
}

function lastAt({ messages }: Chat): number {
  return messages.at(-1)?.sentAt ?? 0;
}

function isSame(one: Message, other: Message): boolean {
  if (one.id !== undefined && other.id !== undefined) return one.id === other.id;
  return one.tmpId !== undefined && one.tmpId === other.tmpId && one.from === other.from;
}

function toMessage(wire: PrivateMessage | GroupMessage, fromName: string): Message {
  return {
    ...(wire.id !== undefined && { id: wire.id }),
    tmpId: wire.tmpId ?? undefined,
    from: wire.sendId,
    fromName,
    type: wire.type,
    content: wire.content ?? '',
    sentAt: wire.sendTime ?? Date.now(),
    state: wire.status === Status.READ ? 'read' : 'sent',
    isRecalled: wire.status === Status.RECALLED,
  };
}

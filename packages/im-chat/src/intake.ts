import type { Calls } from './calls/calls.ts';
import type { Outcome } from './changes/do-at-platform.ts';
import type { Conversation } from './conversation.ts';
import type { AccountEncryption } from './encryption/encryption.ts';
import type { Emitter } from './events.ts';
import type { OnePerId } from './one-per-id.ts';
import type { Inbox } from './inbox/inbox.ts';
import type { SyncAnswer } from './inbox/sync.ts';
import { show, type StoredMessage } from './model/message.ts';
import type { PendingChange } from './model/pending-change.ts';
import type { GroupDetails } from './people/group-details.ts';
import type { KnownPeople } from './people/known-people.ts';
import type { Presences } from './people/presences.ts';
import type { Typing } from './people/typing.ts';
import { readPush, type Counted, type Recall } from './pushes/push.ts';
import type { MessageCache } from './store/message-cache.ts';
import type { Saver } from './store/saver.ts';

export interface IntakeDeps {
  readonly userId: string;
  readonly inbox: Inbox;
  readonly cache: MessageCache;
  readonly saver: Saver;
  readonly emitter: Emitter;
  readonly people: Pick<KnownPeople, 'refresh'>;
  readonly presences: Pick<Presences, 'heard'>;
  readonly typing: Pick<Typing, 'heard' | 'spoke'>;
  readonly conversations: Pick<OnePerId<Conversation>, 'get' | 'all'>;
  readonly groups: Pick<OnePerId<GroupDetails>, 'get'>;
  readonly calls: Pick<Calls, 'heard'>;
  readonly encryption: Pick<AccountEncryption, 'heard'> | undefined;
  /** Asks the platform what has changed. */
  sync(): void;
  onBanned(reason: string): void;
}

/** What the platform says, by pushes, by syncs and as answers, brought to all who are to know it. */
export class Intake {
  readonly #deps: IntakeDeps;

  constructor(deps: IntakeDeps) {
    this.#deps = deps;
  }

  pushed(kind: string, data: unknown): void {
    const { userId, inbox, conversations, emitter, people } = this.#deps;
    const push = readPush(kind, data, userId);
    switch (push.is) {
      case 'message':
        this.#take(push.message, push.counted);
        return;
      case 'recall':
        this.#takeRecall(push);
        return;
      case 'changed':
        this.#changed(push.message);
        return;
      case 'deleted':
        this.#deleted(push.conversationId, push.numbers);
        return;
      case 'positions':
        inbox.reached(push.positions);
        conversations.get(push.positions.conversationId)?.changed();
        return;
      case 'conversation': {
        const { id, last } = push.conversation;
        inbox.apply(push.conversation);
        conversations.get(id)?.timeline.heardOf(last);
        conversations.get(id)?.changed();
        return;
      }
      case 'typing':
        this.#deps.typing.heard(push.typing);
        return;
      case 'presence':
        this.#deps.presences.heard(push.presences);
        return;
      case 'joinRequest':
        emitter.emit('joinRequest', push.request);
        return;
      case 'people':
        emitter.emit('people');
        void people.refresh(push.parts);
        this.#deps.sync();
        return;
      case 'banned':
        this.#deps.onBanned(push.reason);
        return;
      case 'of-call':
        this.#deps.calls.heard(push.of);
        return;
      case 'encryption':
        this.#deps.encryption?.heard(push.news);
        return;
      case 'other':
        emitter.emit('push', kind, data);
    }
  }

  synced({ conversations, removed, cursor, isReset }: SyncAnswer): void {
    const { inbox, cache, saver } = this.#deps;
    if (isReset) {
      inbox.reset();
      void cache.reset();
      for (const conversation of this.#deps.conversations.all) conversation.beginAnew();
    }
    for (const one of conversations) this.#syncedOne(one);
    inbox.remove(removed);
    // With what it stands for: both or neither.
    saver.save([{ table: 'state', key: 'cursor', value: cursor }]);
  }

  /** What was written here is at the platform. */
  sent(message: StoredMessage): void {
    this.#deps.inbox.heard(message);
    this.#deps.conversations.get(message.conversationId)?.heard(message);
    this.#deps.emitter.emit('sent', show(message, true));
  }

  /** What was said by me, and was never in the outbox. */
  said(messages: readonly StoredMessage[]): void {
    for (const message of messages) this.#take(message);
  }

  /** What was done here is done. */
  did({ conversationId, number = 0 }: PendingChange, outcome: Outcome): void {
    switch (outcome.is) {
      case 'conversation':
        this.#deps.inbox.apply(outcome.conversation);
        return;
      case 'message':
        this.#changed(outcome.message);
        return;
      case 'recalled':
        this.#recalled(conversationId, number, (message) => message.number === number);
        return;
      case 'deleted':
        this.#deleted(conversationId, [number]);
    }
  }

  #syncedOne({
    messages,
    changed,
    deleted,
    mustReload,
    ...state
  }: SyncAnswer['conversations'][number]): void {
    const { inbox, cache, conversations } = this.#deps;
    const { id, first, last } = state;
    const newest = messages.at(-1);
    inbox.apply(newest ? { ...state, lastMessage: newest } : state);
    cache.beginAt(id, first);
    if (mustReload) cache.forget(id);
    const page = {
      items: messages,
      from: Math.max(first, messages[0]?.number ?? last),
      to: last,
      first,
      last,
    };
    const conversation = conversations.get(id);
    if (conversation) conversation.synced(page, changed, mustReload);
    else {
      if (messages.length > 0) void cache.keep(id, page);
      for (const message of changed) cache.change(message);
    }
    if (deleted.length > 0) this.#deleted(id, deleted);
    conversation?.changed();
  }

  #take(message: StoredMessage, counted?: Counted): void {
    const { inbox, conversations, emitter, userId } = this.#deps;
    const { conversationId: id, number, senderId } = message;
    const known = inbox.get(id);
    const isNews = number > (known?.last ?? 0) && senderId !== userId;
    this.#deps.typing.spoke(id, senderId);
    inbox.heard(message, counted);
    const conversation = conversations.get(id);
    if (conversation) conversation.timeline.heard(message);
    else if (number > (known?.last ?? 0)) this.#keep(message);
    else this.#deps.cache.change(message);
    // Of a group it says who came, went, or may do what.
    if (message.content.type === 'notice') this.#lookAgainAt(known?.groupId);
    if (isNews && message.content.type !== 'notice') emitter.emit('message', show(message, false));
  }

  #takeRecall(push: Recall): void {
    const { inbox, conversations } = this.#deps;
    const { conversationId: id, number, recalled, messageId } = push;
    const held = conversations.get(id)?.timeline.held.find((message) => message.number === recalled);
    inbox.heardRecall(push, held);
    this.#recalled(id, recalled, (message) => message.id === messageId);
    if (number !== undefined) conversations.get(id)?.timeline.heardNothing(number);
  }

  #recalled(id: string, number: number | undefined, isIt: (message: StoredMessage) => boolean): void {
    this.#deps.inbox.recalled(id, isIt);
    this.#deps.conversations.get(id)?.recalled(isIt);
    if (number !== undefined) this.#deps.cache.recalled(id, number);
  }

  #changed(message: StoredMessage): void {
    this.#deps.inbox.changed(message);
    const conversation = this.#deps.conversations.get(message.conversationId);
    if (conversation) conversation.heard(message);
    else this.#deps.cache.change(message);
  }

  #deleted(id: string, numbers: readonly number[]): void {
    const { inbox, cache, conversations } = this.#deps;
    const timeline = conversations.get(id)?.timeline;
    if (timeline) timeline.deleted(numbers);
    else cache.remove(id, numbers);
    inbox.deleted(id, numbers, timeline?.held.at(-1));
    conversations.get(id)?.changed();
  }

  #lookAgainAt(groupId: string | null | undefined): void {
    const group = groupId == null ? undefined : this.#deps.groups.get(groupId);
    // It is shown where the group is, and tried again with the next connection.
    if (group?.isWatched) void group.refresh().catch(() => undefined);
  }

  /** So that a conversation that is opened later begins with it. */
  #keep(message: StoredMessage): void {
    const { conversationId: id, number } = message;
    const { first = 1, last = number } = this.#deps.inbox.get(id) ?? {};
    void this.#deps.cache.keep(id, { items: [message], from: number, to: number, first, last });
  }
}

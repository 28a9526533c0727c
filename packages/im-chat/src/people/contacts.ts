import type { ApiClient } from 'im-platform/client';
import { ask } from '../api/api.ts';
import { randomId } from '../random-id.ts';
import type { Readable } from '../readable.ts';
import type { ContactList, Friend, Group } from '../model/contact-list.ts';
import type { KnownPeople } from './known-people.ts';

export interface ContactsDeps {
  readonly api: ApiClient;
  readonly list: Readable<ContactList>;
  /** Of the one who is signed in. */
  people(): KnownPeople;
}

/** Whom one knows, and what is to be done about it. What it does is in the list when it resolves. */
export class Contacts implements Readable<ContactList> {
  readonly get: () => ContactList;
  readonly subscribe: (listener: () => void) => () => void;
  readonly #deps: ContactsDeps;

  constructor(deps: ContactsDeps) {
    this.#deps = deps;
    this.get = deps.list.get;
    this.subscribe = deps.list.subscribe;
  }

  /** Asks the platform for everything again. Happens by itself with each connection, and when the platform says so. */
  refresh(): Promise<void> {
    return this.#deps.people().refresh();
  }

  /** Asks to be friends; who has asked oneself is a friend then. */
  async ask(userId: string, text?: string): Promise<'asked' | 'friends'> {
    const body = { userId, ...(text !== undefined && text !== '' && { text }) };
    const { state } = await ask(this.#deps.api.POST('/v1/friend-requests', { body }));
    await this.#deps.people().refresh(state === 'friends' ? ['friends', 'received', 'sent'] : ['sent']);
    return state;
  }

  /** Says yes to who has asked. */
  async accept(userId: string): Promise<Friend> {
    const params = { path: { userId } };
    const friend = await ask(this.#deps.api.PUT('/v1/friends/{userId}', { params }));
    this.#deps.people().change(({ friends, received, sent }) => ({
      friends: [...friends.filter(isNot(userId)), friend],
      received: received.filter(isNot(userId)),
      sent: sent.filter(isNot(userId)),
    }));
    return friend;
  }

  /** Says no; the other one is not told. */
  async decline(userId: string): Promise<void> {
    const params = { path: { userId } };
    await ask(this.#deps.api.DELETE('/v1/friend-requests/received/{userId}', { params }));
    this.#deps.people().change(({ received }) => ({ received: received.filter(isNot(userId)) }));
  }

  /** Takes back what was asked. */
  async withdraw(userId: string): Promise<void> {
    const params = { path: { userId } };
    await ask(this.#deps.api.DELETE('/v1/friend-requests/sent/{userId}', { params }));
    this.#deps.people().change(({ sent }) => ({ sent: sent.filter(isNot(userId)) }));
  }

  async unfriend(userId: string): Promise<void> {
    await ask(this.#deps.api.DELETE('/v1/friends/{userId}', { params: { path: { userId } } }));
    this.#deps.people().change(({ friends }) => ({ friends: friends.filter(isNot(userId)) }));
  }

  /** Neither can write to the other from then on, nor call, nor ask. */
  async block(userId: string): Promise<void> {
    await ask(this.#deps.api.PUT('/v1/blocks/{userId}', { params: { path: { userId } } }));
    await this.#deps.people().refresh(['blocks', 'received', 'sent']);
  }

  async unblock(userId: string): Promise<void> {
    await ask(this.#deps.api.DELETE('/v1/blocks/{userId}', { params: { path: { userId } } }));
    this.#deps.people().change(({ blocks }) => ({ blocks: blocks.filter(isNot(userId)) }));
  }

  /** A group of one's own, with these in it. */
  async createGroup(name: string, userIds: readonly string[] = []): Promise<Group> {
    const { api } = this.#deps;
    const header = { 'idempotency-key': randomId() };
    const group = await ask(api.POST('/v1/groups', { params: { header }, body: { name } }));
    this.#deps.people().change(({ groups }) => ({ groups: [...groups, group] }));
    if (userIds.length > 0) {
      const params = { path: { groupId: group.id } };
      await ask(api.POST('/v1/groups/{groupId}/members', { params, body: { userIds: [...userIds] } }));
    }
    return group;
  }
}

function isNot(userId: string): (one: { readonly userId: string }) => boolean {
  return (one) => one.userId !== userId;
}

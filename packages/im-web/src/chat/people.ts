import type { ContactList } from 'im-chat';
import { computed, reactive, shallowReactive, watch } from 'vue';
import { describeAccount } from './accounts.ts';
import { all, api, ask } from './api.ts';
import { chat, myId } from './chat.ts';
import type { Group, Member, User } from './shapes.ts';
import { follow } from './use-readable.ts';

/** Writes about requests and other matters of the account. */
export const systemAccountId = '1000000000000';

/** Whom I know, as im-chat has it. */
export const contacts = shallowReactive<ContactList>({ ...chat.contacts.get() });
chat.contacts.subscribe(() => Object.assign(contacts, chat.contacts.get()));
export const me = follow(chat.me);
const users = reactive(new Map<string, User>());
const asked = new Set<string>();

export const isFriend = (userId: string): boolean =>
  contacts.friends.some((friend) => friend.userId === userId);
export const isBlocked = (userId: string): boolean =>
  contacts.blocks.some((block) => block.userId === userId);
export const requestsWaiting = computed(() => contacts.received.length);

export function refreshContacts(): Promise<void> {
  return chat.contacts.refresh();
}

/** Anybody's card; asked for once, and again by `refreshUser`. */
export function user(userId: string): User | undefined {
  const known = users.get(userId);
  if (!known && userId !== '' && !asked.has(userId)) void refreshUser(userId).catch(() => undefined);
  return known;
}

export async function refreshUser(userId: string): Promise<void> {
  asked.add(userId);
  users.set(userId, await ask(api.GET('/v1/users/{userId}', { params: { path: { userId } } })));
}

export interface GroupDetails {
  readonly group: Group;
  readonly members: readonly Member[];
}

const groupDetails = reactive(new Map<string, GroupDetails>());

/** A group and its members, asked for when somebody looks at it. */
export function groupOf(groupId: string): GroupDetails | undefined {
  return groupDetails.get(groupId);
}

export async function refreshGroup(groupId: string): Promise<void> {
  const path = { groupId };
  const [group, members] = await Promise.all([
    ask(api.GET('/v1/groups/{groupId}', { params: { path } })),
    all((query) => api.GET('/v1/groups/{groupId}/members', { params: { path, query } })).catch(() => []),
  ]);
  groupDetails.set(groupId, { group, members });
}

// How they are shown where one chooses an account.
watch(me, (user) => {
  if (user) describeAccount(user);
});
watch(myId, () => {
  users.clear();
  asked.clear();
  groupDetails.clear();
});

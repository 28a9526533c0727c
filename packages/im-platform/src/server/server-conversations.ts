import type { FriendService } from '../friends/friend-service.ts';
import type { GroupService } from '../groups/group-service.ts';
import type { GroupStore } from '../groups/group-store.ts';
import type { MembershipService } from '../groups/membership-service.ts';
import { Refusal } from '../http/refusal.ts';
import { conversationOf } from '../messages/private/private-message.ts';
import { toCaller, type ServerUsers } from './server-users.ts';
import type { UserRef } from './user-ref.ts';

export interface ServerConversationDeps {
  readonly users: Pick<ServerUsers, 'find' | 'findAll'>;
  readonly friends: Pick<FriendService, 'bringTogether'>;
  readonly groups: Pick<GroupService, 'create'>;
  readonly memberships: Pick<MembershipService, 'bringIn' | 'remove'>;
  readonly store: Pick<GroupStore, 'find'>;
}

interface NewGroup {
  readonly name: string;
  readonly owner: UserRef;
  readonly members: readonly UserRef[];
}

/** Conversations as another back end makes them: it says for its users that they want them, so nobody is asked. */
export class ServerConversations {
  readonly #deps: ServerConversationDeps;

  constructor(deps: ServerConversationDeps) {
    this.#deps = deps;
  }

  /** The two may write to each other from now on. Returns the id of their conversation. */
  async pair(one: UserRef, other: UserRef): Promise<string> {
    const { users, friends } = this.#deps;
    const [first, second] = [await users.find(one), await users.find(other)];
    await friends.bringTogether(first.id, second.id);
    return conversationOf(first.id, second.id);
  }

  /** Asked again with the same key it is the same group; those are brought in who are not in it yet. */
  async createGroup({ name, owner, members }: NewGroup, onceKey: string | undefined): Promise<number> {
    const { users, groups, memberships } = this.#deps;
    const [first, others] = [await users.find(owner), await users.findAll(members)];
    const ids = others.map(({ id }) => id).filter((id) => id !== first.id);
    const { id } = await groups.create(toCaller(first), { name }, onceKey, { name, ids });
    if (ids.length > 0) await memberships.bringIn(first.id, id, ids);
    return id;
  }

  /** Who is in it stays as they are. */
  async bringIn(groupId: number, refs: readonly UserRef[]): Promise<void> {
    const { users, memberships } = this.#deps;
    const members = await users.findAll(refs);
    const ownerId = await this.#ownerOf(groupId);
    await memberships.bringIn(
      ownerId,
      groupId,
      members.map(({ id }) => id),
    );
  }

  /** Who is not in it is left alone. Not the owner. */
  async putOut(groupId: number, ref: UserRef): Promise<void> {
    const { users, memberships } = this.#deps;
    const { id } = await users.find(ref);
    const owner = await users.find({ kind: 'id', id: await this.#ownerOf(groupId) });
    await memberships.remove(toCaller(owner), groupId, [id]);
  }

  async #ownerOf(groupId: number): Promise<number> {
    const group = await this.#deps.store.find(groupId);
    if (!group) throw new Refusal('groupUnknown');
    return group.ownerId;
  }
}

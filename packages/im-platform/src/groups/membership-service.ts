import { Terminal } from 'im-client';
import type { Sql } from '../db/database.ts';
import type { Outbox } from '../events/outbox.ts';
import { Refusal } from '../http/refusal.ts';
import { say, type Language, type TextKey } from '../http/texts.ts';
import { NothingChanges, type Announcement, type Decided } from '../message-log/entries.ts';
import { findHindrances, type Pair } from '../privacy/who-may.ts';
import type { Limiter } from '../limits/limiter.ts';
import { MessageType } from '../wire/message-type.ts';
import type { Caller } from '../http/caller.ts';
import { assertOpen } from './checked-group.ts';
import { shownNickName, type Group, type Membership } from './group.ts';
import type { GroupNews } from './group-news.ts';
import type { GroupStore } from './group-store.ts';
import type { GroupTopics, MemberChange } from './group-topics.ts';
import { joiningStore } from './joining-store.ts';
import { eventsOfMembers } from './member-events.ts';
import { changePlaces, type PlaceChange } from './place-change.ts';
import { isAbove, roleOf } from './role.ts';

/** The message that tells of a change of members. */
export interface MembershipTip {
  readonly groupId: number;
  readonly sendId: number;
  readonly terminal: number;
  readonly sendNickName?: string;
  readonly type: number;
  readonly content: string;
  readonly needsMembership: false;
  /** Who alone may see it. @default every member */
  readonly recvIds?: readonly number[];
  /** Who gets the push, when it is not those who are members afterwards. */
  readonly pushTo?: readonly number[];
  /** What the change comes to where the conversation is. */
  readonly places?: PlaceChange;
}

/** Where group messages are stored: a change runs in the transaction of its tip, or of the order to store it. */
export interface TipLog {
  announce(entry: Announcement<MembershipTip>): Promise<void>;
}

export interface MembershipDeps {
  readonly groups: GroupStore;
  readonly log: TipLog;
  readonly news: Pick<GroupNews, 'joined' | 'left'>;
  readonly topics: Pick<GroupTopics, 'follow'>;
  readonly outbox: Pick<Outbox, 'wants' | 'store'>;
  /** Of those whom one user brings in. */
  readonly invitations: Pick<Limiter, 'take'>;
  /** How many a group may have. */
  readonly mostMembers: number;
  /** Of the tips. */
  readonly language: Language;
}

interface MembershipChange extends Decided<MembershipTip>, Pick<MemberChange, 'joined' | 'left'> {
  readonly isEnd?: true;
}

/** How somebody comes in. */
interface Entry {
  readonly actorId: number;
  readonly tip: 'tipJoinedByLink' | 'tipLetIn';
  readonly before?: (sql: Sql) => Promise<unknown>;
  readonly allow: (sql: Sql, group: Group) => Promise<void>;
}

interface Removal {
  readonly groupId: number;
  readonly userIds: readonly number[];
  readonly notOwner: TextKey;
  readonly ofOwner: TextKey;
}

/**
 * Who comes into groups and who goes. Each such change is part of the tip that tells it: it happens at the tip's place
 * in the log, one after the other over all instances, so limits hold, and a message is either before it or after it.
 */
export class MembershipService {
  readonly #deps: MembershipDeps;

  constructor(deps: MembershipDeps) {
    this.#deps = deps;
  }

  /** Members stay as they are; with nobody else to invite nothing happens. */
  async invite({ userId }: Caller, groupId: number, friendIds: readonly number[]): Promise<void> {
    const { isWithin, waitS } = await this.#deps.invitations.take(String(userId), friendIds.length);
    if (!isWithin) throw new Refusal('tooManyRequests', { code: 429, retryAfterS: waitS });
    return this.#bringIn(userId, groupId, friendIds, (sql) => refuseUnwilling(sql, userId, friendIds));
  }

  /** The same, where somebody else says for all of them that they want it. */
  bringIn(inviterId: number, groupId: number, userIds: readonly number[]): Promise<void> {
    return this.#bringIn(inviterId, groupId, userIds, () => Promise.resolve());
  }

  #bringIn(
    userId: number,
    groupId: number,
    friendIds: readonly number[],
    allow: (sql: Sql) => Promise<void>,
  ): Promise<void> {
    const { groups, news, mostMembers } = this.#deps;
    return this.#change(groupId, userId, async (sql, time) => {
      const group = await groups.find(groupId, sql);
      if (!group) throw new Refusal('groupUnknown');
      // What became of the group is told to those alone who were there.
      const inviter = await groups.findMine(groupId, userId, sql);
      if (!inviter) throw new Refusal('notMemberForInvite');
      assertOpen(inviter);
      if (inviter.quit === 1) throw new Refusal('notMemberForInvite');
      const present = new Set(
        (await groups.findActive(sql, groupId, friendIds)).map((member) => member.userId),
      );
      const newIds = friendIds.filter((id) => !present.has(id));
      if ((await groups.countActive(sql, groupId)) + newIds.length > mostMembers)
        throw new Refusal('groupFull', { values: { max: String(mostMembers) } });
      await allow(sql);
      if (newIds.length === 0) throw new NothingChanges();

      const newcomers = inOrderOf(newIds, await groups.join(sql, groupId, newIds, time));
      const nick = inviter.userNickName;
      const names = newcomers.map(({ userNickName }) => userNickName).join(',');
      return {
        draft: { sendNickName: nick, content: say('tipInvited', this.#deps.language, { nick, names }) },
        ahead: () =>
          news.joined(
            { groupId, actorId: userId, time },
            newcomers.map((newcomer) => ({ ...group, ...newcomer })),
          ),
        joined: newIds,
      };
    });
  }

  /** Somebody comes in without a friend who brings them. `allow` refuses it, in the transaction of the change; members stay as they are. */
  letIn(groupId: number, userId: number, { actorId, tip, before, allow }: Entry): Promise<void> {
    const { groups, news, mostMembers, language } = this.#deps;
    return this.#change(groupId, actorId, async (sql, time) => {
      await before?.(sql);
      const group = await groups.find(groupId, sql);
      if (!group) throw new Refusal('groupUnknown');
      assertOpen(group);
      if ((await groups.findMembership(groupId, userId, sql))?.quit === 0) throw new NothingChanges();
      await allow(sql, group);
      if ((await groups.countActive(sql, groupId)) >= mostMembers)
        throw new Refusal('groupFull', { values: { max: String(mostMembers) } });
      const [newcomer] = await groups.join(sql, groupId, [userId], time);
      if (!newcomer) throw new Refusal('userUnknown');
      const actor = await groups.findMembership(groupId, actorId, sql);
      const nick = actor ? shownNickName(actor) : newcomer.userNickName;
      return {
        draft: {
          sendNickName: nick,
          content: say(tip, language, { nick, names: newcomer.userNickName }),
        },
        ahead: () => news.joined({ groupId, actorId, time }, [{ ...group, ...newcomer }]),
        joined: [userId],
      };
    });
  }

  /** The owner puts members out, and admins those who are none. Whoever is not in the group is left alone. */
  remove(caller: Caller, groupId: number, userIds: readonly number[]): Promise<void> {
    return this.#remove(caller, { groupId, userIds, notOwner: 'noPermission', ofOwner: 'removeOwner' });
  }

  /** `remove` for one, in the words of old. */
  kick(caller: Caller, groupId: number, userId: number): Promise<void> {
    const userIds = [userId];
    return this.#remove(caller, { groupId, userIds, notOwner: 'notOwnerForKick', ofOwner: 'kickSelf' });
  }

  quit({ userId }: Caller, groupId: number): Promise<void> {
    const { groups, news } = this.#deps;
    return this.#change(groupId, userId, async (sql, time) => {
      const group = await groups.find(groupId, sql);
      if (!group) throw new Refusal('groupUnknown');
      if (group.ownerId === userId) throw new Refusal('ownerCannotQuit');
      const member = await groups.findMembership(groupId, userId, sql);
      if (member?.quit !== 0) throw new Refusal('notGroupMember');

      const recvIds = [userId];
      await groups.leave(sql, groupId, recvIds, time);
      return {
        draft: { sendNickName: member.userNickName, content: say('tipQuit', this.#deps.language), recvIds },
        after: () => news.left({ groupId, actorId: userId, time }, recvIds),
        left: recvIds,
      };
    });
  }

  dissolve({ userId }: Caller, groupId: number): Promise<void> {
    const { groups, news } = this.#deps;
    return this.#change(groupId, userId, async (sql, time) => {
      const { group, owner } = await this.#asOwner(sql, groupId, userId, 'ownerOnlyDissolve');
      if (group.dissolve === 1) throw new Refusal('groupDissolved', { values: { name: group.name } });

      const members = await groups.dissolve(sql, groupId, time);
      const nick = owner.userNickName;
      return {
        draft: {
          sendNickName: nick,
          content: say('tipDissolved', this.#deps.language, { nick }),
          pushTo: members,
        },
        after: () => news.left({ groupId, actorId: userId, time }, members),
        left: members,
        isEnd: true,
      };
    });
  }

  #remove({ userId }: Caller, { groupId, userIds, notOwner, ofOwner }: Removal): Promise<void> {
    const { groups, news } = this.#deps;
    return this.#change(groupId, userId, async (sql, time) => {
      const group = await groups.findMine(groupId, userId, sql);
      if (!group || group.quit === 1 || roleOf(group) === 'member')
        throw new Refusal(group || (await groups.find(groupId, sql)) ? notOwner : 'groupUnknown');
      if (userIds.includes(userId)) throw new Refusal(ofOwner);
      const members = await groups.findActive(sql, groupId, userIds);
      if (members.length === 0) throw new NothingChanges();
      const { ownerId } = group;
      if (!members.every((member) => isAbove(roleOf(group), roleOf({ ...member, ownerId }))))
        throw new Refusal(notOwner);

      const recvIds = members.map((member) => member.userId);
      await groups.leave(sql, groupId, recvIds, time);
      await joiningStore.markPutOut(sql, groupId, recvIds);
      return {
        draft: {
          sendNickName: group.userNickName,
          content: say('tipRemoved', this.#deps.language),
          recvIds,
        },
        after: () => news.left({ groupId, actorId: userId, time }, recvIds),
        left: recvIds,
      };
    });
  }

  /** The group and its owner, for its owner. */
  async #asOwner(
    sql: Sql,
    groupId: number,
    userId: number,
    otherwise: TextKey,
  ): Promise<{ group: Group; owner: Membership }> {
    const { groups } = this.#deps;
    const group = await groups.find(groupId, sql);
    if (!group) throw new Refusal('groupUnknown');
    const owner = await groups.findMembership(groupId, userId, sql);
    if (group.ownerId !== userId || !owner) throw new Refusal(otherwise);
    return { group, owner };
  }

  /** Decides the change and what its tip says, both in the tip's transaction, or in that of the order to store it. The group's topic follows. */
  async #change(
    groupId: number,
    actorId: number,
    decide: (sql: Sql, time: number) => Promise<MembershipChange>,
  ): Promise<void> {
    const { groups, log, topics, outbox } = this.#deps;
    const tip: MembershipTip = {
      groupId,
      sendId: actorId,
      // It comes from none, so all of the actor's terminals are told.
      terminal: Terminal.UNKNOWN,
      type: MessageType.TIP_TEXT,
      content: '',
      needsMembership: false,
    };
    let change: MemberChange | undefined;
    let places: PlaceChange | undefined;
    try {
      await log.announce({
        draft: tip,
        async cause(sql, time) {
          const { joined, left, isEnd, ...decided } = await decide(sql, time);
          change = { groupId, version: await groups.memberVersion(sql, groupId), joined, left };
          const events = eventsOfMembers(outbox, { ...change, actorId, time, isEnd });
          places = { joined, left, time, events };
          return { ...decided, draft: { ...decided.draft, places } };
        },
        async within(sql) {
          if (places) await changePlaces(sql, outbox, groupId, places);
        },
      });
      if (change) topics.follow(change);
    } catch (error) {
      if (!(error instanceof NothingChanges)) throw error;
    }
  }
}

/** All of them, or nobody. Who is named twice is asked for what makes no sense. */
async function refuseUnwilling(sql: Sql, userId: number, friendIds: readonly number[]): Promise<void> {
  if (new Set(friendIds).size < friendIds.length) throw new Refusal('notAllFriends');
  const pairs = friendIds.map((id): Pair => [userId, id]);
  const hindrances = [...(await findHindrances(sql, 'add', pairs)).values()];
  if (hindrances.includes('notFriends')) throw new Refusal('notAllFriends');
  if (hindrances.length > 0) throw new Refusal('notAllWilling');
}

function inOrderOf(userIds: readonly number[], members: readonly Membership[]): Membership[] {
  const byId = new Map(members.map((member) => [member.userId, member]));
  return userIds.flatMap((id) => byId.get(id) ?? []);
}

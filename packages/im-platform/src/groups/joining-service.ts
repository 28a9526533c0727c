import { randomBytes } from 'node:crypto';
import type { Database, Sql } from '../db/database.ts';
import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import type { Limiter } from '../limits/limiter.ts';
import type { SensitiveWords } from '../sensitive-words/sensitive-words.ts';
import { assertOpen } from './checked-group.ts';
import type { Group, MyGroup } from './group.ts';
import type { GroupStore } from './group-store.ts';
import type { JoinNews } from './join-news.ts';
import type { JoinRequestStore, OwnJoinRequest } from './join-request-store.ts';
import { joiningOf, type GroupLink, type Joining, type ShownJoinRequest } from './joining.ts';
import { joiningStore } from './joining-store.ts';
import type { LinkStore } from './link-store.ts';
import type { MembershipService } from './membership-service.ts';
import { roleOf } from './role.ts';

export interface JoiningDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly groups: GroupStore;
  readonly links: LinkStore;
  readonly requests: JoinRequestStore;
  readonly memberships: Pick<MembershipService, 'letIn'>;
  readonly news: Pick<JoinNews, 'asked'>;
  readonly words: Pick<SensitiveWords, 'mask'>;
  readonly limits: {
    /** Of links that one user makes. */
    readonly links: Pick<Limiter, 'take'>;
    /** Of groups that one user comes into, or asks to. */
    readonly joins: Pick<Limiter, 'take'>;
    /** Of codes that were none. */
    readonly guesses: Pick<Limiter, 'take'>;
  };
}

/** A group as whoever has a link to it sees it. */
export interface InvitingGroup {
  readonly group: Group;
  readonly members: number;
  readonly isMember: boolean;
  readonly isRequested: boolean;
}

interface Wanted {
  readonly days?: number | undefined;
  readonly uses?: number | undefined;
}

/** More than somebody reads. */
const mostRequests = 1_000;
const dayMs = 86_400_000;

/** Somebody has to be asked first. */
class NeedsApproval extends Error {}

/**
 * Coming into a group without a friend in it: by a link, which its owner and admins make, and by asking, which they answer. Whether somebody
 * comes in is decided where all changes of members are: in the group's lane of the log.
 */
export class JoiningService {
  readonly #deps: JoiningDeps;

  constructor(deps: JoiningDeps) {
    this.#deps = deps;
  }

  async setMode({ userId }: Caller, groupId: number, mode: Joining): Promise<void> {
    const { database } = this.#deps;
    await database.transaction(async (sql) => {
      await this.#asManager(userId, groupId, sql);
      await joiningStore.setMode(sql, groupId, mode);
    });
  }

  async createLink({ userId }: Caller, groupId: number, { days, uses }: Wanted): Promise<GroupLink> {
    const { links, limits } = this.#deps;
    await this.#asManager(userId, groupId);
    await within(limits.links, userId);
    const createdTime = Date.now();
    const link: GroupLink = {
      // Nobody finds one by trying.
      ...{ code: randomBytes(16).toString('base64url'), groupId, creatorId: userId, createdTime },
      endTime: days === undefined ? null : createdTime + days * dayMs,
      usesLeft: uses ?? null,
    };
    await links.add(link);
    return link;
  }

  async linksOf({ userId }: Caller, groupId: number, afterCode: string, limit: number): Promise<GroupLink[]> {
    await this.#asManager(userId, groupId);
    return this.#deps.links.pageOf(groupId, afterCode, limit);
  }

  async revokeLink({ userId }: Caller, groupId: number, code: string): Promise<void> {
    await this.#asManager(userId, groupId);
    await this.#deps.links.remove(groupId, code);
  }

  async look({ userId }: Caller, code: string): Promise<InvitingGroup> {
    const { groups, requests } = this.#deps;
    const group = await this.#behind(userId, code);
    const membership = await groups.findMembership(group.id, userId);
    return {
      group,
      members: await groups.countActive(undefined, group.id),
      isMember: membership?.quit === 0,
      isRequested: await requests.hasAsked(group.id, userId),
    };
  }

  /** Who is in it already stays. Who was put out, or is blocked by the owner, has to ask also where others need not. */
  async join({ userId }: Caller, code: string, text = ''): Promise<{ isIn: boolean; groupId: number }> {
    const { memberships, groups, links, requests, limits, words } = this.#deps;
    const { id: groupId } = await this.#behind(userId, code);
    if ((await groups.findMembership(groupId, userId))?.quit === 0) return { isIn: true, groupId };
    if (await requests.hasAsked(groupId, userId)) {
      // Perhaps nobody need ask any more.
      const group = await groups.find(groupId);
      if (group && joiningOf(group) !== 'open') return { isIn: false, groupId };
    }
    await within(limits.joins, userId);
    try {
      await memberships.letIn(groupId, userId, {
        actorId: userId,
        tip: 'tipJoinedByLink',
        async allow(sql, group) {
          if (joiningOf(group) === 'closed') throw new Refusal('linkUnknown');
          if (joiningOf(group) === 'approval' || (await joiningStore.mustAsk(sql, group, userId)))
            throw new NeedsApproval();
          if (!(await links.use(sql, code))) throw new Refusal('linkUnknown');
        },
      });
      return { isIn: true, groupId };
    } catch (error) {
      if (!(error instanceof NeedsApproval)) throw error;
    }
    await this.#ask({ groupId, userId, code, text: words.mask(text) });
    return { isIn: false, groupId };
  }

  async requestsOf(
    { userId }: Caller,
    groupId: number,
    afterId: number,
    limit: number,
  ): Promise<ShownJoinRequest[]> {
    await this.#asManager(userId, groupId);
    return this.#deps.requests.pageOf(groupId, afterId, limit);
  }

  /** Who has come in meanwhile stays; of two who answer the first one does. */
  async accept({ userId: actorId }: Caller, groupId: number, userId: number): Promise<void> {
    const { memberships, requests } = this.#deps;
    await memberships.letIn(groupId, userId, {
      actorId,
      tip: 'tipLetIn',
      before: (sql) => this.#asManager(actorId, groupId, sql),
      async allow(sql) {
        if (!(await requests.take(sql, groupId, userId))) throw new Refusal('joinRequestUnknown');
      },
    });
  }

  async decline({ userId: actorId }: Caller, groupId: number, userId: number): Promise<void> {
    await this.#asManager(actorId, groupId);
    await this.#deps.requests.decline(groupId, userId);
  }

  sentBy({ userId }: Caller, afterGroupId: number, limit: number): Promise<OwnJoinRequest[]> {
    return this.#deps.requests.sentBy(userId, afterGroupId, limit);
  }

  withdraw({ userId }: Caller, groupId: number): Promise<void> {
    return this.#deps.requests.withdraw(groupId, userId);
  }

  async #ask(request: {
    readonly groupId: number;
    readonly userId: number;
    readonly code: string;
    readonly text: string;
  }): Promise<void> {
    const { database, groups, requests, links, news } = this.#deps;
    const { groupId, userId, code, text } = request;
    const asked = { groupId, userId, text, sentTime: Date.now() };
    const asking = await database.transaction(async (sql) => {
      const person = await joiningStore.holdAsking(sql, userId);
      await joiningStore.holdAsked(sql, groupId);
      if ((await requests.countOpen(sql, groupId)) >= mostRequests) throw new Refusal('tooManyJoinRequests');
      if (!(await requests.put(sql, asked))) return undefined;
      if (!(await links.use(sql, code))) throw new Refusal('linkUnknown');
      return person;
    });
    const group = asking && (await groups.find(groupId));
    if (group) await news.asked({ ...asked, ...asking }, await joiningStore.managersOf(database.sql, group));
  }

  /** The group that a code leads into; a code of none is answered in one way, whatever became of it. */
  async #behind(userId: number, code: string): Promise<Group> {
    const { links, groups, limits } = this.#deps;
    const link = await links.find(code);
    const group = link && (await groups.find(link.groupId));
    if (group && group.dissolve === 0 && group.isBanned === 0 && joiningOf(group) !== 'closed') return group;
    await within(limits.guesses, userId);
    throw new Refusal('linkUnknown');
  }

  /** Who is its owner or an admin. */
  async #asManager(userId: number, groupId: number, sql?: Sql): Promise<MyGroup> {
    const mine = await this.#deps.groups.findMine(groupId, userId, sql);
    if (!mine) throw new Refusal('groupUnknown');
    assertOpen(mine);
    if (mine.quit === 1) throw new Refusal('notGroupMember');
    if (roleOf(mine) === 'member') throw new Refusal('noPermission');
    return mine;
  }
}

async function within(limit: Pick<Limiter, 'take'>, userId: number): Promise<void> {
  const { isWithin, waitS } = await limit.take(String(userId));
  if (!isWithin) throw new Refusal('tooManyRequests', { code: 429, retryAfterS: waitS });
}

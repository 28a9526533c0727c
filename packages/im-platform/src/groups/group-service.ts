import type { Database, Sql } from '../db/database.ts';
import { makeOnce } from '../db/make-once.ts';
import type { Outbox } from '../events/outbox.ts';
import { Refusal } from '../http/refusal.ts';
import type { TextKey } from '../http/texts.ts';
import type { AcceptPicture } from '../files/own-pictures.ts';
import type { PrivacyStore } from '../privacy/privacy-store.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import type { Caller } from '../http/caller.ts';
import { assertOpen } from './checked-group.ts';
import type { GroupBeginnings } from './group-beginnings.ts';
import { conversationOfGroup, toGroupVO, type GroupVO, type MyGroup } from './group.ts';
import { toGroupMemberVO, type GroupMember, type GroupMemberVO } from './group-member.ts';
import type { GroupNews } from './group-news.ts';
import type { GroupProfile, GroupStore, Remarks } from './group-store.ts';
import { roleOf } from './role.ts';
import { leftIsShownMs } from './who-left.ts';

export interface GroupDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly groups: GroupStore;
  readonly news: Pick<GroupNews, 'created' | 'muted'>;
  readonly im: Pick<PlatformIm, 'onlineUsers'>;
  readonly privacy: Pick<PrivacyStore, 'showPresenceTo'>;
  readonly acceptPicture: AcceptPicture;
  readonly outbox: Pick<Outbox, 'wants'>;
  readonly beginnings: GroupBeginnings;
}

/** What a page sends of a group: its owner's part, and everybody's own. */
export interface GroupSettings extends GroupProfile, Remarks {
  readonly name: string;
}

/** The owner reads everything, whichever instance's clock its time is from. */
const fromTheStart = 0;
const noPictures = { headImage: '', headImageThumb: '' };

/** What a group is: its name and pictures, and what each member makes of it. Who is in it is for MembershipService. */
export class GroupService {
  readonly #deps: GroupDeps;

  constructor(deps: GroupDeps) {
    this.#deps = deps;
  }

  /** `onceKey`: the client's own name of this request; asked again with it, it is the same group, or refused when it `asked` for something else. */
  async create(
    caller: Caller,
    settings: GroupSettings,
    onceKey?: string,
    asked: unknown = settings,
  ): Promise<GroupVO> {
    const { database, news, beginnings } = this.#deps;
    const { userId } = caller;
    const make = (sql: Sql): Promise<number> => this.#make(sql, userId, settings);
    const { id, isNew } =
      onceKey === undefined
        ? { id: await database.transaction(make), isNew: true }
        : await makeOnce(database, { userId, what: 'group', key: onceKey, asked }, make, () => {
            throw new Refusal('idempotencyKeyReused');
          });
    await beginnings.settle(id);
    const group = await this.#mine(id, userId);
    if (isNew) await news.created(caller, group);
    return toGroupVO(group);
  }

  async #make(sql: Sql, userId: number, settings: GroupSettings): Promise<number> {
    const { groups, outbox, beginnings } = this.#deps;
    const pictures = await this.#acceptPictures(sql, userId, settings);
    const groupId = await groups.create(sql, userId, { ...profileIn(settings), ...pictures });
    await groups.join(sql, groupId, [userId], fromTheStart);
    await groups.setRemarks(sql, groupId, userId, remarksIn(settings));
    const [subject, time] = [conversationOfGroup(groupId), Date.now()];
    const data = {
      conversationId: subject,
      groupId: String(groupId),
      name: settings.name,
      ownerId: String(userId),
    };
    const event = { type: 'group.created' as const, subject, time, data, userIds: [userId] };
    const events = outbox.wants(event.type) ? [event] : [];
    await beginnings.begin(sql, groupId, { joined: [userId], time, events });
    return groupId;
  }

  /** Everybody changes what is their own; what the others see changes only when the owner or an admin says so. */
  async modify({ userId }: Caller, groupId: number, settings: Partial<GroupSettings>): Promise<GroupVO> {
    const { database, groups } = this.#deps;
    const changed = await database.transaction(async (sql) => {
      const mine = await this.#mine(groupId, userId, sql, 'notGroupMember');
      assertOpen(mine);
      if (mine.quit === 1) throw new Refusal('notGroupMember');
      await groups.setRemarks(sql, groupId, userId, remarksIn(settings));
      if (roleOf(mine) !== 'member') {
        const pictures = await this.#acceptPictures(sql, userId, settings, mine);
        await groups.setProfile(sql, groupId, { ...profileIn(settings), ...pictures });
      }
      return this.#mine(groupId, userId, sql);
    });
    return toGroupVO(changed);
  }

  async find({ userId }: Caller, groupId: number): Promise<GroupVO> {
    return toGroupVO(await this.#mine(groupId, userId));
  }

  /** The group as the caller has it, or had it when they left. Strangers do not learn whether there is one. */
  mine({ userId }: Caller, groupId: number): Promise<MyGroup> {
    return this.#mine(groupId, userId, undefined, 'groupUnknown');
  }

  countMembers(groupId: number): Promise<number> {
    return this.#deps.groups.countActive(undefined, groupId);
  }

  /** The groups that the caller is in, in the order of their ids, from the first after that one on. */
  page({ userId }: Caller, afterId: number, limit: number): Promise<MyGroup[]> {
    return this.#deps.groups.pageOfMine(userId, afterId, limit);
  }

  /** The caller's groups, and those that they left lately. */
  async list({ userId }: Caller): Promise<GroupVO[]> {
    const groups = await this.#deps.groups.listMine(userId, Date.now() - leftIsShownMs);
    return groups.map(toGroupVO);
  }

  /** Everybody who is or was in the group, who is online first. Somebody who left sees them as they were then. */
  async members({ userId }: Caller, groupId: number): Promise<GroupMemberVO[]> {
    const { groups } = this.#deps;
    const mine = await this.#mine(groupId, userId);
    assertOpen(mine);
    if (mine.quit === 1) {
      const then = await this.#membersWhenLeft(mine);
      return then.map((member) => toGroupMemberVO(member, mine, false));
    }
    const everybody = await groups.listMembers(groupId);
    const active = everybody.filter(({ quit }) => quit === 0).map((member) => member.userId);
    const online = await this.#online(userId, active);
    return everybody
      .map((member) => toGroupMemberVO(member, mine, online.has(String(member.userId))))
      .sort((one, other) => Number(other.online) - Number(one.online));
  }

  /** Some of those who are in the group, in the order of their ids, and who of them is online. */
  async membersPage(
    { userId }: Caller,
    groupId: number,
    afterId: number,
    limit: number,
  ): Promise<{ members: GroupMember[]; online: ReadonlySet<string>; ownerId: number }> {
    const { groups } = this.#deps;
    const mine = await this.#mine(groupId, userId, undefined, 'groupUnknown');
    assertOpen(mine);
    if (mine.quit === 1) throw new Refusal('notGroupMember');
    const members = await groups.membersAfter(groupId, afterId, limit);
    const ids = members.map((member) => member.userId);
    return { members, online: await this.#online(userId, ids), ownerId: mine.ownerId };
  }

  /** Those who are, and who show it to the user. */
  async #online(userId: number, among: readonly number[]): Promise<ReadonlySet<string>> {
    const { im, privacy } = this.#deps;
    const online = await im.onlineUsers(among);
    return new Set((await privacy.showPresenceTo(userId, online.map(Number))).map(String));
  }

  async setDnd(caller: Caller, groupId: number, isDnd: boolean): Promise<void> {
    const { groups, news } = this.#deps;
    if (!(await groups.setDnd(groupId, caller.userId, isDnd))) throw new Refusal('notGroupMember');
    await news.muted(caller, groupId, isDnd);
  }

  async #acceptPictures(
    sql: Sql,
    userId: number,
    settings: Partial<GroupSettings>,
    before = noPictures,
  ): Promise<Pick<GroupProfile, 'headImage' | 'headImageThumb'>> {
    const accept = (name: 'headImage' | 'headImageThumb') =>
      this.#deps.acceptPicture(sql, userId, { before: before[name], url: settings[name] });
    return { headImage: await accept('headImage'), headImageThumb: await accept('headImageThumb') };
  }

  /** After a while, only the user. */
  async #membersWhenLeft({ groupId, userId, quitTime }: MyGroup): Promise<GroupMember[]> {
    const left = quitTime ?? 0;
    const then = await this.#deps.groups.listMembersAt(groupId, left);
    return left >= Date.now() - leftIsShownMs ? then : then.filter((member) => member.userId === userId);
  }

  async #mine(
    groupId: number,
    userId: number,
    sql?: Sql,
    otherwise: TextKey = 'notJoined',
  ): Promise<MyGroup> {
    const { groups } = this.#deps;
    const mine = await groups.findMine(groupId, userId, sql);
    if (mine) return mine;
    throw new Refusal((await groups.find(groupId, sql)) ? otherwise : 'groupUnknown');
  }
}

function profileIn({ name, headImage, headImageThumb, notice }: GroupProfile): GroupProfile {
  return { name, headImage, headImageThumb, notice };
}

function remarksIn({ remarkNickName, remarkGroupName }: Remarks): Remarks {
  return { remarkNickName, remarkGroupName };
}

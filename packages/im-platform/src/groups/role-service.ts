import { Terminal } from 'im-client';
import type { Sql } from '../db/database.ts';
import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import { say, type Language } from '../http/texts.ts';
import { NothingChanges } from '../message-log/entries.ts';
import { MessageType } from '../wire/message-type.ts';
import { assertOpen } from './checked-group.ts';
import { shownNickName, type Membership, type MyGroup } from './group.ts';
import type { GroupStore } from './group-store.ts';
import type { MembershipTip, TipLog } from './membership-service.ts';
import { isAbove, MemberRole, roleOf, type Role } from './role.ts';
import { roleStore } from './role-store.ts';

export interface RoleDeps {
  readonly groups: GroupStore;
  readonly log: TipLog;
  /** Of the tips. */
  readonly language: Language;
}

/** Whom it is about, in which group. */
export interface Place {
  readonly groupId: number;
  readonly userId: number;
}

type Told = Pick<MembershipTip, 'content' | 'recvIds'>;

const minuteMs = 60_000;

/**
 * Who may do more in a group, and who less. Each change is part of the tip that tells it, as changes of members are: two of them never
 * happen at once, and a message is either before it or judged by it.
 */
export class RoleService {
  readonly #deps: RoleDeps;

  constructor(deps: RoleDeps) {
    this.#deps = deps;
  }

  /** The owner gives the group to a member, and is one from then on. */
  transfer(caller: Caller, { groupId, userId }: Place): Promise<void> {
    return this.#change(caller, groupId, ['owner'], async (sql, mine) => {
      if (userId === caller.userId) throw new NothingChanges();
      const heir = await this.#member(sql, { groupId, userId });
      await roleStore.setOwner(sql, groupId, userId);
      await roleStore.setRole(sql, { groupId, userId }, MemberRole.MEMBER);
      return this.#tell('tipNewOwner', mine, heir);
    });
  }

  appoint(caller: Caller, place: Place): Promise<void> {
    return this.#setRole(caller, place, MemberRole.ADMIN);
  }

  dismiss(caller: Caller, place: Place): Promise<void> {
    return this.#setRole(caller, place, MemberRole.MEMBER);
  }

  /** Whoever stands above a member may; 0 minutes end it. The two are told, and nobody else. */
  mute(caller: Caller, { groupId, userId }: Place, minutes: number): Promise<void> {
    return this.#change(caller, groupId, ['owner', 'admin'], async (sql, mine, time) => {
      const member = await this.#member(sql, { groupId, userId });
      if (!isAbove(roleOf(mine), roleOf({ ...member, ownerId: mine.ownerId })))
        throw new Refusal('noPermission');
      if (minutes === 0 && member.mutedUntil <= time) throw new NothingChanges();
      await roleStore.mute(sql, { groupId, userId }, minutes === 0 ? 0 : time + minutes * minuteMs);
      const told = this.#tell(minutes === 0 ? 'tipUnmuted' : 'tipMuted', mine, member, String(minutes));
      return { ...told, recvIds: [caller.userId, userId] };
    });
  }

  /** Whether members may write, or the owner and admins alone. */
  setOnlyAdminsWrite(caller: Caller, groupId: number, onlyAdmins: boolean): Promise<void> {
    return this.#change(caller, groupId, ['owner', 'admin'], async (sql, mine) => {
      if ((mine.onlyAdminsWrite === 1) === onlyAdmins) throw new NothingChanges();
      await roleStore.setOnlyAdminsWrite(sql, groupId, onlyAdmins);
      return this.#tell(onlyAdmins ? 'tipOnlyAdminsWrite' : 'tipAllWrite', mine);
    });
  }

  #setRole(
    caller: Caller,
    { groupId, userId }: Place,
    role: (typeof MemberRole)[keyof typeof MemberRole],
  ): Promise<void> {
    return this.#change(caller, groupId, ['owner'], async (sql, mine) => {
      const member = await this.#member(sql, { groupId, userId });
      if (userId === mine.ownerId || member.role === role) throw new NothingChanges();
      await roleStore.setRole(sql, { groupId, userId }, role);
      return this.#tell(role === MemberRole.ADMIN ? 'tipNewAdmin' : 'tipNoAdmin', mine, member);
    });
  }

  #tell(
    key: 'tipNewOwner' | 'tipNewAdmin' | 'tipNoAdmin' | 'tipMuted' | 'tipUnmuted' | RuleTip,
    mine: MyGroup,
    member?: Membership,
    minutes = '',
  ): Told {
    const name = member ? shownNickName(member) : '';
    return { content: say(key, this.#deps.language, { nick: shownNickName(mine), name, minutes }) };
  }

  async #member(sql: Sql, { groupId, userId }: Place): Promise<Membership> {
    const [member] = await this.#deps.groups.findActive(sql, groupId, [userId]);
    if (!member) throw new Refusal('memberUnknown');
    return member;
  }

  async #change(
    { userId }: Caller,
    groupId: number,
    allowed: readonly Role[],
    decide: (sql: Sql, mine: MyGroup, time: number) => Promise<Told>,
  ): Promise<void> {
    const { groups, log } = this.#deps;
    try {
      await log.announce({
        draft: {
          ...{ groupId, sendId: userId, terminal: Terminal.UNKNOWN, needsMembership: false },
          ...{ type: MessageType.TIP_TEXT, content: '' },
        },
        async cause(sql, time) {
          const mine = await groups.findMine(groupId, userId, sql);
          if (!mine) throw new Refusal('groupUnknown');
          assertOpen(mine);
          if (mine.quit === 1) throw new Refusal('notGroupMember');
          if (!allowed.includes(roleOf(mine))) throw new Refusal('noPermission');
          return { draft: { sendNickName: shownNickName(mine), ...(await decide(sql, mine, time)) } };
        },
      });
    } catch (error) {
      if (!(error instanceof NothingChanges)) throw error;
    }
  }
}

type RuleTip = 'tipOnlyAdminsWrite' | 'tipAllWrite';

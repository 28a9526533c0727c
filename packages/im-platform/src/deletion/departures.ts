import { Terminal } from 'im-client';
import type { Logger } from 'im-common';
import { changeAt } from '../db/by-lane-database.ts';
import type { Database, LaneDatabase, Sql } from '../db/database.ts';
import { isOpenAt } from '../db/lane-fences.ts';
import { laneOf } from '../db/lanes.ts';
import type { Ending } from '../feature.ts';
import type { FriendService } from '../friends/friend-service.ts';
import { conversationOfGroup } from '../groups/group.ts';
import type { GroupStore } from '../groups/group-store.ts';
import type { MembershipService } from '../groups/membership-service.ts';
import type { RoleService } from '../groups/role-service.ts';
import { roleStore } from '../groups/role-store.ts';
import type { Caller } from '../http/caller.ts';
import { leaveCampaigns } from '../campaigns/leave.ts';
import { leaveUnclaimed } from '../ledger/ledger.ts';
import { regularly } from '../regularly.ts';

export interface DepartureDeps {
  readonly database: Pick<Database, 'sql' | 'transaction' | 'of' | 'laneDatabases' | 'lanesAt'>;
  readonly friends: Pick<FriendService, 'delete'>;
  readonly groups: Pick<GroupStore, 'find'>;
  readonly memberships: Pick<MembershipService, 'quit' | 'dissolve'>;
  readonly roles: Pick<RoleService, 'transfer'>;
  /** What they have in a drive. */
  readonly eraseDrive: (userId: number) => Promise<void>;
  readonly logger: Logger;
  /** What the account is called now. */
  readonly shownName: string;
}

const lookEveryMs = 5_000;
/** Whoever has not finished by then has died, or failed: somebody begins anew. */
const longestMs = 300_000;
const rowsPerStatement = 500;

/**
 * Takes accounts that are gone out of friendships and groups, and their names off what they wrote in groups. A row orders it, so it ends
 * also when the process dies; each step may be done again.
 */
export class Departures {
  readonly #deps: DepartureDeps;

  constructor(deps: DepartureDeps) {
    this.#deps = deps;
  }

  start(): Ending {
    const { logger } = this.#deps;
    const failure = 'an account is not out of its groups yet; it is tried again';
    return regularly({ everyMs: lookEveryMs, logger, failure }, (closing) => this.#departAll(closing));
  }

  async #departAll(closing: AbortSignal): Promise<void> {
    for (;;) {
      const userId = closing.aborted ? undefined : await this.#claim();
      if (userId === undefined) return;
      await this.#depart(userId);
    }
  }

  /** One that nobody is at. */
  async #claim(): Promise<number | undefined> {
    const { sql } = this.#deps.database;
    const now = Date.now();
    const due = await sql('im_account_erasure')
      .where('nextTime', '<=', now)
      .orderBy('nextTime')
      .first<{ userId: number; nextTime: number } | undefined>('userId', 'nextTime');
    if (!due) return undefined;
    const claimed = await sql('im_account_erasure')
      .where(due)
      .update({ nextTime: now + longestMs });
    return claimed > 0 ? due.userId : this.#claim();
  }

  async #depart(userId: number): Promise<void> {
    const { sql } = this.#deps.database;
    const caller = { userId, terminal: Terminal.UNKNOWN, userName: '', nickName: '', sessionId: '' };
    // First the friends, as these bring people into groups.
    await this.#leaveFriends(caller);
    await this.#leaveGroups(caller);
    await this.#takeNamesOff(userId);
    await this.#deps.database.transaction((within) => leaveUnclaimed(within, userId));
    // Where all of theirs is to go, erasure/ sees to it, when nothing is to be kept any more.
    if (!(await sql('im_erasure').where({ userId }).first('id'))) await this.#deps.eraseDrive(userId);
    await this.#deps.database.transaction((within) => leaveCampaigns(within, userId));
    await sql('im_account_erasure').where({ userId }).delete();
  }

  async #leaveFriends(caller: Caller): Promise<void> {
    const { database, friends } = this.#deps;
    const { userId } = caller;
    const rows = await database
      .sql('im_friend')
      .where({ userId, deleted: 0 })
      .select<{ friendId: number }[]>('friendId');
    for (const { friendId } of rows) await friends.delete(caller, friendId);
    await database.sql('im_friend').where({ userId }).delete();
  }

  /** What they own is given to the admin who came first, else to the member who did; with nobody else in it it ends. */
  async #leaveGroups(caller: Caller): Promise<void> {
    const { database, groups, memberships } = this.#deps;
    const { userId } = caller;
    const rows = await database
      .sql('im_group_member')
      .where({ userId, quit: 0 })
      .select<{ groupId: number }[]>('groupId');
    for (const { groupId } of rows) {
      const group = await groups.find(groupId);
      if (!group) continue;
      if (group.ownerId === userId) {
        const heir = await this.#heirOf(groupId, userId);
        if (heir === undefined) {
          await memberships.dissolve(caller, groupId);
          continue;
        }
        await this.#give(caller, { groupId, userId: heir }, group.isBanned === 1);
      }
      await memberships.quit(caller, groupId);
    }
  }

  /** In a banned group nothing can be said, not even that. */
  async #give(
    caller: Caller,
    to: { readonly groupId: number; readonly userId: number },
    isBanned: boolean,
  ): Promise<void> {
    if (!isBanned) return this.#deps.roles.transfer(caller, to);
    await this.#deps.database.transaction((sql) => roleStore.setOwner(sql, to.groupId, to.userId));
  }

  async #heirOf(groupId: number, ownerId: number): Promise<number | undefined> {
    const heir = await this.#deps.database
      .sql('im_group_member')
      .where({ groupId, quit: 0 })
      .whereNot({ userId: ownerId })
      .orderBy([{ column: 'role', order: 'desc' }, { column: 'createdTime' }, { column: 'id' }])
      .first<{ userId: number } | undefined>('userId');
    return heir?.userId;
  }

  async #takeNamesOff(sendId: number): Promise<void> {
    const { database, shownName } = this.#deps;
    for (const at of database.laneDatabases) {
      // Where they are: a lane that moves meanwhile would take along what it had before.
      const change = (work: (sql: Sql) => Promise<boolean>) => changeAt(at, database.lanesAt(at) ?? [], work);
      // What they had not sent yet. In the first database it is gone with the account (users/forget-user.ts).
      await change(async (sql) => {
        await sql('im_conversation_member')
          .where({ userId: sendId })
          .whereNotNull('draft')
          .update({ draft: null });
        return false;
      });
      while (await change((sql) => takeOffForwards(sql, at, sendId)));
    }
    const groups = await database
      .sql('im_group_member')
      .where({ userId: sendId })
      .select<{ groupId: number }[]>('groupId');
    for (const { groupId } of groups) {
      const conversation = conversationOfGroup(groupId);
      const place = database.of(conversation);
      for (;;) {
        const rows = await place
          .sql('im_group_message')
          .where({ sendId, groupId })
          .whereNot({ sendNickName: shownName })
          .limit(rowsPerStatement)
          .select<{ id: number }[]>('id');
        if (rows.length === 0) break;
        const ids = rows.map(({ id }) => id);
        await changeAt(place, [laneOf(conversation)], (sql) =>
          sql('im_group_message').whereIn('id', ids).update({ sendNickName: shownName }),
        );
      }
    }
  }
}

/** Of what others have forwarded; bit by bit, as of what they wrote themselves. Resolves with whether there was some. */
async function takeOffForwards(sql: Sql, at: LaneDatabase, originId: number): Promise<boolean> {
  const rows = await sql('im_message_detail')
    .where({ originId })
    .modify(isOpenAt(at, 'conversation'))
    .limit(rowsPerStatement)
    .select<{ conversation: string; number: number }[]>('conversation', 'number');
  for (const key of rows)
    await sql('im_message_detail').where(key).update({ originId: null, originName: null });
  return rows.length > 0;
}

import type { Knex } from 'knex';
import { mutePlace } from '../conversations/places.ts';
import type { Database, Sql } from '../db/database.ts';
import { laneOf } from '../db/lanes.ts';
import { conversationOfGroup, type Group, type Membership, type MyGroup } from './group.ts';
import type { GroupMember } from './group-member.ts';
import { wantTopicAsItIs } from './group-topics.ts';
import { joiningStore } from './joining-store.ts';
import { MemberRole } from './role.ts';
import { forgetPast, groupAsItIs, keepAsTheyWere, membersAt, parseGroupWhenLeft } from './who-left.ts';

/** What the owner decides about a group. Absent: stays as it is. */
export interface GroupProfile {
  readonly name?: string | undefined;
  readonly headImage?: string | undefined;
  readonly headImageThumb?: string | undefined;
  readonly notice?: string | undefined;
}

/** What each member decides for themselves. Absent: stays as it is. */
export interface Remarks {
  readonly remarkNickName?: string | undefined;
  readonly remarkGroupName?: string | undefined;
}

const groupColumns = [
  'g.id',
  'g.name',
  'g.ownerId',
  'g.headImage',
  'g.headImageThumb',
  'g.notice',
  'g.dissolve',
  'g.isBanned',
  'g.reason',
  'g.onlyAdminsWrite',
  'g.joining',
];

const membershipColumns = [
  'm.groupId',
  'm.userId',
  'm.userNickName',
  'm.remarkNickName',
  'm.remarkGroupName',
  'm.isDnd',
  'm.quit',
  'm.quitTime',
  'm.role',
  'm.mutedUntil',
  'm.createdTime as joinedTime',
];

/**
 * Groups and who is in them. Whatever changes the members of a group runs within its lane of the log, which does one at a time. Their places in its
 * conversation change with it: place-change.ts.
 */
export class GroupStore {
  readonly #database: Pick<Database, 'transaction' | 'of'>;
  readonly #sql: Database['sql'];

  constructor(database: Pick<Database, 'sql' | 'transaction' | 'of'>) {
    this.#database = database;
    this.#sql = database.sql;
  }

  find(id: number, sql: Sql = this.#sql): Promise<Group | undefined> {
    return sql('im_group as g').where({ id }).first(groupColumns) as Promise<Group | undefined>;
  }

  /** The group, for somebody who is in it; for somebody who was, as it was when they left. */
  async findMine(groupId: number, userId: number, sql: Sql = this.#sql): Promise<MyGroup | undefined> {
    const found = (await mine(sql).where({ groupId, userId }).first()) as MyGroupRow | undefined;
    return found && asHeSawIt(found);
  }

  /** The groups that somebody is in, and those that they left since, as they were then. */
  async listMine(userId: number, leftSince: number): Promise<MyGroup[]> {
    const found = (await mine(this.#sql)
      .where({ userId })
      .where((shown) => void shown.where({ quit: 0 }).orWhere('quitTime', '>=', leftSince))
      .orderBy('g.id')) as MyGroupRow[];
    return found.map(asHeSawIt);
  }

  /** Groups that somebody is in. */
  async pageOfMine(userId: number, afterId: number, limit: number): Promise<MyGroup[]> {
    const found = (await mine(this.#sql)
      .where({ userId, quit: 0 })
      .where('g.id', '>', afterId)
      .orderBy('g.id')
      .limit(limit)) as MyGroupRow[];
    return found.map(asHeSawIt);
  }

  /** Somebody's place in the group, also when they left. */
  findMembership(groupId: number, userId: number, sql: Sql = this.#sql): Promise<Membership | undefined> {
    return sql('im_group_member as m').where({ groupId, userId }).first(membershipColumns) as Promise<
      Membership | undefined
    >;
  }

  /** Those of the users who are in the group now. */
  findActive(sql: Sql, groupId: number, userIds: readonly number[]): Promise<Membership[]> {
    return sql('im_group_member as m')
      .where({ groupId, quit: 0 })
      .whereIn('userId', [...userIds])
      .select(membershipColumns) as Promise<Membership[]>;
  }

  /** The same, beside all transactions. */
  findActiveNow(groupId: number, userIds: readonly number[]): Promise<Membership[]> {
    return this.findActive(this.#sql, groupId, userIds);
  }

  async countActive(sql: Sql | undefined, groupId: number): Promise<number> {
    const rows: { members: number }[] = await (sql ?? this.#sql)('im_group_member')
      .where({ groupId, quit: 0 })
      .count('* as members');
    return rows[0]?.members ?? 0;
  }

  /** Rises with each change of members. */
  async memberVersion(sql: Sql, id: number): Promise<number> {
    const group: { memberVersion: number } | undefined = await sql('im_group')
      .where({ id })
      .first('memberVersion');
    return group?.memberVersion ?? 0;
  }

  /** Everybody who is in the group or was, first come first. */
  listMembers(groupId: number): Promise<GroupMember[]> {
    return this.#sql('im_group_member as m')
      .where({ groupId })
      .orderBy('m.id')
      .select(...membershipColumns, 'm.headImage') as Promise<GroupMember[]>;
  }

  /** Those who are in the group. */
  membersAfter(groupId: number, afterUserId: number, limit: number): Promise<GroupMember[]> {
    return this.#sql('im_group_member as m')
      .where({ groupId, quit: 0 })
      .where('m.userId', '>', afterUserId)
      .orderBy('m.userId')
      .limit(limit)
      .select(...membershipColumns, 'm.headImage') as Promise<GroupMember[]>;
  }

  /** Those who were in the group at a moment or before, as they were then. */
  async listMembersAt(groupId: number, moment: number): Promise<GroupMember[]> {
    return membersAt(this.#sql, groupId, moment, await this.listMembers(groupId));
  }

  async create(sql: Sql, ownerId: number, profile: GroupProfile): Promise<number> {
    const group = { ...present(profile), ownerId, createdTime: Date.now() };
    const [id] = (await sql('im_group').insert(group)) as [number];
    return id;
  }

  async setProfile(sql: Sql, id: number, profile: GroupProfile): Promise<void> {
    const changes = present(profile);
    if (Object.keys(changes).length > 0) await sql('im_group').where({ id }).update(changes);
  }

  async setRemarks(sql: Sql, groupId: number, userId: number, remarks: Remarks): Promise<void> {
    const changes = present(remarks);
    if (Object.keys(changes).length === 0) return;
    if (changes.remarkNickName !== undefined)
      await keepAsTheyWere(sql, (mine) => void mine.where({ groupId, userId }), Date.now());
    await sql('im_group_member').where({ groupId, userId }).update(changes);
  }

  /** Whether the user is in the group. */
  async setDnd(groupId: number, userId: number, isDnd: boolean): Promise<boolean> {
    const conversation = conversationOfGroup(groupId);
    const place = this.#database.of(conversation);
    place.refuseStrays([laneOf(conversation)]);
    const isIn = await this.#database.transaction(async (sql) => {
      const found = await sql('im_group_member')
        .where({ groupId, userId, quit: 0 })
        .update({ isDnd: isDnd ? 1 : 0 });
      if (found > 0 && !place.isOneOfSeveral) await mutePlace(sql, userId, conversation, isDnd);
      return found > 0;
    });
    // If it ends here, whoever asks again finishes it.
    if (isIn && place.isOneOfSeveral)
      await place.changeIn([laneOf(conversation)], (sql) => mutePlace(sql, userId, conversation, isDnd));
    return isIn;
  }

  /** Former members get their old place again, with what they had set. Returns all their places. */
  async join(
    sql: Sql,
    groupId: number,
    userIds: readonly number[],
    joinedTime: number,
  ): Promise<Membership[]> {
    // Locked, so that a nickname that changes now is either the one we read or reaches the row that we write.
    const users: NewMember[] = await sql('im_user')
      .whereIn('id', [...userIds])
      .forShare()
      .select('id', 'nickName', 'headImageThumb');
    const rows = users.map(({ id, nickName, headImageThumb }) => ({
      groupId,
      userId: id,
      userNickName: nickName,
      headImage: headImageThumb,
      quit: 0,
      quitTime: null,
      groupWhenLeft: null,
      putOut: 0,
      createdTime: joinedTime,
    }));
    await keepAsTheyWere(
      sql,
      (places) => void places.where({ groupId, quit: 1 }).whereIn('userId', [...userIds]),
      joinedTime,
    );
    await sql('im_group_member')
      .insert(rows)
      .onConflict(['groupId', 'userId'])
      .merge(['userNickName', 'headImage', 'quit', 'quitTime', 'groupWhenLeft', 'putOut', 'createdTime']);
    await joiningStore.forgetRequests(sql, groupId, userIds);
    await changeVersion(sql, groupId);
    return this.findActive(sql, groupId, userIds);
  }

  async leave(sql: Sql, groupId: number, userIds: readonly number[], quitTime: number): Promise<void> {
    const groupWhenLeft = await groupAsItIs(sql, groupId);
    await sql('im_group_member')
      .where({ groupId, quit: 0 })
      .whereIn('userId', [...userIds])
      .update({ quit: 1, quitTime, groupWhenLeft, role: MemberRole.MEMBER });
    await forgetPast(sql, groupId, quitTime);
    await changeVersion(sql, groupId);
  }

  /** Ends the group. Returns who was in it. */
  async dissolve(sql: Sql, groupId: number, quitTime: number): Promise<number[]> {
    const active = (): Knex.QueryBuilder => sql('im_group_member').where({ groupId, quit: 0 });
    const members: { userId: number }[] = await active().select('userId');
    await sql('im_group').where({ id: groupId }).update({ dissolve: 1 });
    // Who is there at its end sees that it ended.
    const groupWhenLeft = await groupAsItIs(sql, groupId);
    await active().update({ quit: 1, quitTime, groupWhenLeft });
    await changeVersion(sql, groupId);
    return members.map(({ userId }) => userId);
  }
}

interface NewMember {
  readonly id: number;
  readonly nickName: string;
  readonly headImageThumb: string;
}

type MyGroupRow = MyGroup & { readonly groupWhenLeft: string | null };

function mine(sql: Sql): Knex.QueryBuilder {
  return sql('im_group_member as m')
    .join('im_group as g', 'g.id', 'm.groupId')
    .select(...groupColumns, ...membershipColumns, 'm.groupWhenLeft');
}

function asHeSawIt({ groupWhenLeft, ...mine }: MyGroupRow): MyGroup {
  return groupWhenLeft === null ? mine : { ...mine, ...parseGroupWhenLeft(groupWhenLeft) };
}

/** Tells all instances that their list of members is old. See GroupMembers. */
async function changeVersion(sql: Sql, id: number): Promise<void> {
  await sql('im_group').where({ id }).increment('memberVersion');
  await wantTopicAsItIs(sql, id);
}

function present<T extends object>(changes: T): Partial<T> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Partial<T>;
}

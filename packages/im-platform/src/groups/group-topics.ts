import { randomUUID } from 'node:crypto';
import type { Logger } from 'im-common';
import type { Database, Sql } from '../db/database.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import { topicOf } from './group-members.ts';

// A message to a large group goes to its topic, which costs as much as one to a small group. The topic is used only while
// it is known to hold exactly the members that the group has (GroupMembers compares versions); so whatever goes wrong here
// costs time, and never tells anybody what is not for them. What has to be done stands in im_group_topic, written in the
// transaction that changes the members: whoever dies before the topic has followed leaves a row that is due.

export interface GroupTopicsDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly im: Pick<PlatformIm, 'topics'>;
  readonly logger: Logger;
  /** Groups with so many members have topics; 0: none has. */
  readonly from: number;
}

/** Who came and who went with one change of a group's members. */
export interface MemberChange {
  readonly groupId: number;
  /** The group's `memberVersion` afterwards. */
  readonly version: number;
  readonly joined?: readonly number[] | undefined;
  readonly left?: readonly number[] | undefined;
}

interface DueTopic {
  readonly groupId: number;
  readonly nextAt: number;
}

/** Longer than a change of a topic takes, so that only what its instance forgot is taken up by another. */
const ownedForMs = 15_000;
/** What Redis may have lost without anybody's notice is right again a day later. */
const declaredAgainMs = 24 * 3_600_000;
/** When some members are in too many topics already. */
const refusedForMs = 3_600_000;
const unknown = -1;
const atOnce = 20;

/** In the transaction that changes the members: the topic, if there is one, has to follow. */
export async function wantTopicAsItIs(sql: Sql, groupId: number): Promise<void> {
  await sql('im_group_topic')
    .where({ groupId })
    .update({
      wanted: sql('im_group').where({ id: groupId }).select('memberVersion'),
      nextAt: Date.now() + ownedForMs,
    });
}

export class GroupTopics {
  readonly #deps: GroupTopicsDeps;
  /** Changes of one group, one after the other. */
  readonly #working = new Map<number, Promise<void>>();

  constructor(deps: GroupTopicsDeps) {
    this.#deps = deps;
  }

  get areUsed(): boolean {
    return this.#deps.from > 0;
  }

  /** Whether a group of so many members is to have a topic. */
  isFor(members: number): boolean {
    return this.areUsed && members >= this.#deps.from;
  }

  /** Gives a group its topic, soon. */
  begin(groupId: number): void {
    if (this.#working.has(groupId)) return;
    void this.#oneByOne(groupId, async () => {
      const row = { groupId, version: unknown, wanted: unknown, nextAt: 0 };
      await this.#deps.database.sql('im_group_topic').insert(row).onConflict('groupId').ignore();
      await this.#declareIfDue({ groupId, nextAt: 0 });
    });
  }

  /** The members have changed, and this instance knows how. */
  follow(change: MemberChange): void {
    void this.#oneByOne(change.groupId, () => this.#change(change));
  }

  /** The bus has lost its memory. */
  forgotten(): void {
    void this.#tried(async () => {
      await this.#deps.database.sql('im_group_topic').update({ version: unknown, claim: null, nextAt: 0 });
    });
  }

  /** At the start: whether the bus still knows what it was told. */
  check(): void {
    void this.#tried(() => this.#check());
  }

  /** By one member of each group. */
  async #check(): Promise<void> {
    const { database, im } = this.#deps;
    const known: { groupId: number; userId: number | null }[] = await database
      .sql('im_group_topic as t')
      .where('t.version', '>=', 0)
      .select('t.groupId', firstMember(database.sql));
    for (const { groupId, userId } of known) {
      if (userId === null || (await im.topics.topicsOf(userId)).includes(topicOf(groupId))) continue;
      await database.sql('im_group_topic').where({ groupId }).update({ version: unknown, nextAt: 0 });
    }
  }

  /** Declares anew what is due: what nobody has followed, and what was forgotten. */
  async sweep(): Promise<void> {
    const due: DueTopic[] = await this.#deps.database
      .sql('im_group_topic')
      .where('nextAt', '<=', Date.now())
      .orderBy('nextAt')
      .limit(atOnce)
      .select('groupId', 'nextAt');
    for (const topic of due) await this.#oneByOne(topic.groupId, () => this.#declareIfDue(topic));
  }

  async close(): Promise<void> {
    await Promise.all(this.#working.values());
  }

  /** What may fail: a row stays that is due. */
  async #tried(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#deps.logger.warn({ err: error }, 'topics of groups could not be told; it is tried again');
    }
  }

  #oneByOne(groupId: number, work: () => Promise<void>): Promise<void> {
    const before = this.#working.get(groupId) ?? Promise.resolve();
    const done = before.then(() => this.#tried(work));
    this.#working.set(groupId, done);
    void done.then(() => {
      if (this.#working.get(groupId) === done) this.#working.delete(groupId);
    });
    return done;
  }

  /** Only from the version right before; everything else is left to whoever declares all of it. */
  async #change({ groupId, version, joined = [], left = [] }: MemberChange): Promise<void> {
    const claim = await this.#claim({ groupId, version: version - 1 });
    if (claim === undefined) return;
    const { topics } = this.#deps.im;
    if (left.length > 0) await topics.remove(topicOf(groupId), left);
    const { refused } = joined.length > 0 ? await topics.add(topicOf(groupId), joined) : noneRefused;
    await this.#finish(groupId, claim, { version, refused });
  }

  async #declareIfDue(due: DueTopic): Promise<void> {
    const claim = await this.#claim(due);
    if (claim === undefined) return;
    const { groupId } = due;
    const { database, im } = this.#deps;
    const { version, userIds } = await database.transaction(async (sql) => {
      const group: { readonly memberVersion: number } | undefined = await sql('im_group')
        .where({ id: groupId })
        .first('memberVersion');
      const members: { userId: number }[] = await sql('im_group_member')
        .where({ groupId, quit: 0 })
        .select('userId');
      return { version: group?.memberVersion ?? unknown, userIds: members.map(({ userId }) => userId) };
    });
    const { refused } = await im.topics.replace(topicOf(groupId), userIds);
    if (userIds.length > 0) return this.#finish(groupId, claim, { version, refused });
    await database.sql('im_group_topic').where({ groupId, claim }).delete();
  }

  /** Undefined: somebody else was faster, or it is no longer as was said. */
  async #claim(as: { groupId: number; nextAt?: number; version?: number }): Promise<string | undefined> {
    const claim = randomUUID();
    const claimed = await this.#deps.database
      .sql('im_group_topic')
      .where(as)
      .update({ version: unknown, claim, nextAt: Date.now() + ownedForMs });
    return claimed > 0 ? claim : undefined;
  }

  /**
   * Says what the topic holds now. When somebody has taken it over meanwhile, because we took too long, our change may have
   * come after theirs: it is declared once more.
   */
  async #finish(
    groupId: number,
    claim: string,
    { version, refused }: { readonly version: number; readonly refused: readonly string[] },
  ): Promise<void> {
    const { sql } = this.#deps.database;
    const now = Date.now();
    const isWhole = refused.length === 0;
    const later = now + (isWhole ? declaredAgainMs : refusedForMs);
    const finished = await sql('im_group_topic')
      .where({ groupId, claim })
      .update({
        version: isWhole ? version : unknown,
        claim: null,
        nextAt: sql.raw('case when ?? > ? then ? else ? end', ['wanted', version, now, later]),
      });
    if (finished === 0)
      await sql('im_group_topic').where({ groupId }).update({ version: unknown, claim: null, nextAt: now });
  }
}

const noneRefused = { refused: [] as readonly string[] };

function firstMember(sql: Database['sql']) {
  return sql('im_group_member as m')
    .whereRaw('?? = ??', ['m.groupId', 't.groupId'])
    .where({ quit: 0 })
    .min('m.userId')
    .as('userId');
}

import { gather } from 'im-common/internal/bus';
import type { Database } from '../db/database.ts';

/** To whom a group's messages go now: to its topic when that holds exactly its members, else to each of them. */
export type Audience =
  { readonly topic: string } | { readonly userIds: readonly number[]; readonly hasTopic: boolean };

interface Versions {
  readonly memberVersion: number;
  /** That its topic holds; null: it has none. */
  readonly topicVersion: number | null;
}

interface KnownMembers {
  readonly version: number;
  /** One reading for all who ask meanwhile, so that they go on in the order in which they asked. */
  readonly ids: Promise<readonly number[]>;
}

/** Groups whose members are kept in memory; 3,000 of 3,000 members are 70 MB. */
const mostGroups = 3_000;

/**
 * The members of groups, for pushing. Lists are kept as long as the group's `member_version` says that they are right,
 * and every change of members changes it in the same transaction, so all instances see it at once.
 */
export class GroupMembers {
  readonly #sql: Database['sql'];
  readonly #known = new Map<number, KnownMembers>();
  readonly #versionsOf: (groupId: number) => Promise<Versions | undefined>;

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.#sql = sql;
    const versionsOf = async (groupIds: readonly number[]): Promise<(Versions | undefined)[]> => {
      const rows: (Versions & { readonly id: number })[] = await sql('im_group as g')
        .leftJoin('im_group_topic as t', 't.groupId', 'g.id')
        .whereIn('g.id', [...new Set(groupIds)])
        .select('g.id', 'g.memberVersion', 't.version as topicVersion');
      const versions = new Map(rows.map((row) => [row.id, row]));
      return groupIds.map((id) => versions.get(id));
    };
    this.#versionsOf = gather(versionsOf, { waitMs: 20 });
  }

  /** Those who are in the group now. */
  async idsOf(groupId: number): Promise<readonly number[]> {
    return this.#idsOf(groupId, await this.#versionsOf(groupId));
  }

  async audienceOf(groupId: number): Promise<Audience> {
    const versions = await this.#versionsOf(groupId);
    if (versions && versions.memberVersion === versions.topicVersion) return { topic: topicOf(groupId) };
    const hasTopic = (versions?.topicVersion ?? null) !== null;
    return { userIds: await this.#idsOf(groupId, versions), hasTopic };
  }

  #idsOf(groupId: number, versions: Versions | undefined): readonly number[] | Promise<readonly number[]> {
    if (!versions) return [];
    const { memberVersion: version } = versions;
    const known = this.#known.get(groupId);
    if (known?.version === version) return known.ids;
    const ids = this.#read(groupId);
    this.#remember(groupId, { version, ids });
    return ids;
  }

  async #read(groupId: number): Promise<readonly number[]> {
    try {
      const rows: { userId: number }[] = await this.#sql('im_group_member')
        .where({ groupId, quit: 0 })
        .orderBy('id')
        .select('userId');
      return rows.map(({ userId }) => userId);
    } catch (error) {
      this.#known.delete(groupId);
      throw error;
    }
  }

  #remember(groupId: number, members: KnownMembers): void {
    this.#known.delete(groupId);
    this.#known.set(groupId, members);
    if (this.#known.size <= mostGroups) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      return;
    }
  }
}

/** The name of a group's topic. */
export function topicOf(groupId: number): string {
  return `group:${groupId}`;
}

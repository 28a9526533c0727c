import { gather } from 'im-common/internal/bus';
import type { Database } from '../db/database.ts';

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
  readonly #versionOf: (groupId: number) => Promise<number | undefined>;

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.#sql = sql;
    this.#versionOf = gather(async (groupIds) => {
      const rows: { id: number; memberVersion: number }[] = await sql('im_group')
        .whereIn('id', [...new Set(groupIds)])
        .select('id', 'memberVersion');
      const versions = new Map(rows.map(({ id, memberVersion }) => [id, memberVersion]));
      return groupIds.map((id) => versions.get(id));
    });
  }

  /** Those who are in the group now. */
  async idsOf(groupId: number): Promise<readonly number[]> {
    const version = await this.#versionOf(groupId);
    if (version === undefined) return [];
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

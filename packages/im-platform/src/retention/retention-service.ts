import type { Database, Sql } from '../db/database.ts';
import { assertOpen } from '../groups/checked-group.ts';
import { conversationOfGroup } from '../groups/group.ts';
import type { GroupStore } from '../groups/group-store.ts';
import { roleOf } from '../groups/role.ts';
import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import type { Places } from '../inbox/place.ts';
import { daysOf, lockChoices, type Keeping, type RetentionStore } from './retention-store.ts';

export interface RetentionDeps {
  readonly database: Pick<Database, 'sql' | 'of' | 'transaction'>;
  readonly store: RetentionStore;
  readonly groups: Pick<GroupStore, 'findMine'>;
  readonly places: Pick<Places, 'find'>;
  readonly usualDays: number | undefined;
  /** The least that owners of groups may say; undefined: they may not say anything. */
  readonly leastDays: number | undefined;
}

/** How long a conversation is kept, as its people see it. */
export interface KeptFor {
  /** Null: for ever. */
  readonly days: number | null;
  /** What the owner of a group may choose from; null: nothing. */
  readonly choice: { readonly least: number; readonly most: number } | null;
}

export const mostDays = 36_500;

/** Says how long conversations are kept. What is too old goes with the next round. */
export class RetentionService {
  readonly #deps: RetentionDeps;

  constructor(deps: RetentionDeps) {
    this.#deps = deps;
  }

  async of({ userId }: Caller, id: string): Promise<KeptFor> {
    const { conversation } = await this.#deps.places.find(userId, id);
    return this.#keptFor(conversation.id, conversation.kind === 'group');
  }

  /** By the owner of a group; null: as long as others. */
  async setOfGroup({ userId }: Caller, groupId: number, days: number | null): Promise<KeptFor> {
    const { database, groups } = this.#deps;
    const mine = await groups.findMine(groupId, userId);
    if (!mine) throw new Refusal('groupUnknown');
    assertOpen(mine);
    if (mine.quit === 1) throw new Refusal('notGroupMember');
    const choice = this.#choice;
    if (roleOf(mine) !== 'owner' || !choice) throw new Refusal('noPermission');
    if (days !== null && (days < choice.least || days > choice.most)) {
      const values = { least: String(choice.least), most: String(choice.most) };
      throw new Refusal('retentionDays', { values });
    }
    const conversation = conversationOfGroup(groupId);
    await database.transaction((sql) => this.#set(sql, conversation, { ownerDays: days }));
    return this.#keptFor(conversation, true);
  }

  /** As admins see it, who know of all conversations. */
  async find(id: string): Promise<Keeping & { readonly days: number | null }> {
    const { database, store, usualDays } = this.#deps;
    const found: unknown = await database
      .of(id)
      .sql('im_conversation')
      .where({ conversation: id })
      .first('conversation');
    if (found === undefined) throw new Refusal('conversationUnknown');
    const keeping = await store.find(id);
    return { ...keeping, days: daysOf(keeping, usualDays) ?? null };
  }

  /** By an admin, who has the last word. */
  async set(
    id: string,
    changes: Partial<Pick<Keeping, 'adminDays' | 'isHeld'>>,
    note: (sql: Sql) => Promise<void>,
  ): Promise<void> {
    await this.find(id);
    await this.#deps.database.transaction(async (sql) => {
      await note(sql);
      await this.#set(sql, id, changes);
    });
  }

  /** When it is said, nothing is being removed by what was said before. */
  async #set(sql: Sql, conversation: string, changes: Partial<Keeping>): Promise<void> {
    await lockChoices(sql, conversation);
    await this.#deps.store.set(sql, conversation, changes);
  }

  async #keptFor(conversation: string, isGroup: boolean): Promise<KeptFor> {
    const { store, usualDays } = this.#deps;
    // That it is held is not theirs to know.
    const keeping = { ...(await store.find(conversation)), isHeld: false };
    const mayChoose = isGroup && keeping.adminDays === null;
    return { days: daysOf(keeping, usualDays) ?? null, choice: mayChoose ? (this.#choice ?? null) : null };
  }

  /** Nobody keeps for longer than the platform does. */
  get #choice(): { readonly least: number; readonly most: number } | undefined {
    const { leastDays, usualDays = mostDays } = this.#deps;
    return leastDays === undefined ? undefined : { least: leastDays, most: usualDays };
  }
}

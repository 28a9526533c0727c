import { chunksOf } from '../db/chunks.ts';
import type { Database } from '../db/database.ts';

/** Somebody, and a friend of theirs who may know whether they are there. */
export interface Watcher {
  readonly subject: number;
  readonly watcher: number;
}

const subjectsPerStatement = 100;

/** Who may see of whom that they are there, asked from the side of those who are seen. `PrivacyStore.showPresenceTo` is the other side. */
export class Watchers {
  readonly #sql: Database['sql'];

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.#sql = sql;
  }

  /** Friends, unless one of the two has blocked the other, or the subject shows it to nobody. */
  async friendsOf(subjects: readonly number[], among?: readonly number[]): Promise<Watcher[]> {
    const found: Watcher[] = [];
    for (const some of chunksOf(subjects, subjectsPerStatement)) {
      const query = this.#sql('im_friend as mine')
        .join('im_friend as theirs', { 'theirs.userId': 'mine.friendId', 'theirs.friendId': 'mine.userId' })
        .leftJoin('im_privacy as p', { 'p.userId': 'mine.userId' })
        .leftJoin('im_block as b', { 'b.userId': 'mine.userId', 'b.blockedId': 'mine.friendId' })
        .leftJoin('im_block as c', { 'c.userId': 'mine.friendId', 'c.blockedId': 'mine.userId' })
        .whereIn('mine.userId', some)
        .where({ 'mine.deleted': 0, 'theirs.deleted': 0 })
        .where((shown) => void shown.whereNull('p.seesPresence').orWhereNot('p.seesPresence', 'nobody'))
        .whereNull('b.userId')
        .whereNull('c.userId')
        .select('mine.userId as subject', 'mine.friendId as watcher');
      if (among) void query.whereIn('mine.friendId', [...among]);
      found.push(...((await query) as Watcher[]));
    }
    return found;
  }

  /** Those of a group's members who may see of this one that they are there. */
  async fellowsOf(subject: number, members: readonly number[]): Promise<number[]> {
    const privacy = await this.#sql('im_privacy')
      .where({ userId: subject })
      .first<{ seesPresence: string } | undefined>('seesPresence');
    const shownTo = privacy?.seesPresence ?? 'everybody';
    const others = members.filter((id) => id !== subject);
    if (shownTo === 'nobody') return [];
    if (shownTo === 'friends') return (await this.friendsOf([subject], others)).map(({ watcher }) => watcher);
    const estranged = new Set(await this.estrangedFrom(subject, others));
    return others.filter((id) => !estranged.has(id));
  }

  /** Those who have blocked this one, or whom this one has blocked. */
  async estrangedFrom(userId: number, among: readonly number[]): Promise<number[]> {
    const rows = await this.#sql('im_block')
      .where({ userId })
      .whereIn('blockedId', [...among])
      .select<{ id: number }[]>('blockedId as id')
      .unionAll(
        this.#sql('im_block')
          .where({ blockedId: userId })
          .whereIn('userId', [...among])
          .select('userId as id'),
      );
    return rows.map(({ id }) => id);
  }
}

import type { Judge, Kind } from './kind.ts';
import { ann, backEnd, type Change, type Stage } from './stage.ts';

const users = 500;
const another = users + 1;

/** What another back end says of users: of many at once, and of one. */
export class Attributes implements Kind {
  readonly #stage: Stage;
  readonly #put: string;
  readonly #removed: string;
  readonly #value: string;

  constructor(stage: Stage, round: number) {
    this.#stage = stage;
    [this.#put, this.#removed, this.#value] = [`put${round}`, `removed${round}`, `round ${round}`];
  }

  async prepare(): Promise<void> {
    await this.#stage.must(this.#ofAll({ [this.#removed]: this.#value }));
  }

  changes(): readonly Change[] {
    const attributes = { city: this.#value };
    return [
      this.#ofAll({ [this.#put]: this.#value, [this.#removed]: null }),
      { userId: backEnd, method: 'PATCH', path: `/server/users/${another}/attributes`, body: { attributes } },
    ];
  }

  /** All have the one, or all have the other. */
  async lookWhenDead(judge: Judge): Promise<void> {
    const { sql } = this.#stage.database;
    const rows = await sql('im_user_attribute')
      .whereIn('name', [this.#put, this.#removed])
      .groupBy('name')
      .select<{ name: string; users: number | string }[]>('name', sql.raw('count(*) as users'));
    const found = rows.map((row) => `${row.name}: ${row.users}`);
    judge.expect(
      'attributes while nobody runs',
      found,
      [`${this.#removed}: ${users}`],
      [`${this.#put}: ${users}`],
    );
  }

  async judge(judge: Judge): Promise<void> {
    const value = this.#value;
    await judge.rows('attributes', 'im_user_attribute', { name: this.#put, value }, users);
    await judge.rows('attributes that are gone', 'im_user_attribute', { name: this.#removed }, 0);
    await judge.rows('attributes of one', 'im_user_attribute', { userId: another, name: 'city', value });
    const segment = { attributes: { [this.#put]: [value] } };
    const body = { segment };
    const audience = await this.#stage.must({ userId: ann, path: '/admin/campaign-audiences', body });
    judge.expect('users of the segment', audience.users, users);
  }

  #ofAll(attributes: object): Change {
    const all = Array.from({ length: users }, (_, index) => ({ userId: String(index + 1), attributes }));
    return { userId: backEnd, path: '/server/user-attributes', body: { users: all } };
  }
}

import type { Change, Stage } from './stage.ts';

/** In one round: what there is before, changes of one kind, and what has to have come of them. */
export interface Kind {
  prepare(): Promise<void>;
  changes(): readonly Change[];
  /** What is there while nobody runs: all of a change, or nothing of it. */
  lookWhenDead?(judge: Judge): Promise<void>;
  judge(judge: Judge): Promise<void>;
}

/** Counts what was looked at, and keeps what was not as it should be. */
export class Judge {
  readonly problems: string[] = [];
  checked = 0;
  readonly #stage: Stage;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  expect(what: string, is: unknown, ...should: readonly unknown[]): void {
    this.checked += 1;
    const found = JSON.stringify(is);
    const allowed = should.map((one) => JSON.stringify(one));
    if (!allowed.includes(found)) this.problems.push(`${what}: ${found}, expected ${allowed.join(' or ')}`);
  }

  async rows(what: string, table: string, where: object, ...expected: readonly number[]): Promise<void> {
    const [row] = await this.#stage.database
      .sql(table)
      .where(where)
      .count<{ rows: number | string }[]>('* as rows');
    this.expect(what, Number(row?.rows), ...(expected.length > 0 ? expected : [1]));
  }
}

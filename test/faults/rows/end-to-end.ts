import { Random } from '../kit/random.ts';
import { Statements } from './end-to-end/statements.ts';
import { Stage } from './end-to-end/stage.ts';
import { Talk } from './end-to-end/talk.ts';
import type { Row } from './row.ts';

/** Each hits all kinds of requests. */
const killsOfCycle = 4;

/**
 * A platform is killed in the middle of all that devices ask it when they encrypt, and compare codes. Four kills cut off fifteen kinds of requests,
 * several with each, and two comparisons: they are held until all of them are out. In every second round they were done, and their answers are lost.
 * At the end an instance dies at each statement of what changes something, and before it tells others.
 */
export const endToEndUnderKills: Row = {
  name: 'end-to-end',
  numbers: [],
  holds:
    'a platform is killed in the midst of what devices ask it that encrypt: what was sent is read by every device that should, once and in order, no key is given twice, nobody else reads, and codes are compared to their end',
  inTest: 4,
  inFull: 60,
  async run({ times, seed, scope, say }) {
    const random = new Random(seed);
    const problems: string[] = [];
    const figures: Record<string, { value: number; unit: string; atLeast?: number }> = {};
    let [checked, kills] = [0, 0];
    // Within the suite the one or the other.
    const stores = (['sqlite', 'mariadb'] as const).filter(
      (_, index) => times > killsOfCycle || index === seed % 2,
    );
    const cycles = Math.ceil(times / killsOfCycle);
    for (const store of stores) {
      const stage = await Stage.start(scope, store, random);
      const talk = new Talk(stage, random);
      await talk.begin();
      for (let cycle = 1; cycle <= cycles; cycle++) {
        await talk.cycle(cycle, random.chance(0.5) ? 'answered' : 'begun');
        say?.(`${store}: cycle ${cycle} of ${cycles}`);
      }
      await talk.end();
      const statements = await Statements.start(stage, say);
      // A process for each statement: within the suite one.
      await statements.killInAll(times > killsOfCycle ? undefined : seed);
      checked += talk.checked + statements.checked;
      kills += stage.kills;
      for (const problem of [...stage.problems, ...talk.problems, ...statements.problems])
        problems.push(`${store}: ${problem}`);
      figures[`${store}: one-time keys that were given`] = { value: stage.given, unit: '', atLeast: 3 };
      figures[`${store}: messages that others could not read`] = { value: talk.hidden, unit: '', atLeast: 1 };
      figures[`${store}: comparisons of codes that came to their end`] = {
        value: talk.compared,
        unit: '',
        atLeast: 2,
      };
      figures[`${store}: such that were begun`] = { value: talk.begun, unit: '' };
    }
    return { faults: kills, checked, problems: problems.slice(0, 20), figures };
  },
};

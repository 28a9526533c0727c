// Beside bare `ws` in the same run, so that a busy or slow machine is so for both. The figures that count are measured
// by `npm run bench`; this only notices when something has become several times dearer than it was.
import { expect, test } from 'vitest';
import { Arena } from '../bench/arena.ts';
import { fromBacklog, toEverybody } from '../bench/loads.ts';
import { interleave, type Contender, type Figures } from '../bench/measure.ts';

const users = 200;
const rounds = 3;

// Measured when this was written: 1.6 and 0.3, with the source run by tsx.
const mostForUnicast = 4;
const mostForFanout = 2;

test.skipIf(process.platform !== 'linux')(
  'a delivery costs about as much as a bare ws.send',
  { timeout: 180_000 },
  async () => {
    await Arena.with(['im from source', 'bare ws'], users, async (contenders) => {
      const unicast = await ratio(contenders, (one) => fromBacklog(one, 5_000, users));
      const fanout = await ratio(contenders, (one) => toEverybody(one, 25, users, 25));
      console.log(`unicast ${unicast.toFixed(2)}, fan-out ${fanout.toFixed(2)} times the CPU of bare ws`);

      expect(unicast).toBeLessThan(mostForUnicast);
      expect(fanout).toBeLessThan(mostForFanout);
    });
  },
);

/** Our cost divided by that of the floor, each at its best: what disturbs a round only ever makes it dearer. */
async function ratio(
  contenders: readonly Contender[],
  run: (contender: Contender) => Promise<Figures>,
): Promise<number> {
  const figures = await interleave(contenders, rounds, run);
  const best = (name: string): number =>
    Math.min(...(figures.get(name) ?? []).map(({ server }) => server), Infinity);
  return best('im from source') / best('bare ws');
}

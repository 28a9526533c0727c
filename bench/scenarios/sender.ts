import { Arena } from '../arena.ts';
import { inClosedLoop } from '../loads.ts';
import { interleave } from '../measure.ts';
import { costTable } from '../report/costs.ts';
import type { Table } from '../report/table.ts';
import { lots } from '../small.ts';

const users = lots(1_000);
const count = lots(20_000);
const batches = [1, 10, 64, 500];

/** What sending costs the backend, with everything that its client promises. */
export function sender(rounds: number): Promise<Table[]> {
  return Arena.with(['im', 'im, results off', 'Socket.IO + Redis'], users, async (contenders) => {
    const tables: Table[] = [];
    for (const atATime of batches) {
      const messages = atATime === 1 ? count / 10 : count;
      const figures = await interleave(contenders, rounds, (one) =>
        inClosedLoop(one, messages, users, atATime),
      );
      const note = `${messages} messages for one receiver each; medians of ${rounds} rounds. Socket.IO has no results.`;
      tables.push(costTable(`Sending, ${atATime} at a time`, note, figures));
    }
    return tables;
  });
}

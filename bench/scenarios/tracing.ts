import { Arena } from '../arena.ts';
import type { Table } from '../report/table.ts';
import { lots } from '../small.ts';
import { atRates } from './latency.ts';
import { closedLoop } from './unicast.ts';

/** What traces cost: not there (`im before`, a build from before them), off, on and sampled. Spans are made and dropped, not sent to a collector. */
export function tracing(rounds: number): Promise<Table[]> {
  return Arena.with(
    ['im', 'im, tracer unused', 'im, 1 % traced', 'im, all traced'],
    lots(1_000),
    async (contenders) => [await closedLoop(contenders, rounds), ...(await atRates(contenders, rounds))],
  );
}

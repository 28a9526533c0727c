import { ImError } from 'im-common';
import type { Producer } from 'im-common/bus';
import type { PlannedPut } from './plan.ts';

/** How some puts ended. `closed` ones had no effect: their servers do not serve any more. */
export interface PutReport {
  readonly put: PlannedPut[];
  readonly closed: PlannedPut[];
  readonly failed: { readonly put: PlannedPut; readonly error: ImError }[];
}

export async function putAll(
  producer: Pick<Producer, 'put'>,
  puts: readonly PlannedPut[],
): Promise<PutReport> {
  const report: PutReport = { put: [], closed: [], failed: [] };
  const [first] = puts;
  if (puts.length === 1 && first) await putOne(producer, first, report);
  else await Promise.all(puts.map((put) => putOne(producer, put, report)));
  return report;
}

async function putOne(producer: Pick<Producer, 'put'>, put: PlannedPut, report: PutReport): Promise<void> {
  try {
    const outcome = await producer.put(put.list, put.entry);
    switch (outcome.status) {
      case 'put':
        report.put.push(put);
        return;
      case 'closed':
        report.closed.push(put);
        return;
      case 'full':
        report.failed.push({ put, error: full(put, outcome.length) });
    }
  } catch (cause) {
    report.failed.push({ put, error: asImError(cause) });
  }
}

function full({ serverId, list }: PlannedPut, length: number): ImError {
  return new ImError(
    'BUS_FULL',
    `${length} entries wait on ${list}, which is maxListLength. Server ${serverId} is stuck or far too slow.`,
  );
}

function asImError(cause: unknown): ImError {
  if (cause instanceof ImError) return cause;
  return new ImError('BUS_UNAVAILABLE', `The bus failed: ${String(cause)}`, { cause });
}

/** What the caller of a send learns when not all could be put. */
export function sendFailure({ failed }: PutReport, serverCount: number): ImError {
  const { error } = failed[0] ?? { error: new ImError('BUS_UNAVAILABLE', 'The bus failed.') };
  if (serverCount === 0) return error;
  return new ImError(
    error.code,
    `The message is with ${serverCount} of its servers, whose results will come, and not with the others: ${error.message}`,
    { cause: error },
  );
}

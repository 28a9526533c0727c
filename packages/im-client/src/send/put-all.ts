import { ImError } from 'im-common';
import type { Producer, PutOutcome } from 'im-common/bus';
import type { PlannedPut } from './plan.ts';

/** How some puts ended. `closed` ones had no effect: their servers do not serve any more. */
export interface PutReport {
  readonly put: PlannedPut[];
  readonly closed: PlannedPut[];
  readonly failed: { readonly put: PlannedPut; readonly error: ImError }[];
}

export function putAll(producer: Pick<Producer, 'put'>, puts: readonly PlannedPut[]): Promise<PutReport> {
  const report: PutReport = { put: [], closed: [], failed: [] };
  const ends = puts.map((put) =>
    producer.put(put.list, put.entry).then(
      (outcome) => note(report, put, outcome),
      (error: unknown) => {
        report.failed.push({ put, error: asImError(error) });
        return report;
      },
    ),
  );
  // Nearly every message goes to one server.
  return ends.length === 1 && ends[0] ? ends[0] : Promise.all(ends).then(() => report);
}

function note(report: PutReport, put: PlannedPut, outcome: PutOutcome): PutReport {
  switch (outcome.status) {
    case 'put':
      report.put.push(put);
      break;
    case 'closed':
      report.closed.push(put);
      break;
    case 'full':
      report.failed.push({ put, error: full(put, outcome.length) });
      break;
  }
  return report;
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

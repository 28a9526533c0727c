import { ImError } from 'im-common';
import type { Producer } from 'im-common/internal/bus';
import type { PlannedPut } from './plan.ts';

/** How some puts ended. `closed` ones had no effect: their servers do not serve any more. */
export interface PutReport {
  readonly put: readonly PlannedPut[];
  /** Those of `put` that a former call with the same id had put. */
  readonly repeated: readonly PlannedPut[];
  readonly closed: readonly PlannedPut[];
  /** Why the others are not there. */
  readonly failed: readonly ImError[];
}

const none: readonly never[] = [];

/** Puts one entry. */
export type Put = (put: PlannedPut) => ReturnType<Producer['put']>;

export function putAll(putting: Put, puts: readonly PlannedPut[]): Promise<PutReport> {
  const [first] = puts;
  // Nearly every private message is one entry, which needs no machinery.
  if (puts.length === 1 && first) return putOne(putting, first).then((end) => reportOf(puts, [end]));
  return Promise.all(puts.map((put) => putOne(putting, put))).then((ends) => reportOf(puts, ends));
}

type PutEnd = 'put' | 'repeated' | 'closed' | ImError;

function putOne(putting: Put, put: PlannedPut): Promise<PutEnd> {
  return putting(put).then((outcome) => {
    if (outcome.status === 'full') return full(put, outcome.length);
    return outcome.status === 'put' && outcome.isRepeat ? 'repeated' : outcome.status;
  }, asImError);
}

function reportOf(puts: readonly PlannedPut[], ends: readonly PutEnd[]): PutReport {
  if (ends.every((end) => end === 'put')) return { put: puts, repeated: none, closed: none, failed: none };
  return {
    put: puts.filter((_, index) => ends[index] === 'put' || ends[index] === 'repeated'),
    repeated: puts.filter((_, index) => ends[index] === 'repeated'),
    closed: puts.filter((_, index) => ends[index] === 'closed'),
    failed: ends.filter((end) => end instanceof ImError),
  };
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

/** What the caller of a send learns when not all could be put: `failed` of its entries are not there, or may not be. */
export function sendFailure(failed: readonly ImError[], serverCount: number): ImError {
  const worst = failed.reduce((one, other) => (one.effect === 'none' ? other : one));
  if (serverCount === 0) return worst;
  return new ImError(
    worst.code,
    `The message is with ${serverCount} of its servers, whose results will come, and not with the others: ${worst.message}`,
    { cause: worst, effect: worst.effect === 'unknown' ? 'unknown' : 'partial' },
  );
}

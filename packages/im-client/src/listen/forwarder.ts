import {
  encodeCounted,
  encodeKeptResult,
  encodeLastResult,
  encodeResults,
  mostSharedResultBytes,
  Producer,
  resultList,
  type ResultKind,
} from 'im-common/internal/bus';
import { ResultCode, type ByteText, type Lists } from 'im-common/bus';
import type { Result } from 'im-common/internal/bus';

const mostWaiting = 1_000_000;
const keptMs = 24 * 3_600_000;

/** Puts results on the list that all instances of the service share, for one that has listeners of their kind. */
export class Forwarder {
  readonly #producer: Producer;
  readonly #service: string;

  constructor(lists: Lists, options: { service: string; timeoutMs: number }) {
    this.#service = options.service;
    this.#producer = new Producer(lists, {
      maxLength: mostWaiting,
      maxBytes: mostSharedResultBytes,
      whenFull: 'drop-oldest',
      ttlMs: keptMs,
      timeoutMs: options.timeoutMs,
      maxBatch: 500,
    });
  }

  async put(kind: ResultKind, result: Result): Promise<void> {
    const list = resultList(kind, this.#service);
    await this.#producer.put(list, ...resultTexts(kind, result));
  }
}

/** The result as texts for a result list. */
export function resultTexts(kind: ResultKind, result: Result): ByteText[] {
  if (kind === 'kept') {
    const { keptKind = 'private', outcomes } = result;
    return outcomes.map((outcome) => encodeKeptResult(keptKind, result, outcome, result));
  }
  if (result.outcomes.length > 0) return encodeResults(kind, result, result.outcomes, result);
  if (result.counted) return [encodeCounted(result, result.counted, result)];
  // A push to everyone that expired names nobody. Its text is that of a last result, with another code.
  const last = encodeLastResult(result, result);
  return [last.replace(`{"code":${ResultCode.SUCCESS}`, `{"code":${result.code}`) as ByteText];
}

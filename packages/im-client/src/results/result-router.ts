import type { MessageKind } from 'im-common';
import { ResultCode, type Taken } from 'im-common/bus';
import { decodeResult, ScanError, type Result, type ResultKind } from 'im-common/internal/bus';
import type { ClientEvents } from '../events.ts';
import type { Expired, Ledger } from '../ledger/ledger.ts';
import type { Logger } from 'im-common';
import type { DeadResults } from '../listen/dead-results.ts';
import type { Dispatcher } from '../listen/dispatcher.ts';
import type { Origin } from '../listen/result-in-flight.ts';

export interface ResultRouterDeps {
  readonly ledger: Ledger;
  readonly dispatcher: Dispatcher;
  readonly deadResults: Pick<DeadResults, 'putUnreadable'>;
  readonly events: ClientEvents;
  readonly logger: Logger;
}

/** Decides where a result goes, by the list that it came from. */
export class ResultRouter {
  readonly #deps: ResultRouterDeps;

  constructor(deps: ResultRouterDeps) {
    this.#deps = deps;
  }

  /** Of a message that this instance sent: the ledger decides whether it is final. */
  readonly own = (kind: MessageKind, list: string, { seq, text }: Taken, origin: Origin): void => {
    const result = this.#decode(kind, list, { seq, text }, origin);
    if (result) this.#arbitrate(kind, result, origin, seq);
  };

  /** Of a message in no ledger: the first instance to take it dispatches it. */
  readonly shared = (kind: ResultKind, list: string, { seq, text }: Taken, origin: Origin): void => {
    const result = this.#decode(kind, list, { seq, text }, origin);
    if (!result) return;
    if (isSilent(result)) origin.done(seq);
    else this.#deps.dispatcher.dispatch(kind, result, origin, seq);
  };

  /** Of a message that a dead instance sent. It may have been this very one, under its former id. */
  readonly orphaned = (kind: MessageKind, list: string, taken: Taken, origin: Origin): void => {
    const result = this.#decode(kind, list, taken, origin);
    if (!result) return;
    if (result.messageId !== undefined && this.#deps.ledger.knows(result.messageId)) {
      this.#arbitrate(kind, result, origin, taken.seq);
    } else if (isSilent(result)) origin.done(taken.seq);
    else this.#deps.dispatcher.dispatch(kind, result, origin, taken.seq);
  };

  /** Of a message without a result at its deadline. */
  expired({ pending, outcomes }: Expired, origin: Origin): void {
    const { kind, messageId } = pending.message;
    const receivers = outcomes.map(({ address }) => address);
    this.#deps.events.emit('expired', { kind, messageId, receivers });
    const batches = kind === 'private' ? outcomes.map((outcome) => [outcome]) : [outcomes];
    for (const batch of batches) {
      const result: Result = {
        ...pending.message,
        code: ResultCode.ERROR,
        outcomes: batch,
        resolvedAt: Date.now(),
        last: false,
      };
      this.#deps.dispatcher.dispatch(kind, result, origin, 0);
    }
  }

  #arbitrate(kind: MessageKind, result: Result, origin: Origin, seq: number): void {
    const { final, duplicates } = this.#deps.ledger.decide(kind, result);
    if (duplicates > 0) {
      const { messageId } = result;
      this.#deps.logger.debug({ kind, messageId, duplicates }, 'A second result was dropped');
      this.#deps.events.emit('duplicateDropped', { kind, messageId, count: duplicates });
    }
    if (final) this.#deps.dispatcher.dispatch(kind, final, origin, seq);
    else origin.done(seq);
  }

  #decode(kind: ResultKind, list: string, { seq, text }: Taken, origin: Origin): Result | undefined {
    try {
      const result = decodeResult(text);
      if ((kind !== 'private' && kind !== 'kept') || result.outcomes.length > 0) return result;
      throw new ScanError('The result names no receiver', 0);
    } catch (error) {
      this.#deps.logger.error({ list, error }, 'A result cannot be read; it goes to the dead letters');
      this.#deps.deadResults.putUnreadable(list, text, error).then(
        () => origin.done(seq),
        // The client is being closed: it stays in flight for another instance.
        () => origin.giveBack(kind, { ...unreadable, dataText: text }, seq),
      );
      return undefined;
    }
  }
}

const unreadable = { code: ResultCode.ERROR, outcomes: [], attempt: 1, last: false } as const;

/** The end of a push to everyone, which tells listeners nothing. */
function isSilent(result: Result): boolean {
  return result.outcomes.length === 0 && result.code === ResultCode.SUCCESS && !result.counted;
}

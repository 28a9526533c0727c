import type { MessageKind } from 'im-common';
import { ResultCode, type Taken } from 'im-common/bus';
import { decodeResults, ScanError, type Result, type ResultKind } from 'im-common/internal/bus';
import type { ClientEvents } from '../events.ts';
import type { Expired, Ledger } from '../ledger/ledger.ts';
import type { Logger } from 'im-common';
import type { DeadResults } from '../listen/dead-results.ts';
import type { Dispatcher } from '../listen/dispatcher.ts';
import type { Forwarder } from '../listen/forwarder.ts';
import type { Origin } from '../listen/result-in-flight.ts';
import { PackOrigin } from './pack-origin.ts';

export interface ResultRouterDeps {
  readonly ledger: Ledger;
  readonly dispatcher: Dispatcher;
  readonly deadResults: Pick<DeadResults, 'putUnreadable'>;
  readonly forwarder: Pick<Forwarder, 'put'>;
  readonly events: ClientEvents;
  readonly logger: Logger;
}

/** Decides where a result goes, by the list that it came from. */
export class ResultRouter {
  readonly #deps: ResultRouterDeps;

  constructor(deps: ResultRouterDeps) {
    this.#deps = deps;
  }

  /** Of messages that this instance sent: the ledger decides whether they are final. */
  readonly own = (kind: MessageKind, list: string, taken: Taken, origin: Origin): void => {
    this.#each(kind, list, taken, origin, this.#arbitrate);
  };

  /** Of a message in no ledger: the first instance to take it dispatches it. */
  readonly shared = (kind: ResultKind, list: string, taken: Taken, origin: Origin): void => {
    this.#each(kind, list, taken, origin, this.#dispatch);
  };

  /** Of messages that a dead instance sent. It may have been this very one, under its former id. */
  readonly orphaned = (kind: MessageKind, list: string, taken: Taken, origin: Origin): void => {
    this.#each(kind, list, taken, origin, (_, result, from, seq) => {
      const isOurs = result.messageId !== undefined && this.#deps.ledger.knows(result.messageId);
      if (isOurs) this.#arbitrate(kind, result, from, seq);
      else this.#dispatch(kind, result, from, seq);
    });
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

  #each<Kind extends ResultKind>(
    kind: Kind,
    list: string,
    taken: Taken,
    origin: Origin,
    handle: (kind: Kind, result: Result, origin: Origin, seq: number) => void,
  ): void {
    const results = this.#decode(kind, list, taken, origin);
    if (!results) return;
    const from = results.length === 1 ? origin : new PackOrigin(origin, results.length, this.#deps.forwarder);
    for (const result of results) handle(kind, result, from, taken.seq);
  }

  readonly #dispatch = (kind: ResultKind, result: Result, origin: Origin, seq: number): void => {
    if (isSilent(result)) origin.done(seq);
    else this.#deps.dispatcher.dispatch(kind, result, origin, seq);
  };

  readonly #arbitrate = (kind: MessageKind, result: Result, origin: Origin, seq: number): void => {
    const { final, duplicates } = this.#deps.ledger.decide(kind, result);
    if (duplicates > 0) {
      const { messageId } = result;
      this.#deps.logger.debug({ kind, messageId, duplicates }, 'A second result was dropped');
      this.#deps.events.emit('duplicateDropped', { kind, messageId, count: duplicates });
    }
    if (final) this.#deps.dispatcher.dispatch(kind, final, origin, seq);
    else origin.done(seq);
  };

  /** What is in an entry, one result at least. */
  #decode(kind: ResultKind, list: string, { seq, text }: Taken, origin: Origin): Result[] | undefined {
    try {
      const results = decodeResults(text);
      if (results.length === 0) throw new ScanError('There is no result', 0);
      if (kind !== 'private' && kind !== 'kept') return results;
      if (results.every(({ outcomes }) => outcomes.length > 0)) return results;
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

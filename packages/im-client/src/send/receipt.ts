import { ImError, type DeviceAddress } from 'im-common';
import { ResultCode, type Reason, type Stage } from 'im-common/bus';
import { codeOf, type Clock, type Outcome } from 'im-common/internal/bus';
import { abortReason } from '../checks/abort.ts';
import { invalidArgument, milliseconds, readOptions, type Kinds } from 'im-common/internal/checks';
import { abortSignal } from '../checks/abort-signal.ts';
import type { PendingMessage } from '../ledger/pending-message.ts';

/** How a message ended at one terminal of one receiver. */
export interface ReceiverOutcome extends DeviceAddress {
  readonly code: ResultCode;
  readonly stage: Stage;
  /** Absent: it arrived. */
  readonly reason?: Reason | undefined;
}

export interface AwaitResultsOptions {
  /** Waits at most so long; those missing then are reported as EXPIRED here, and listeners may still get their true results. @default until the deadline */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const kinds: Kinds<AwaitResultsOptions> = { timeoutMs: milliseconds(0), signal: abortSignal };

/** What a send resolves with: the message is on the bus. */
export interface Receipt {
  readonly messageId: string;
  /** The receivers' terminals whose servers have the message now. Of a push to everyone only those on servers of box-im. */
  readonly queued: readonly DeviceAddress[];
  /**
   * Of a message with a `messageId` of the caller's: those of `queued` to which a former call with this id has put it. When that was
   * another instance, their results are with its listeners, and not among {@link Receipt.results}. Else empty.
   */
  readonly repeated: readonly DeviceAddress[];
  /** The receivers' terminals that are not connected. */
  readonly offline: readonly DeviceAddress[];
  /** Those of `offline` for whose next login the message is kept. */
  readonly kept: readonly DeviceAddress[];
  /**
   * Of a push to everyone without the option `besideBoxIm`: servers of box-im where this client has found devices in the
   * last ten minutes. Their devices do not get it. Else empty.
   */
  readonly leftOut: readonly number[];
  /**
   * Resolves when the outcome of each (receiver, terminal) is final, with all of them: at the latest when
   * `resultDeadlineMs` is over, whatever listeners there are. Rejects with INVALID_ARGUMENT when the message was sent
   * with `sendResult: false`, with CLOSED when the client is closed meanwhile, and with the signal's reason.
   */
  results(options?: AwaitResultsOptions): Promise<ReceiverOutcome[]>;
  /**
   * The same as numbers: at how many devices of each server it ended how. For a message to a topic, whose members are
   * only named with `trackMembers`. A server that died is there with the reason SERVER_LOST and a count of 0: how many members it had is not known.
   */
  counts(options?: AwaitResultsOptions): Promise<ServerOutcome[]>;
  /** What is known at this moment, and of whom nothing is known yet: that is not EXPIRED here. Throws as `results()` rejects. */
  known(): KnownOutcomes;
}

/** Of a message whose results may still come. */
export interface KnownOutcomes {
  readonly results: readonly ReceiverOutcome[];
  /** The same as numbers; see {@link Receipt.counts}. */
  readonly counts: readonly ServerOutcome[];
  /** The receivers' terminals of which nothing is known yet. */
  readonly pending: readonly DeviceAddress[];
  /** Of a message to a topic or to everyone: the servers that have more to report. */
  readonly pendingServers: readonly number[];
}

/** How a message ended at some devices of one server. */
export interface ServerOutcome {
  /** Absent: no server had it. */
  readonly serverId?: number | undefined;
  readonly code: ResultCode;
  readonly stage: Stage;
  /** Absent: it arrived. */
  readonly reason?: Reason | undefined;
  readonly count: number;
}

export class SentReceipt implements Receipt {
  readonly messageId: string;
  readonly queued: readonly DeviceAddress[];
  readonly repeated: readonly DeviceAddress[];
  readonly offline: readonly DeviceAddress[];
  readonly kept: readonly DeviceAddress[];
  readonly leftOut: readonly number[];
  readonly #pending: PendingMessage | undefined;
  readonly #clock: Clock;

  constructor(
    { messageId, queued, repeated, offline, kept, leftOut }: Omit<Receipt, 'results' | 'counts' | 'known'>,
    { pending, clock }: { readonly pending: PendingMessage | undefined; readonly clock: Clock },
  ) {
    this.messageId = messageId;
    this.queued = queued;
    this.repeated = repeated;
    this.offline = offline;
    this.kept = kept;
    this.leftOut = leftOut;
    this.#pending = pending;
    this.#clock = clock;
  }

  async results(given: AwaitResultsOptions = {}): Promise<ReceiverOutcome[]> {
    const pending = await this.#over('results', given);
    const missing = Array.from(pending.outstanding, (address) =>
      toReceiverOutcome({ address, stage: 'queued', reason: 'EXPIRED' }),
    );
    return [...pending.outcomes.map(toReceiverOutcome), ...missing];
  }

  async counts(given: AwaitResultsOptions = {}): Promise<ServerOutcome[]> {
    const pending = await this.#over('counts', given);
    const expired = { code: ResultCode.ERROR, stage: 'queued', reason: 'EXPIRED' } as const;
    const missing = Array.from(pending.outstandingServers ?? [], (serverId) => ({
      ...{ serverId, ...expired, count: 0 },
    }));
    const { size } = pending.outstanding;
    return sumsOf(pending, [...missing, ...(size > 0 ? [{ ...expired, count: size }] : [])]);
  }

  known(): KnownOutcomes {
    const pending = this.#notAbandoned();
    return {
      results: pending.outcomes.map(toReceiverOutcome),
      counts: sumsOf(pending),
      pending: [...pending.outstanding],
      pendingServers: [...(pending.outstandingServers ?? [])],
    };
  }

  /** The message, when nothing more comes, or nothing more is waited for. */
  async #over(what: string, given: AwaitResultsOptions): Promise<PendingMessage> {
    const options = readOptions<AwaitResultsOptions>(`the options of ${what}`, given, kinds, invalidArgument);
    await overOrTimeout(this.#notAbandoned(), options, this.#clock);
    return this.#notAbandoned();
  }

  #notAbandoned(): PendingMessage {
    const pending = this.#pending;
    if (!pending) {
      throw new ImError(
        'INVALID_ARGUMENT',
        `Message ${this.messageId} was sent with sendResult: false; it has no results.`,
      );
    }
    if (pending.over === 'abandoned') {
      throw new ImError(
        'CLOSED',
        `The client was closed before the results of message ${this.messageId} were known.`,
      );
    }
    return pending;
  }
}

function overOrTimeout(
  pending: PendingMessage,
  { timeoutMs, signal }: AwaitResultsOptions,
  clock: Clock,
): Promise<void> {
  if (signal?.aborted) return Promise.reject(abortReason(signal));
  if (pending.over !== 'no') return Promise.resolve();
  return new Promise((resolve, reject) => {
    const stopWaiting = (): void => {
      timer?.stop();
      signal?.removeEventListener('abort', onAbort);
      takeBack();
    };
    const onEnd = (): void => {
      stopWaiting();
      resolve();
    };
    const onAbort = (): void => {
      stopWaiting();
      reject(abortReason(signal));
    };
    const timer = timeoutMs === undefined ? undefined : clock.after(timeoutMs, onEnd);
    signal?.addEventListener('abort', onAbort);
    const takeBack = pending.whenOver(onEnd);
  });
}

/** Outcomes that are alike become one. */
function sumsOf(pending: PendingMessage, missing: readonly ServerOutcome[] = []): ServerOutcome[] {
  const sums = new Map<string, { outcome: Omit<ServerOutcome, 'count'>; count: number }>();
  const add = ({ count, ...outcome }: ServerOutcome): void => {
    const key = `${outcome.serverId ?? ''} ${outcome.stage} ${outcome.reason ?? ''}`;
    const sum = sums.get(key);
    if (sum) sum.count += count;
    else sums.set(key, { outcome, count });
  };
  for (const one of pending.counts) add(one);
  for (const outcome of pending.outcomes) {
    const { stage, reason } = outcome;
    add({ code: codeOf(outcome), stage, reason, count: 1 });
  }
  for (const one of missing) add(one);
  return Array.from(sums.values(), ({ outcome, count }) => ({ ...outcome, count }));
}

function toReceiverOutcome(outcome: Outcome): ReceiverOutcome {
  const { address, stage, reason } = outcome;
  return { id: address.id, terminal: address.terminal, code: codeOf(outcome), stage, reason };
}

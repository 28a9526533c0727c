import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageKind } from 'im-common';
import type { ByteText, Reason } from 'im-common/bus';
import {
  codeOf,
  count,
  encodeCounted,
  deadLetterList,
  encodeDeadLetter,
  encodeLastResult,
  encodeResults,
  LinkedSet,
  resultList,
  type Outcome,
  type ResultSource,
  type Producer,
  type Handling,
  type Entry,
} from 'im-common/internal/bus';
import type { Batch, PushedMessage } from '../push/pushed-message.ts';
import type { MessageReporter } from '../push/pusher.ts';
import { addDone, noList, reportOf, type Report, type Reports } from './report.ts';
import { ReportSender, type ReportSenderDeps } from './report-sender.ts';
import type { Tracing } from './tracing.ts';

export interface ReporterDeps extends ReportSenderDeps {
  /** Puts entries that nobody can read: few, for people to look at. */
  readonly deadLetters: Producer;
  readonly serverId: () => number;
  readonly tracing: Pick<Tracing, 'output'>;
}

/** One tick of the event loop. All its results share a call, and count as made at its first one. */
interface Tick {
  readonly now: number;
  readonly date: number;
  /** By result list. */
  readonly reports: Reports;
  /** Of the message before, with what it has in common with the next one nearly always. */
  last:
    | {
        readonly batch: Batch;
        readonly service: string;
        readonly report: Report;
        readonly handling: Handling;
      }
    | undefined;
}

/** A group message with a straggler is reported in part after so long, so that its other receivers' results do not wait. */
const holdMs = 250;
/** How often an end looks whether all is done. */
const idleLookMs = 5;
const emptyLookMs = 20;

/**
 * Turns outcomes into results on the sender's list, and acknowledges an entry once its last result is there: a crash in
 * between repeats results, and never loses one.
 */
export class Reporter implements MessageReporter {
  readonly #deps: ReporterDeps;
  readonly #inFlight = new LinkedSet<PushedMessage>();
  #inFlightBytes = 0;
  /** With outcomes that were not sent yet. */
  #tick: Tick | undefined;
  readonly #sender: ReportSender;

  constructor(deps: ReporterDeps) {
    this.#deps = deps;
    this.#sender = new ReportSender(deps);
  }

  /** Messages that were taken and not acknowledged. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Bytes of their payloads. */
  get inFlightBytes(): number {
    return this.#inFlightBytes;
  }

  /** From here on the message's outcomes are reported. */
  accept(message: PushedMessage): void {
    this.#inFlight.add(message);
    this.#inFlightBytes += message.entry.dataText.length;
    this.#deps.tracing.output?.taken?.(message);
  }

  /** To be called after each outcome. */
  readonly onOutcome = (message: PushedMessage): void => {
    if (message.pending === 0) this.finish(message);
  };

  /** Reports what is left to report, and acknowledges the entry. */
  finish(message: PushedMessage): void {
    if (!this.#inFlight.delete(message)) return;
    this.#inFlightBytes -= message.entry.dataText.length;
    addDone(this.#write(message, true), message.batch.source, message.seq);
  }

  /** Reports what is held, and in part what has waited for stragglers long enough; acknowledges what it could not before. */
  tidy(now: number): void {
    this.#sender.sendHeld();
    for (const message of this.#inFlight) {
      if (now - message.batch.takenAt < holdMs) continue;
      message.detach();
      if (message.outcomes.length > 0) this.#write(message, false);
    }
    for (const { list, consumer, seqs } of this.#sender.takeUnacknowledged()) {
      const source = { list, consumer };
      for (const seq of seqs) addDone(reportOf(this.#thisTick().reports, noList), source, seq);
    }
  }

  /** All that was taken has been given to others: what becomes of it here is nobody's business any more. */
  abandon(): void {
    this.#inFlight.clear();
    this.#inFlightBytes = 0;
    this.#tick?.reports.clear();
    this.#tick = undefined;
    this.#sender.abandon();
  }

  /** Results of an entry that `serverId` left and that was never pushed from here. */
  async reportUnpushed(
    kind: MessageKind,
    entry: Partial<Entry>,
    outcomes: readonly Outcome[],
    serverId: number,
    lost?: Reason,
  ): Promise<void> {
    const { serviceName, sendResult } = entry;
    if (!sendResult || serviceName === undefined) return;
    const source = {
      ...entry,
      dataText: entry.dataText ?? ('null' as ByteText),
      attempt: entry.attempt ?? 1,
    };
    const texts = encodeOutcomes(kind, { ...entry, ...source }, outcomes, { serverId });
    // Who was in a topic there nobody else knows: the server's share ends so.
    const share = { count: 0, stage: 'queued', reason: lost } as const;
    if (entry.everyoneOn && lost) texts.push(encodeCounted(source, share, { serverId, last: true }));
    else if (entry.everyoneOn) texts.push(encodeLastResult(source, { serverId }));
    if (texts.length > 0) await this.#deps.results.put(resultList(kind, serviceName), ...texts);
  }

  /** Keeps an entry that nobody can read where people can look at it. */
  async deadLetter(list: string, kind: MessageKind, text: ByteText, why: string): Promise<void> {
    const { deadLetters, logger, metrics, serverId } = this.#deps;
    metrics.deadLettered(kind);
    logger.warn({ kind, why }, 'an entry could not be read; it is on the dead-letter list');
    const letter = encodeDeadLetter({ list, why, by: `server ${serverId()}` }, text);
    await deadLetters.put(deadLetterList(kind), letter);
  }

  /** Resolves when nothing is in flight any more, or after so long. */
  async whenEmpty(timeoutMs: number): Promise<void> {
    const until = performance.now() + timeoutMs;
    while (this.inFlight > 0 && performance.now() < until) {
      this.tidy(performance.now());
      await sleep(emptyLookMs);
    }
  }

  /** Resolves when all that was reported so far is on its lists, and its entries acknowledged; or given up. */
  async whenIdle(): Promise<void> {
    while (this.#tick || !this.#sender.isIdle) await sleep(idleLookMs);
  }

  #write(message: PushedMessage, last: boolean): Report {
    const { batch, entry } = message;
    const { serviceName, sendResult, everyoneOn } = entry;
    const tick = this.#thisTick();
    const outcomes = message.takeOutcomes();
    this.#count(batch.kind, outcomes, tick.now - batch.takenAt);
    if (this.#deps.tracing.output) this.#trace(message, outcomes, tick);
    if (!sendResult || serviceName === undefined) return reportOf(tick.reports, noList);
    if (tick.last?.batch !== batch || tick.last.service !== serviceName) {
      const report = reportOf(tick.reports, resultList(batch.kind, serviceName));
      tick.last = { batch, service: serviceName, report, handling: this.#handling(batch, tick) };
    }
    const { report, handling } = tick.last;
    const texts = encodeOutcomes(batch.kind, entry, outcomes, handling);
    for (const text of texts) report.texts.push(text);
    if (last && everyoneOn) report.texts.push(encodeLastResult(entry, handling));
    return report;
  }

  #handling({ takenAt }: Batch, tick: Tick): Handling {
    const takenDate = Math.round(dateAt(takenAt, tick));
    return { serverId: this.#deps.serverId(), takenAt: takenDate, resolvedAt: tick.date };
  }

  #trace(message: PushedMessage, outcomes: readonly Outcome[], tick: Tick): void {
    const times = { takenAt: dateAt(message.batch.takenAt, tick), resolvedAt: tick.date };
    this.#deps.tracing.output?.ended(message, outcomes, times);
  }

  #count(kind: MessageKind, outcomes: readonly Outcome[], latencyMs: number): void {
    const { metrics } = this.#deps;
    for (const outcome of outcomes) {
      metrics.resulted(kind, codeOf(outcome), outcome.reason, 1);
      if (outcome.reason === undefined) metrics.delivered(latencyMs);
    }
  }

  #thisTick(): Tick {
    if (this.#tick) return this.#tick;
    const tick: Tick = { now: performance.now(), date: Date.now(), reports: new Map(), last: undefined };
    this.#tick = tick;
    setImmediate(() => {
      if (this.#tick === tick) this.#tick = undefined;
      this.#sender.add(tick.reports);
    });
    return tick;
  }
}

/** When that was, which counts from the process's start, by the calendar: as its clock goes now, however it was set meanwhile. */
function dateAt(moment: number, { now, date }: Tick): number {
  return date - (now - moment);
}

/** Of a topic members are only named when that is asked for. */
function encodeOutcomes(
  kind: MessageKind,
  source: ResultSource & Pick<Entry, 'extras'>,
  outcomes: readonly Outcome[],
  handling: Handling,
): ByteText[] {
  const { extras } = source;
  if (extras?.topic === undefined || extras.trackMembers) {
    return encodeResults(kind, source, outcomes, handling);
  }
  return count(outcomes).map((counted) => encodeCounted(source, counted, handling));
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageKind } from 'im-common';
import type { ByteText, Lists, InFlight, Reason } from 'im-common/bus';
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
import type { Logger } from 'im-common';
import type { ServerMetrics } from '../metrics/metrics.ts';
import type { Batch, PushedMessage, Source } from '../push/pushed-message.ts';
import type { MessageReporter } from '../push/pusher.ts';
import { BurstDetector } from './burst-detector.ts';

export interface ReporterDeps {
  readonly lists: Lists;
  /** Puts results: bounded, oldest dropped first, as nobody may ever read them. */
  readonly results: Producer;
  /** Puts entries that nobody can read: few, for people to look at. */
  readonly deadLetters: Producer;
  readonly metrics: ServerMetrics;
  readonly logger: Logger;
  readonly serverId: () => number;
  /** Resolves when it is known whether this server still owns what it took; undefined while that is certain. */
  readonly whenOwner: () => Promise<boolean> | undefined;
}

interface Settled {
  readonly source: Source;
  readonly seqs: number[];
}

/** What goes out at the end of a tick to one result list, and what is settled once it is there. */
interface Report {
  readonly texts: ByteText[];
  readonly settled: Map<Source, number[]>;
}

/** One tick of the event loop. All its results share a call, and count as made at its first one. */
interface Tick {
  readonly now: number;
  readonly date: number;
  /** By result list. */
  readonly reports: Map<string, Report>;
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

/** For messages whose sender wants no result: only settled. */
const noList = '';

/** A group message with a straggler is reported in part after so long, so that its other receivers' results do not wait. */
const holdMs = 250;
/** In a burst of small batches, results wait so long for those of the next ones, and share a call … */
const holdResultsMs = 4;
/** … and go in any case after this. */
const longestHoldMs = 6;
/** How often an end looks whether all is done. */
const idleLookMs = 5;
const emptyLookMs = 20;
/** Results in one call; those of a tick are arguments of it, and there may be more than a stack holds. */
const mostPerPut = 1_000;

/**
 * Turns outcomes into results on the sender's list, and settles an entry after its last result is there: a crash in
 * between repeats results, and never loses one.
 */
export class Reporter implements MessageReporter {
  readonly #deps: ReporterDeps;
  readonly #inFlight = new LinkedSet<PushedMessage>();
  #inFlightBytes = 0;
  #unsettled: Settled[] = [];
  /** With outcomes that were not sent yet. */
  #tick: Tick | undefined;
  /** What ticks that are over have left to be put, by result list. */
  #held: Map<string, Report> | undefined;
  #heldSince = 0;
  readonly #heldTooLong: NodeJS.Timeout;
  readonly #bursts = new BurstDetector();
  /** Reports that are being put and settled. */
  #underWay = 0;

  constructor(deps: ReporterDeps) {
    this.#deps = deps;
    this.#heldTooLong = setTimeout(() => this.#onStall(), longestHoldMs).unref();
  }

  /** Messages that were taken and not settled. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Bytes of their payloads. */
  get inFlightBytes(): number {
    return this.#inFlightBytes;
  }

  /** To be called with each batch. */
  onBatch(size: number, now: number): void {
    this.#bursts.onBatch(size, now);
  }

  /** From here on the message's outcomes are reported. */
  accept(message: PushedMessage): void {
    this.#inFlight.add(message);
    this.#inFlightBytes += message.entry.dataText.length;
  }

  /** To be called after each outcome. */
  readonly onOutcome = (message: PushedMessage): void => {
    if (message.pending === 0) this.finish(message);
  };

  /** Reports what is left to report, and settles. */
  finish(message: PushedMessage): void {
    if (!this.#inFlight.delete(message)) return;
    this.#inFlightBytes -= message.entry.dataText.length;
    settle(this.#write(message, true), message.batch.source, message.seq);
  }

  /** Reports what is held, and in part what has waited for stragglers long enough; settles what could not be settled before. */
  tidy(now: number): void {
    this.#sendHeld();
    for (const message of this.#inFlight) {
      if (now - message.batch.takenAt < holdMs) continue;
      message.detach();
      if (message.outcomes.length > 0) this.#write(message, false);
    }
    const unsettled = this.#unsettled;
    this.#unsettled = [];
    for (const { source, seqs } of unsettled) {
      for (const seq of seqs) settle(reportOf(this.#thisTick().reports, noList), source, seq);
    }
  }

  /** All that was taken has been given to others: what becomes of it here is nobody's business any more. */
  abandon(): void {
    this.#inFlight.clear();
    this.#inFlightBytes = 0;
    this.#tick?.reports.clear();
    this.#tick = undefined;
    this.#held = undefined;
    this.#unsettled = [];
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

  /** Resolves when all that was reported so far is on its lists and settled, or given up. */
  async whenIdle(): Promise<void> {
    while (this.#tick || this.#held || this.#underWay > 0) await sleep(idleLookMs);
  }

  #write(message: PushedMessage, last: boolean): Report {
    const { batch, entry } = message;
    const { serviceName, sendResult, everyoneOn } = entry;
    const tick = this.#thisTick();
    const outcomes = message.takeOutcomes();
    this.#count(batch.kind, outcomes, tick.now - batch.takenAt);
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
    // takenAt counts from the process's start; results carry the calendar's time.
    const takenDate = Math.round(performance.timeOrigin + takenAt);
    return { serverId: this.#deps.serverId(), takenAt: takenDate, resolvedAt: tick.date };
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
      this.#hold(tick.reports);
      const now = performance.now();
      if (now - this.#heldSince >= holdResultsMs) this.#bursts.onHeld();
      else if (this.#bursts.goesOn) return;
      this.#sendHeld();
    });
    return tick;
  }

  #hold(reports: Map<string, Report>): void {
    if (!this.#held) {
      this.#held = reports;
      this.#heldSince = performance.now();
      if (this.#bursts.goesOn) this.#heldTooLong.refresh();
      return;
    }
    for (const [list, { texts, settled }] of reports) {
      const report = reportOf(this.#held, list);
      for (const text of texts) report.texts.push(text);
      for (const [source, seqs] of settled) for (const seq of seqs) settle(report, source, seq);
    }
  }

  #onStall(): void {
    if (!this.#held) return;
    this.#bursts.onStall(performance.now());
    this.#sendHeld();
  }

  #sendHeld(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held) this.#send(held);
  }

  #send(reports: Map<string, Report>): void {
    for (const [list, report] of reports) {
      this.#underWay += 1;
      void this.#sendOne(list, report).finally(() => (this.#underWay -= 1));
    }
  }

  async #sendOne(list: string, { texts, settled }: Report): Promise<void> {
    const { lists, whenOwner } = this.#deps;
    // A process that was stopped over its lease goes on with what others have reported meanwhile.
    const isOwner = whenOwner();
    if (isOwner && !(await isOwner)) return;
    const inFlight = Array.from(settled, ([source, seqs]) => ({ ...source, seqs }));
    const puts: Promise<boolean>[] = [];
    for (let first = 0; first < texts.length; first += mostPerPut) {
      const after = first + mostPerPut;
      // Puts on one list go in their order, so with the last of them all are there.
      puts.push(this.#put(list, texts.slice(first, after), after < texts.length ? [] : inFlight));
    }
    const isLastPut = (await Promise.all(puts)).at(-1) ?? false;
    if (isLastPut && lists.settlesWithPut) return;
    for (const [source, seqs] of settled) {
      await lists.settle(source.list, source.consumer, seqs).catch(() => {
        this.#unsettled.push({ source, seqs });
      });
    }
  }

  /** Whether they are on their list. */
  async #put(list: string, texts: readonly ByteText[], settle: readonly InFlight[]): Promise<boolean> {
    const { logger, metrics, results } = this.#deps;
    try {
      const outcome = await results.putAndSettle(list, texts, settle);
      if (outcome.status === 'put') metrics.dropped('result', outcome.dropped);
      return outcome.status === 'put';
    } catch (error) {
      // The producer tried for longer than any sender waits: there it is EXPIRED by now.
      metrics.dropped('unreported', texts.length);
      logger.error({ err: error, list, results: texts.length }, 'results could not be put on their list');
      return false;
    }
  }
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

function reportOf(reports: Map<string, Report>, list: string): Report {
  let report = reports.get(list);
  if (!report) reports.set(list, (report = { texts: [], settled: new Map() }));
  return report;
}

function settle(report: Report, source: Source, seq: number): void {
  const settled = report.settled.get(source);
  if (settled) settled.push(seq);
  else report.settled.set(source, [seq]);
}

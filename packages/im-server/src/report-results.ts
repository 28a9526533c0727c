import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageKind } from 'im-common';
import {
  codeOf,
  deadLetterList,
  encodeLastResult,
  encodeResults,
  LinkedSet,
  resultList,
  toByteText,
  type ByteText,
  type Lists,
  type Outcome,
  type Producer,
  type ResultSource,
  type Entry,
  type InFlight,
} from 'im-common/bus';
import type { Logger } from 'im-common';
import type { ServerMetrics } from './metrics.ts';
import type { PushedMessage, Source } from './push/pushed-message.ts';

export interface ReporterOptions {
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

/** What goes out at the end of this turn to one result list, and what is settled once it is there. */
interface Report {
  readonly texts: ByteText[];
  readonly settled: Map<Source, number[]>;
}

/** For messages whose sender wants no result: only settled. */
const noList = '';

/** A group message with a straggler is reported in part after so long, so that its other receivers' results do not wait. */
const holdMs = 250;
/** How often an end looks whether all is done. */
const idleLookMs = 5;
/** Results in one call; those of a turn are arguments of it, and there may be more than a stack holds. */
const mostPerPut = 1_000;

/**
 * Turns outcomes into results on the sender's list, and settles an entry after its last result is there: a crash in
 * between repeats results, and never loses one.
 */
export class Reporter {
  readonly #options: ReporterOptions;
  readonly #inFlight = new LinkedSet<PushedMessage>();
  #reports = new Map<string, Report>();
  #inFlightBytes = 0;
  #unsettled: Settled[] = [];
  #scheduled = false;
  /** Reports that are being put and settled. */
  #underWay = 0;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  /** Messages that were taken and not settled. */
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
  }

  /** To be called after each outcome. */
  readonly onOutcome = (message: PushedMessage): void => {
    if (message.pending === 0) this.finish(message);
  };

  /** Reports what is left to report, and settles. */
  finish(message: PushedMessage): void {
    if (!this.#inFlight.delete(message)) return;
    this.#inFlightBytes -= message.entry.dataText.length;
    addSettled(this.#write(message, true), message.source, message.seq);
  }

  /** Reports in part what has waited for stragglers long enough, and settles what could not be settled before. */
  tidy(now: number): void {
    for (const message of this.#inFlight) {
      if (message.outcomes.length === 0 || now - message.takenAt < holdMs) continue;
      this.#write(message, false);
    }
    const unsettled = this.#unsettled;
    this.#unsettled = [];
    for (const { source, seqs } of unsettled) {
      for (const seq of seqs) addSettled(this.#reportFor(noList), source, seq);
    }
  }

  /** All that was taken has been given to others: what becomes of it here is nobody's business any more. */
  abandon(): void {
    this.#inFlight.clear();
    this.#inFlightBytes = 0;
    this.#reports.clear();
    this.#unsettled = [];
  }

  /** Results of an entry that `serverId` left and that was never pushed from here. */
  async reportUnpushed(
    kind: MessageKind,
    entry: Partial<Entry>,
    outcomes: readonly Outcome[],
    serverId: number,
  ): Promise<void> {
    const { serviceName, sendResult } = entry;
    if (!sendResult || serviceName === undefined) return;
    const source = { ...this.#source(entry, {}), serverId };
    const texts = encodeResults(kind, source, outcomes);
    if (entry.everyoneOn) texts.push(encodeLastResult(source));
    if (texts.length > 0) await this.#options.results.put(resultList(kind, serviceName), ...texts);
  }

  /** Keeps an entry that nobody can read where people can look at it. */
  async bury(kind: MessageKind, text: ByteText, why: string): Promise<void> {
    const { deadLetters, logger, metrics, serverId } = this.#options;
    metrics.deadLettered(kind);
    logger.warn({ kind, why }, 'an entry could not be read; it is on the dead-letter list');
    const letter = JSON.stringify({ why, kind, server: serverId(), at: Date.now() });
    const entry = `,"entryBase64":"${Buffer.from(text, 'latin1').toString('base64')}"}`;
    await deadLetters.put(deadLetterList(kind), toByteText(letter.slice(0, -1) + entry));
  }

  /** Resolves when all that was reported so far is on its lists and settled, or given up. */
  async whenIdle(): Promise<void> {
    while (this.#scheduled || this.#underWay > 0) await sleep(idleLookMs);
  }

  #write(message: PushedMessage, last: boolean): Report {
    const { kind, entry, takenAt } = message;
    const { serviceName, sendResult, everyoneOn } = entry;
    const outcomes = message.takeOutcomes();
    this.#count(kind, outcomes, takenAt);
    if (!sendResult || serviceName === undefined) return this.#reportFor(noList);
    const report = this.#reportFor(resultList(kind, serviceName));
    // takenAt counts from the process's start; results carry the calendar's time.
    const times = { takenAt: Math.round(performance.timeOrigin + takenAt), resolvedAt: Date.now() };
    const source = this.#source(entry, times);
    for (const text of encodeResults(kind, source, outcomes)) report.texts.push(text);
    if (last && everyoneOn) report.texts.push(encodeLastResult(source));
    return report;
  }

  #source(entry: Partial<Entry>, times: Pick<ResultSource, 'takenAt' | 'resolvedAt'>): ResultSource {
    const { dataText, senderText, messageId, attempt, queuedAt } = entry;
    return {
      dataText: dataText ?? ('null' as ByteText),
      senderText,
      messageId,
      attempt: attempt ?? 1,
      serverId: this.#options.serverId(),
      queuedAt,
      ...times,
    };
  }

  #count(kind: MessageKind, outcomes: readonly Outcome[], takenAt: number): void {
    const { metrics } = this.#options;
    const latencyMs = performance.now() - takenAt;
    for (const outcome of outcomes) {
      metrics.resulted(kind, codeOf(outcome), outcome.reason, 1);
      if (outcome.reason === undefined) metrics.delivered(latencyMs);
    }
  }

  #reportFor(list: string): Report {
    let report = this.#reports.get(list);
    if (!report) this.#reports.set(list, (report = { texts: [], settled: new Map() }));
    if (!this.#scheduled) {
      this.#scheduled = true;
      // At the end of the turn, so that all its results share a call.
      setImmediate(() => {
        this.#send();
      });
    }
    return report;
  }

  #send(): void {
    this.#scheduled = false;
    const reports = this.#reports;
    this.#reports = new Map();
    for (const [list, report] of reports) {
      this.#underWay += 1;
      void this.#sendOne(list, report).finally(() => (this.#underWay -= 1));
    }
  }

  async #sendOne(list: string, { texts, settled }: Report): Promise<void> {
    const { lists, whenOwner } = this.#options;
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
    const { logger, metrics, results } = this.#options;
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

function addSettled(report: Report, source: Source, seq: number): void {
  const settled = report.settled.get(source);
  if (settled) settled.push(seq);
  else report.settled.set(source, [seq]);
}

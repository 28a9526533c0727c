import type { Logger } from 'im-common';
import type { ByteText, InFlight, Lists } from 'im-common/bus';
import { Gathering, isInstanceList, packResults, type Producer } from 'im-common/internal/bus';
import type { ServerMetrics } from '../metrics/metrics.ts';
import { merge, type Report, type Reports } from './report.ts';

export interface ReportSenderDeps {
  readonly lists: Lists;
  /** Puts results: bounded, oldest dropped first, as nobody may ever read them. */
  readonly results: Producer;
  /** The same in packs, for instances of services. */
  readonly packedResults: Producer;
  readonly metrics: ServerMetrics;
  readonly logger: Logger;
  /** Resolves when it is known whether this server still owns what it took; undefined while that is certain. */
  readonly whenOwner: () => Promise<boolean> | undefined;
}

/** In a burst results wait longer for each other than messages: who sent those has gone on. */
const shareMs = 8;
/** Results in one call; those of a tick are arguments of it, and there may be more than a stack holds. */
const mostPerPut = 1_000;

/** Puts reports on their lists, those of a burst together, and acknowledges entries once their results are there. */
export class ReportSender {
  readonly #deps: ReportSenderDeps;
  readonly #gathering = new Gathering(() => {
    this.sendHeld();
  }, shareMs);
  /** What waits for the next ticks, and how many results are among it. */
  #held: Reports | undefined;
  #heldCount = 0;
  /** Reports that are being put, and their entries acknowledged. */
  #underWay = 0;
  /** Entries with their results on the list that could not be acknowledged. */
  #unacknowledged: InFlight[] = [];

  constructor(deps: ReportSenderDeps) {
    this.#deps = deps;
  }

  get isIdle(): boolean {
    return !this.#held && this.#underWay === 0;
  }

  /** Takes the reports of a tick, and sends them, unless they may wait for those of the next one. */
  add(reports: Reports): void {
    for (const { texts } of reports.values()) this.#heldCount += texts.length;
    if (this.#held) merge(this.#held, reports);
    else this.#held = reports;
    if (!this.#gathering.isToWait(this.#heldCount, performance.now())) this.sendHeld();
  }

  sendHeld(): void {
    const held = this.#held;
    this.#held = undefined;
    this.#heldCount = 0;
    if (!held) return;
    this.#gathering.onCall(performance.now());
    for (const [list, report] of held) {
      this.#underWay += 1;
      void this.#send(list, report).finally(() => (this.#underWay -= 1));
    }
  }

  /** Entries to be acknowledged with the next report. */
  takeUnacknowledged(): readonly InFlight[] {
    const unacknowledged = this.#unacknowledged;
    this.#unacknowledged = [];
    return unacknowledged;
  }

  abandon(): void {
    this.#held = undefined;
    this.#heldCount = 0;
    this.#unacknowledged = [];
  }

  async #send(list: string, { texts, done }: Report): Promise<void> {
    const { lists, whenOwner } = this.#deps;
    // A process that was stopped over its lease goes on with what others have reported meanwhile.
    const isOwner = whenOwner();
    if (isOwner && !(await isOwner)) return;
    const inFlight = Array.from(done, ([source, seqs]) => ({ ...source, seqs }));
    const puts: Promise<boolean>[] = [];
    for (let first = 0; first < texts.length; first += mostPerPut) {
      const after = first + mostPerPut;
      // Puts on one list go in their order, so with the last of them all are there.
      puts.push(this.#put(list, texts.slice(first, after), after < texts.length ? [] : inFlight));
    }
    const isLastPut = (await Promise.all(puts)).at(-1) ?? false;
    if (isLastPut && lists.acknowledgesWithPut) return;
    for (const one of inFlight) {
      await lists.acknowledge(one.list, one.consumer, one.seqs).catch(() => {
        this.#unacknowledged.push(one);
      });
    }
  }

  /** Whether they are on their list. */
  async #put(list: string, texts: readonly ByteText[], done: readonly InFlight[]): Promise<boolean> {
    const { logger, metrics, packedResults, results } = this.#deps;
    try {
      const outcome = await (isInstanceList(list)
        ? packedResults.putAndAcknowledge(list, packResults(texts), done)
        : results.putAndAcknowledge(list, texts, done));
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

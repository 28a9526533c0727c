import { addressKey, ImError, type DeviceAddress } from 'im-common';
import { ResultCode, type Presence } from 'im-common/bus';
import { runningMs, type Outcome, type Producer, type Result } from 'im-common/internal/bus';
import type { Ledger } from '../ledger/ledger.ts';
import { PendingMessage, type SentMessage } from '../ledger/pending-message.ts';
import type { Locator } from '../locate/locator.ts';
import type { OutgoingMessage } from './message.ts';
import {
  planSend,
  planToEveryone,
  planToFound,
  type Envelope,
  type Located,
  type Plan,
  type PlannedPut,
} from './plan.ts';
import { putAll, sendFailure, type PutReport } from './put-all.ts';
import { serversThatServe, type Place, type Sighting } from '../locate/place.ts';
import { SentReceipt, type Receipt } from './receipt.ts';
import { refuseForJava } from './refuse-for-java.ts';
import type { MovingReceivers } from '../locate/moving-receivers.ts';

export interface SenderParts {
  readonly locator: Locator;
  readonly moving: MovingReceivers;
  readonly producer: Pick<Producer, 'put'>;
  readonly ledger: Ledger;
  readonly presence: Pick<Presence, 'routes'>;
  readonly besideBoxIm: boolean;
  readonly newEnvelope: () => Envelope;
  /** The deadline of a pending runs, and has to be watched. */
  readonly onStarted: (deadline: number) => void;
  /** Receivers that are not online have their result here and now. */
  readonly onLocalResult: (kind: OutgoingMessage['kind'], result: Result) => void;
}

type Who = Omit<Located, 'places'>;

const nobody: readonly DeviceAddress[] = [];
/** How often a receiver is looked for whose server had closed its list in between. */
const maxRounds = 3;

/** Puts one message on the lists of the servers that hold its receivers, and registers what is owed for it. */
export function sendMessage(
  parts: SenderParts,
  message: OutgoingMessage,
  signal: AbortSignal | undefined,
): Promise<Receipt> {
  const sending = new Sending(parts, message, signal);
  return message.everyoneOn ? sending.toEveryone() : sending.toReceivers();
}

class Sending {
  readonly #parts: SenderParts;
  readonly #message: OutgoingMessage;
  readonly #signal: AbortSignal | undefined;
  readonly #envelope: Envelope;
  #offline: readonly DeviceAddress[] = nobody;
  #queued: readonly DeviceAddress[] = nobody;
  /** Receivers that are waited for. */
  #awaited: readonly DeviceAddress[] = nobody;
  /** Those that have the message, once per entry. */
  readonly #servers: number[] = [];
  /** Puts of which nothing is known yet. */
  #underWay = 0;
  #leftOut: readonly number[] = [];
  #pending: PendingMessage | undefined;

  constructor(parts: SenderParts, message: OutgoingMessage, signal: AbortSignal | undefined) {
    this.#parts = parts;
    this.#message = message;
    this.#signal = signal;
    this.#envelope = parts.newEnvelope();
  }

  async toReceivers(): Promise<Receipt> {
    try {
      this.#checkStillWanted();
      const { receivers, copies } = this.#message;
      let closed = await this.#round(receivers, copies);
      for (let round = 2; closed.length > 0 && round <= maxRounds; round += 1) {
        // A server that drains closes its list a moment before its devices are back elsewhere.
        const notAt = new Set(closed.map(({ serverId }) => serverId));
        closed = await this.#follow(receiversOf(closed), copiesOf(closed), notAt);
      }
      this.#notOnline(receiversOf(closed));
      return this.#finish();
    } catch (error) {
      this.#giveUp();
      throw this.#withEffect(error);
    }
  }

  async toEveryone(): Promise<Receipt> {
    const { besideBoxIm, locator, producer } = this.#parts;
    const tried = new Set<number>();
    try {
      this.#checkStillWanted();
      if (besideBoxIm) refuseForJava(this.#message);
      for (let round = 1; round <= maxRounds; round += 1) {
        const view = await locator.servers({ lane: 'system', fresh: round > 1, signal: this.#abortable });
        this.#checkStillWanted();
        const serverIds = serversThatServe(view).filter((id) => !tried.has(id));
        for (const id of serverIds) tried.add(id);
        if (this.#message.sendResult) this.#awaitServers(serverIds);
        const puts = planToEveryone(this.#message, this.#envelope, serverIds);
        const { closed } = this.#note(await putAll(producer, puts));
        for (const { serverId } of closed) this.#pending?.outstandingServers?.delete(serverId);
        if (closed.length === 0) break;
      }
      if (besideBoxIm) await this.#toBoxIm();
      else this.#leftOut = locator.boxImServers();
      return this.#finish();
    } catch (error) {
      this.#giveUp();
      throw this.#withEffect(error);
    }
  }

  /** Its servers know nothing of a push to everyone, and nobody knows their devices but the routes. */
  async #toBoxIm(): Promise<void> {
    const { ledger, locator, presence, producer } = this.#parts;
    const { everyoneOn = [], sendResult } = this.#message;
    const told = new Set<string>();
    for await (const page of presence.routes()) {
      const found = page.filter(({ address: { id, terminal }, serverId }) => {
        const key = addressKey(id, terminal);
        if (!everyoneOn.includes(terminal) || locator.knows(serverId) || told.has(key)) return false;
        told.add(key);
        return true;
      });
      const receivers = found.map(({ address }) => address);
      if (sendResult && receivers.length > 0) {
        this.#pending ??= this.#register([], []);
        this.#pending.addReceivers(receivers);
        ledger.expectWithoutId(this.#pending, receivers);
      }
      const { closed } = this.#note(
        await putAll(producer, planToFound(this.#message, this.#envelope, found)),
      );
      this.#notOnline(receiversOf(closed));
    }
  }

  /** Finds out where all are, and puts the message there, later for those on their way. Resolves with what came too late for its server. */
  async #round(
    receivers: readonly DeviceAddress[],
    copies: readonly DeviceAddress[],
  ): Promise<readonly PlannedPut[]> {
    if (receivers.length + copies.length === 0) return [];
    const { locator, producer } = this.#parts;
    const addresses = copies.length === 0 ? receivers : [...receivers, ...copies];
    const sightings = await locator.look(addresses, {
      lane: this.#message.kind,
      fresh: false,
      signal: this.#abortable,
    });
    this.#checkStillWanted();
    const { here, later } = this.#apart(receivers, copies, sightings);
    if (!later) return this.#note(await putAll(producer, this.#plan(here).puts)).closed;
    this.#awaited = later.receivers;
    // Both begin now: what is sent next must find them waiting, and the others must not wait.
    const following = this.#follow(later.receivers, later.copies);
    const putting = this.#putNow(here).then((report) => this.#note(report).closed);
    const [first, second] = await Promise.allSettled([putting, following]);
    for (const end of [first, second]) if (end.status === 'rejected') throw end.reason;
    return [first, second].flatMap((end) => (end.status === 'fulfilled' ? end.value : []));
  }

  /** Who is somewhere or nowhere, and who has to be waited for; the latter is undefined when it is nobody, as nearly always. */
  #apart(
    receivers: readonly DeviceAddress[],
    copies: readonly DeviceAddress[],
    sightings: readonly Sighting[],
  ): { here: Located; later: Who | undefined } {
    const { moving } = this.#parts;
    const { kind } = this.#message;
    if (!moving.areAny && !sightings.includes('moving')) {
      return {
        here: { receivers, copies, places: sightings as readonly (Place | undefined)[] },
        later: undefined,
      };
    }
    const { hasRoom } = moving;
    let at = 0;
    const places: (Place | undefined)[] = [];
    const isLater = (address: DeviceAddress): boolean => {
      const sighting = sightings[at++];
      const mustWait = (sighting === 'moving' && hasRoom) || moving.isAwaited(kind, address);
      if (!mustWait) places.push(sighting === 'moving' ? undefined : sighting);
      return mustWait;
    };
    const [laterReceivers, receiversHere] = split(receivers, isLater);
    const [laterCopies, copiesHere] = split(copies, isLater);
    const here = { receivers: receiversHere, copies: copiesHere, places };
    if (laterReceivers.length + laterCopies.length === 0) return { here, later: undefined };
    return { here, later: { receivers: laterReceivers, copies: laterCopies } };
  }

  /** Puts the message where receivers turn up that are on their way. Resolves with what came too late for its server again. */
  async #follow(
    receivers: readonly DeviceAddress[],
    copies: readonly DeviceAddress[],
    notAt?: ReadonlySet<number>,
  ): Promise<readonly PlannedPut[]> {
    const { moving } = this.#parts;
    const reports: Promise<PutReport>[] = [];
    const follow = (addresses: readonly DeviceAddress[], as: (some: readonly DeviceAddress[]) => Who) =>
      moving.wait({
        kind: this.#message.kind,
        addresses,
        ...(notAt && { notAt }),
        signal: this.#abortable,
        mayEnd: () => this.#abortable !== undefined,
        onSeen: (seen, places) => {
          if (this.#abortable?.aborted) return;
          const report = this.#putNow({ ...as(seen), places });
          report.catch(() => undefined); // told below, when all have been seen
          reports.push(report);
        },
      });
    const waits: Promise<void>[] = [];
    if (receivers.length > 0) waits.push(follow(receivers, (some) => ({ receivers: some, copies: nobody })));
    if (copies.length > 0) waits.push(follow(copies, (some) => ({ receivers: nobody, copies: some })));
    await Promise.all(waits);
    this.#checkStillWanted();
    const closed: PlannedPut[] = [];
    for (const report of await Promise.all(reports)) closed.push(...this.#note(report).closed);
    return closed;
  }

  /** In this very moment, so that what was sent first is put first. Async, so that a plan that is refused rejects as well. */
  async #putNow(located: Located): Promise<PutReport> {
    const { puts } = this.#plan(located);
    this.#underWay += puts.length;
    try {
      return await putAll(this.#parts.producer, puts);
    } finally {
      this.#underWay -= puts.length;
    }
  }

  #plan(located: Located): Plan {
    const plan = planSend(this.#message, this.#envelope, located);
    if (plan.goesToJava) refuseForJava(this.#message);
    if (this.#message.sendResult) {
      this.#pending ??= this.#register(joined(this.#awaited, plan.online));
      if (plan.goesToJava) this.#parts.ledger.expectWithoutId(this.#pending, plan.withoutId);
    }
    this.#notOnline(plan.offline);
    return plan;
  }

  /** All is on the bus. */
  #finish(): Receipt {
    this.#checkStillWanted();
    if (this.#message.sendResult) {
      // A message for nobody has results as well: none.
      this.#pending ??= this.#register([]);
      this.#start();
      this.#tellOffline();
    }
    const { messageId } = this.#envelope;
    const [queued, offline, leftOut] = [this.#queued, this.#offline, this.#leftOut];
    return new SentReceipt({ messageId, queued, offline, leftOut }, this.#pending);
  }

  /** Not all is on the bus. What is there is still owed. */
  #giveUp(): void {
    const pending = this.#pending;
    if (!pending) return;
    if (this.#servers.length === 0) {
      this.#parts.ledger.drop(pending);
      return;
    }
    const queued = new Set(this.#queued);
    const unsent = [...pending.outstanding.values()].filter((address) => !queued.has(address));
    this.#parts.ledger.release(pending, unsent);
    for (const id of pending.outstandingServers ?? []) {
      if (!this.#servers.includes(id)) pending.outstandingServers?.delete(id);
    }
    this.#start();
  }

  /** What was found out after a part was put, and not by a put, knows nothing of that part. */
  #withEffect(error: unknown): unknown {
    if (!(error instanceof ImError) || error.effect !== 'none') return error;
    return sendFailure([error], this.#serverCount);
  }

  get #serverCount(): number {
    return new Set(this.#servers).size;
  }

  #register(receivers: readonly DeviceAddress[], servers?: readonly number[]): PendingMessage {
    const { kind, dataText, senderText } = this.#message;
    const { messageId, queuedAt } = this.#envelope;
    const message: SentMessage = { kind, messageId, dataText, senderText, queuedAt, attempt: 1 };
    const pending = new PendingMessage(message, receivers, servers);
    this.#parts.ledger.register(pending);
    return pending;
  }

  #awaitServers(serverIds: readonly number[]): void {
    this.#pending ??= this.#register([], []);
    for (const id of serverIds) this.#pending.outstandingServers?.add(id);
  }

  #note(report: PutReport): PutReport {
    for (const put of report.put) {
      this.#servers.push(put.serverId);
      if (!put.isCopy) this.#queued = joined(this.#queued, put.receivers);
    }
    if (report.failed.length > 0) throw sendFailure(report.failed, this.#serverCount);
    return report;
  }

  #notOnline(receivers: readonly DeviceAddress[]): void {
    if (receivers.length === 0) return;
    this.#offline = joined(this.#offline, receivers);
    if (!this.#pending) return;
    this.#parts.ledger.release(this.#pending, receivers);
    for (const address of receivers) this.#pending.outcomes.push(notOnline(address));
  }

  #start(): void {
    if (!this.#pending) return;
    this.#parts.ledger.start(this.#pending, runningMs());
    this.#parts.onStarted(this.#pending.deadline);
  }

  #tellOffline(): void {
    if (this.#offline.length === 0) return;
    const { kind } = this.#message;
    const outcomes = this.#offline.map(notOnline);
    const batches = kind === 'private' ? outcomes.map((outcome) => [outcome]) : [outcomes];
    for (const batch of batches) this.#parts.onLocalResult(kind, this.#localResult(batch));
  }

  #localResult(outcomes: readonly Outcome[]): Result {
    const { dataText, senderText } = this.#message;
    const { messageId, queuedAt } = this.#envelope;
    return {
      code: ResultCode.NOT_ONLINE,
      outcomes,
      dataText,
      senderText,
      messageId,
      attempt: 1,
      queuedAt,
      resolvedAt: Date.now(),
      last: false,
    };
  }

  #checkStillWanted(): void {
    this.#abortable?.throwIfAborted();
  }

  /** Once something is on the bus, or about to be, there is nothing left to abort. */
  get #abortable(): AbortSignal | undefined {
    return this.#servers.length + this.#underWay === 0 ? this.#signal : undefined;
  }
}

function receiversOf(puts: readonly PlannedPut[]): readonly DeviceAddress[] {
  return puts.length === 0 ? nobody : puts.flatMap((put) => (put.isCopy ? [] : put.receivers));
}

function copiesOf(puts: readonly PlannedPut[]): readonly DeviceAddress[] {
  return puts.flatMap((put) => (put.isCopy ? put.receivers : []));
}

function split<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  const [first, second]: [T[], T[]] = [[], []];
  for (const item of items) (isFirst(item) ? first : second).push(item);
  return [first, second];
}

function joined(some: readonly DeviceAddress[], more: readonly DeviceAddress[]): readonly DeviceAddress[] {
  return some.length === 0 ? more : [...some, ...more];
}

function notOnline(address: DeviceAddress): Outcome {
  return { address, stage: 'queued', reason: 'NOT_ONLINE' };
}

import { ImError, type DeviceAddress } from 'im-common';
import type { ByteText, Kept, Post, Presence, Reason, Topics } from 'im-common/bus';
import {
  beforeReceivers,
  behindReceivers,
  dataAtEnd,
  type BusClock,
  type Clock,
  type EntryExtras,
  type Outcome,
  type Producer,
  type Result,
} from 'im-common/internal/bus';
import type { Repeater } from '../bus/repeater.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { PendingMessage } from '../ledger/pending-message.ts';
import type { Locator } from '../locate/locator.ts';
import type { MovingReceivers } from '../locate/moving-receivers.ts';
import type { OutgoingMessage } from './outgoing-message.ts';
import { localResults } from './not-online.ts';
import type { Envelope, Plan, PlannedPut } from './plan.ts';
import { Once, type OnceDeps } from './once.ts';
import { putAll, sendFailure, type Put, type PutReport } from './put-all.ts';
import { SentReceipt, type Receipt } from './receipt.ts';

/** The way to send in one call. */
export interface Desk {
  send(progress: SendProgress, otherwise: OtherWays): Promise<Receipt>;
}

/** What is done of a message that is not sent in one call, or not wholly. */
export interface OtherWays {
  /** Looks for the receivers, and then puts. */
  readonly oneByOne: (progress: SendProgress) => Promise<Receipt>;
  /** Keeps it for those of its receivers that were not found. */
  readonly keepRest: (progress: SendProgress) => Promise<Receipt>;
}

/** What a send works with. */
export interface SendDeps {
  readonly locator: Locator;
  readonly moving: MovingReceivers;
  readonly producer: Pick<Producer, 'put'>;
  /** On a bus that finds receivers itself. */
  readonly desk: Desk | undefined;
  readonly ledger: Ledger;
  readonly presence: Pick<Presence, 'routes'>;
  readonly kept: Pick<Kept, 'keep'>;
  readonly clock: BusClock;
  /** Of this process: deadlines of results run by it. */
  readonly ownClock: Clock;
  /** How long a bus that is away is asked again. */
  readonly timeoutMs: number;
  readonly besideBoxIm: boolean;
  readonly once: OnceDeps;
  readonly topics: Pick<Topics, 'servers' | 'history'>;
  readonly repeater: Repeater;
  readonly newEnvelope: () => Envelope;
  /** The deadline of a pending message runs, and has to be watched. */
  readonly onStarted: (deadline: number) => void;
  /** A receiver that is not online has its result here and now. */
  readonly onLocalResult: (kind: OutgoingMessage['kind'], result: Result) => void;
}

const nobody: readonly DeviceAddress[] = [];
const nowhere: readonly number[] = [];
const noText = '' as ByteText;

/** How far one message has come: which servers have it, who is offline, and which results are pending. */
export class SendProgress {
  readonly deps: SendDeps;
  readonly message: OutgoingMessage;
  envelope: Envelope;
  /** Of a message that brings its own id. */
  readonly once: Once | undefined;
  /** Of a push to everyone: servers of box-im that do not get it. */
  leftOut: readonly number[] = [];
  /** A topic keeps it: devices that come back will be given it. */
  isKeptByTopic = false;
  readonly #signal: AbortSignal | undefined;
  /** Receivers that are not online, and what became of the message there. */
  readonly #absent: Outcome[] = [];
  /** The same before it is kept for them. */
  #toKeep: readonly DeviceAddress[] = nobody;
  #queued: readonly DeviceAddress[] = nobody;
  #repeated: readonly DeviceAddress[] = nobody;
  /** Servers that have the message, once per entry. */
  #servers: readonly number[] = nowhere;
  /** Puts of which nothing is known yet. */
  #underWay = 0;
  #pending: PendingMessage | undefined;

  constructor(deps: SendDeps, message: OutgoingMessage, signal: AbortSignal | undefined) {
    this.deps = deps;
    this.message = message;
    this.#signal = signal;
    const envelope = deps.newEnvelope();
    const { keep, messageId } = message;
    // P-15.9: a device must not take younger ones of high priority for a sign that older ones come late.
    const isPlain = messageId === undefined && !message.isHigh;
    this.envelope = isPlain
      ? envelope
      : { ...envelope, messageId: messageId ?? `h.${envelope.messageId}`, number: undefined };
    this.once = messageId === undefined ? undefined : new Once(deps.once, messageId, keep !== undefined);
  }

  /** From now on `expiresInMs` counts, on the clock of the bus. */
  async setEnd(): Promise<void> {
    const { clock } = this.deps;
    const { expiresInMs = 0 } = this.message;
    if (clock.now === undefined) await clock.ask();
    this.envelope = { ...this.envelope, expiresAt: Math.ceil((clock.now ?? 0) + expiresInMs) };
    this.checkStillWanted();
  }

  checkStillWanted(): void {
    this.abortable?.throwIfAborted();
  }

  /** Once something is on the bus, or about to be, there is nothing left to abort. */
  get abortable(): AbortSignal | undefined {
    const isUnderWay = this.isKeptByTopic || this.#servers.length + this.#underWay > 0;
    return isUnderWay ? undefined : this.#signal;
  }

  /**
   * Results of a plan's receivers will come, and of those who have to be waited for, whom the first plan names. Those of
   * `withoutId` carry no message id.
   */
  expectResults({ online, withoutId }: Plan, awaited: readonly DeviceAddress[]): void {
    this.#pending ??= this.#register(joined(awaited, online));
    if (withoutId.length > 0) this.deps.ledger.expectWithoutId(this.#pending, withoutId);
  }

  /** Of a push to everyone: results of all devices of these servers will come. */
  expectServers(serverIds: readonly number[]): void {
    this.#pending ??= this.#register([], []);
    for (const id of serverIds) this.#pending.outstandingServers?.add(id);
  }

  /** Of a push to everyone: results of these devices of box-im will come, without a message id. */
  expectFound(receivers: readonly DeviceAddress[]): void {
    this.#pending ??= this.#register([], []);
    this.#pending.addReceivers(receivers);
    this.deps.ledger.expectWithoutId(this.#pending, receivers);
  }

  /** These servers have closed their lists, and report nothing. */
  serversClosed(closed: readonly PlannedPut[]): void {
    for (const { serverId } of closed) this.#pending?.outstandingServers?.delete(serverId);
  }

  /** Puts the entries in this very moment, so that what was sent first is put first. */
  async put(puts: readonly PlannedPut[]): Promise<PutReport> {
    this.#underWay += puts.length;
    try {
      return await this.putAll(puts);
    } finally {
      this.#underWay -= puts.length;
    }
  }

  /** The same for puts that nobody aborts. */
  putAll(puts: readonly PlannedPut[]): Promise<PutReport> {
    return putAll(this.#put, puts);
  }

  readonly #put: Put = (put) => this.once?.put(put) ?? this.deps.producer.put(put.list, put.entry);

  /** Whether it wants nothing but to be put, wherever its receivers are. */
  get isPlain(): boolean {
    const { kind, isHigh, expiresInMs, messageId, receivers, replaces } = this.message;
    const hasExtras = isHigh || expiresInMs !== undefined || replaces !== undefined;
    return (
      kind === 'private' &&
      !hasExtras &&
      messageId === undefined &&
      this.#signal === undefined &&
      receivers.length > 0
    );
  }

  /** As the bus puts it. From now on results may come from any receiver. */
  toPost(): Post {
    const { message, envelope } = this;
    const { kind, receivers, copies, sendResult, senderText, trace, keep } = message;
    if (sendResult) this.#pending ??= this.#register(receivers);
    const serviceName = sendResult ? envelope.serviceName : undefined;
    return {
      receivers,
      copies,
      before: beforeReceivers(kind, {
        messageId: envelope.messageId,
        queuedAt: envelope.queuedAt,
        attempt: 1,
      }),
      behindReceiver: behindReceivers({
        sendResult,
        senderText,
        serviceName,
        extras: trace === undefined && !keep ? undefined : extrasOfPost(message),
      }),
      behindCopy: copies.length === 0 ? noText : behindReceivers({ sendResult: false, senderText }),
      end: dataAtEnd(message),
    };
  }

  /** The bus has put it at these servers, those of the receivers first; 0 for who is nowhere. */
  posted(serverIds: readonly number[]): void {
    const { receivers } = this.message;
    this.#servers = serverIds.includes(0) ? serverIds.filter((serverId) => serverId > 0) : serverIds;
    if (this.#servers.length === serverIds.length) this.#queued = receivers;
    else {
      this.#queued = receivers.filter((_, index) => serverIds[index] !== 0);
      this.notOnline(receivers.filter((_, index) => serverIds[index] === 0));
    }
  }

  /** Notes who has the message now; throws when some of it failed. Returns what came too late for its server. */
  note(report: PutReport): readonly PlannedPut[] {
    this.#servers = [...this.#servers, ...report.put.map(({ serverId }) => serverId)];
    for (const put of report.put) {
      if (!put.isCopy) this.#queued = joined(this.#queued, put.receivers);
    }
    for (const put of report.repeated) this.#repeat(put);
    if (report.failed.length > 0) throw sendFailure(report.failed, this.#serverCount);
    return report.closed;
  }

  /** A former call has put it. Its results come here if that was this instance. */
  #repeat({ serverId, receivers, isCopy }: PlannedPut): void {
    const pending = this.#pending;
    if (isCopy || pending?.former) return;
    this.#repeated = joined(this.#repeated, receivers);
    if (!pending) return;
    this.deps.ledger.release(pending, receivers);
    pending.outstandingServers?.delete(serverId);
  }

  notOnline(receivers: readonly DeviceAddress[]): void {
    if (this.message.keep) this.#toKeep = joined(this.#toKeep, receivers);
    else this.absent(receivers, 'NOT_ONLINE');
  }

  get hasToKeep(): boolean {
    return this.#toKeep.length > 0;
  }

  /** Those that are not online and for whom the message is to be kept. Each is given out once. */
  takeToKeep(): readonly DeviceAddress[] {
    const receivers = this.#toKeep;
    this.#toKeep = nobody;
    return receivers;
  }

  /** Receivers that are not online, with what becomes of the message there. */
  absent(receivers: readonly DeviceAddress[], reason: Reason): void {
    if (receivers.length === 0) return;
    if (this.#pending) this.deps.ledger.release(this.#pending, receivers);
    for (const address of receivers) {
      const outcome: Outcome = { address, stage: 'queued', reason };
      this.#absent.push(outcome);
      this.#pending?.note(outcome);
    }
  }

  /** Results of receivers will come that were not online before. */
  expectMore(receivers: readonly DeviceAddress[]): void {
    this.#pending?.addReceivers(receivers);
  }

  /** All is on the bus. */
  finish(): Receipt {
    this.checkStillWanted();
    if (this.message.sendResult) {
      // A message for nobody has results as well: none.
      this.#pending ??= this.#register([]);
      this.#start();
      for (const result of localResults(this.message, this.envelope, this.#absent)) {
        this.deps.onLocalResult(this.message.kind, result);
      }
    }
    const { messageId } = this.envelope;
    const [queued, repeated, leftOut] = [this.#queued, this.#repeated, this.leftOut];
    const offline = this.#absent.map(({ address }) => address);
    const kept = this.#kept;
    return new SentReceipt(
      { messageId, queued, repeated, offline, kept, leftOut },
      { pending: this.#pending, clock: this.deps.ownClock },
    );
  }

  /** Not all is on the bus. Results of what is there are still pending. Returns what to tell the caller. */
  fail(error: unknown): unknown {
    const pending = this.#pending;
    if (pending && this.once) this.#keepUnsure(pending);
    else if (pending && this.#servers.length === 0) this.deps.ledger.drop(pending);
    else if (pending) this.#releaseUnsent(pending);
    // What was found out after a part was put, and not by a put, knows nothing of that part.
    if (!(error instanceof ImError) || error.effect !== 'none') return error;
    if (this.#serverCount === 0 && this.#kept.length > 0) {
      const { length } = this.#kept;
      const problem = `The message is kept for ${length} of its receivers, and not for the others: ${error.message}`;
      return new ImError(error.code, problem, { cause: error, effect: 'partial' });
    }
    if (this.#serverCount === 0 && this.isKeptByTopic) {
      const problem = `The topic keeps the message for devices that come back, and no server has it: ${error.message}`;
      return new ImError(error.code, problem, { cause: error, effect: 'partial' });
    }
    return sendFailure([error], this.#serverCount);
  }

  /** Some of it may be there all the same; whoever repeats the send from here has the results of that. */
  #keepUnsure(pending: PendingMessage): void {
    const queued = new Set(this.#queued);
    pending.unsure = new Set([...pending.outstanding].filter((address) => !queued.has(address)));
    this.#start();
  }

  get #kept(): readonly DeviceAddress[] {
    if (!this.message.keep) return nobody;
    return this.#absent.flatMap(({ address, reason }) => (reason === 'KEPT' ? [address] : []));
  }

  #releaseUnsent(pending: PendingMessage): void {
    const queued = new Set(this.#queued);
    const unsent = [...pending.outstanding].filter((address) => !queued.has(address));
    this.deps.ledger.release(pending, unsent);
    for (const id of pending.outstandingServers ?? []) {
      if (!this.#servers.includes(id)) pending.outstandingServers?.delete(id);
    }
    this.#start();
  }

  get #serverCount(): number {
    return new Set(this.#servers).size;
  }

  #register(receivers: readonly DeviceAddress[], servers?: readonly number[]): PendingMessage {
    const { kind, dataText, senderText } = this.message;
    const { messageId, number, queuedAt } = this.envelope;
    const message = { kind, messageId, number, dataText, senderText, queuedAt, attempt: 1 };
    const pending = new PendingMessage(message, receivers, servers);
    this.deps.ledger.register(pending);
    return pending;
  }

  #start(): void {
    if (!this.#pending) return;
    this.deps.ledger.start(this.#pending, this.deps.ownClock.now());
    this.deps.onStarted(this.#pending.deadline);
  }
}

/** What its server can is not known here. One that cannot keep or trace ignores these, and those of box-im are not posted to. */
function extrasOfPost({ keep, trace }: OutgoingMessage): EntryExtras {
  return {
    ...(keep && { keepMs: keep.forMs, keepMost: keep.most }),
    ...(trace !== undefined && { trace }),
  };
}

function joined(some: readonly DeviceAddress[], more: readonly DeviceAddress[]): readonly DeviceAddress[] {
  return some.length === 0 ? more : [...some, ...more];
}

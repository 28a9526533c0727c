import type { DeviceAddress } from 'im-common';
import type { Reason } from 'im-common/bus';
import type { ResolvedOptions } from '../options/options.ts';
import { concatenated, keepsItsWhole } from '../wire/engine.ts';
import type { DeviceLink, Framing } from '../wire/link.ts';
import { Backlog, type Waiting } from './backlog.ts';
import type { ConnectionState } from './connection-state.ts';
import type { LoggedIn } from './logged-in.ts';
import { nowMs } from './now-ms.ts';
import { Unproven, type DeviceMessage } from './unproven.ts';
import type { WriteRound, Writer } from './write-round.ts';

export interface OutgoingDeps {
  readonly options: Pick<ResolvedOptions, 'proof' | 'maxBufferedBytes'>;
  readonly writeRound: WriteRound;
  /** A message of high priority came while others have to wait. */
  readonly onHigh: (what: 'overtook' | 'waited') => void;
  readonly onWrite: (bytes: number) => void;
}

/** A burst within one write round is written in pieces of this size, so that the operating system can start on it. */
const pieceBytes = 65_536;
/** What waits for the device while more than this does is looked through for what is not wanted any more. */
const backedUpBytes = 16_384;
const never = 0;

/** What is so or not of a connection, in one field for all: there are many connections, and little is so of most. */
export const flags = {
  /** What is delivered has to wait. */
  holding: 1,
  /** The same until the device has read: of what waits, older ones with the same key may be dropped. */
  backedUp: 2,
  showingToken: 4,
  disputed: 8,
  hasKept: 16,
} as const;

type Flag = (typeof flags)[keyof typeof flags];

/**
 * What one device is sent: what waits, what is written with which write round, and what is proved. The connection adds its life to
 * it. A base class, as a part of its own would cost memory for each connection.
 */
export abstract class Outgoing<Deps extends OutgoingDeps> implements Writer {
  readonly link: DeviceLink;
  abstract readonly state: ConnectionState;
  login: LoggedIn | undefined;
  protected readonly deps: Deps;

  #outbox = '';
  #flags = 0;
  /** What waits here. */
  #backlog: Backlog | undefined;
  #unproven: Unproven | undefined;
  #pingSentAt = never;
  #pingedRound = never;
  #writtenRound = never;

  constructor(link: DeviceLink, deps: Deps) {
    this.link = link;
    this.deps = deps;
  }

  /** Ends a connection that takes more than its share, of memory or of the messages in flight. */
  abstract closeSlowReader(): void;
  /** All that was delivered so far is written. */
  protected abstract onWritten(): void;
  /** More is proved than before. */
  protected abstract onProof(): void;

  protected is(flag: Flag): boolean {
    return (this.#flags & flag) !== 0;
  }

  protected setFlag(flag: Flag, isSo: boolean): void {
    this.#flags = isSo ? this.#flags | flag : this.#flags & ~flag;
  }

  /** May be given messages. */
  get takesMessages(): boolean {
    return this.state.kind === 'online' || this.state.kind === 'logging-in';
  }

  get hasUnproven(): boolean {
    return this.unprovenCount > 0;
  }

  /** Messages without a final outcome. */
  get unprovenCount(): number {
    return this.#unproven?.count ?? 0;
  }

  /** When the unanswered ping was sent; undefined when none is under way. */
  get pingSentAt(): number | undefined {
    return this.#pingSentAt === never ? undefined : this.#pingSentAt;
  }

  /** When the oldest message without a final outcome was taken to be written. */
  get oldestUnprovenAt(): number | undefined {
    return this.#unproven?.oldestAt;
  }

  /** Adds a message to what is written at the end of this write round. Its outcome comes through the message. */
  deliver(message: DeviceMessage, address: DeviceAddress): void {
    const isLate = message.replaces !== undefined && this.link.bufferedBytes > backedUpBytes;
    if (this.is(flags.holding) || this.is(flags.backedUp) || isLate)
      this.#deliverLater(message, address, isLate);
    else this.deliverNow(message, address);
  }

  /** One of high priority waits only until the login is answered. */
  #deliverLater(message: DeviceMessage, address: DeviceAddress, isLate: boolean): void {
    if (message.isHigh) this.deps.onHigh(this.state.kind === 'online' ? 'overtook' : 'waited');
    if (!message.isHigh || this.state.kind !== 'online') {
      this.#wait(message, address, isLate);
      return;
    }
    if (message.replaces !== undefined) this.#backlog?.replaceBy(message.replaces);
    this.deliverNow(message, address);
  }

  /** The same before all that is held. */
  deliverNow(message: DeviceMessage, address: DeviceAddress): void {
    this.#unproven ??= new Unproven();
    const own = keepsItsWhole(address.id) ? (this.login?.address ?? address) : address;
    this.#unproven.add(message, own, this.deps.writeRound.number);
    if (this.#outbox === '') this.deps.writeRound.add(this);
    this.#outbox += message.frame(this.link.framing, this.login?.acknowledges ?? false);
    if (this.#outbox.length < pieceBytes) return;
    if (this.state.kind === 'online') this.#writeOutbox('');
    else if (this.#outbox.length > this.deps.options.maxBufferedBytes) this.closeSlowReader();
  }

  /** Writes what was delivered in this round, with one ping behind it if proof is wanted and none is under way. */
  flush(round: number, now: number): void {
    // While a login is unanswered the messages wait for the answer to go first.
    if (this.state.kind !== 'online') return;
    const { ping } = this.link.framing;
    const byPong = this.deps.options.proof === 'pong' && ping !== undefined;
    this.#writtenRound = round;
    if (!byPong) {
      this.#writeOutbox('');
      if (this.#unproven && !this.login?.acknowledges) this.link.whenTaken(round);
    } else if (this.#pingSentAt === never) {
      this.#pingSentAt = now;
      this.#pingedRound = round;
      this.#writeOutbox(ping(String(round)));
    } else {
      this.#writeOutbox('');
    }
    this.onWritten();
  }

  /** What is delivered from now on waits, until {@link release}. */
  hold(): void {
    this.setFlag(flags.holding, true);
  }

  release(): void {
    this.setFlag(flags.holding, false);
    this.#deliverBacklog();
  }

  /** Goes on with what waited until the device has read. */
  relieve(): void {
    if (!this.is(flags.backedUp) || this.is(flags.holding) || this.link.bufferedBytes > backedUpBytes) return;
    this.#deliverBacklog();
  }

  #deliverBacklog(): void {
    this.setFlag(flags.backedUp, false);
    this.deliverHigh();
    const backlog = this.#takeBacklog();
    if (backlog) this.#deliverAll(backlog);
    if (this.#outbox === '') this.onWritten();
  }

  /** Of what waits that which need not. */
  protected deliverHigh(): void {
    const high = this.#backlog?.takeHigh();
    if (high) this.#deliverAll(high);
  }

  #deliverAll(waiting: Iterable<Waiting>): void {
    (this.#unproven ??= new Unproven()).notSince = nowMs();
    for (const { message, address } of waiting) {
      if (message.isOutdated) message.resolve(address, 'queued', 'OUTDATED');
      else if (!message.isFor(address)) message.skip();
      else if (this.takesMessages) this.deliverNow(message, address);
      else message.missed(address);
    }
  }

  #wait(message: DeviceMessage, address: DeviceAddress, isLate: boolean): void {
    if (isLate) this.setFlag(flags.backedUp, true);
    const { length } = message.frame(this.link.framing, this.login?.acknowledges ?? false);
    this.#backlog ??= new Backlog();
    this.#backlog.add({ message, address, length });
    if (this.#backlog.length > this.deps.options.maxBufferedBytes) this.closeSlowReader();
  }

  #takeBacklog(): Backlog | undefined {
    const backlog = this.#backlog;
    this.#backlog = undefined;
    return backlog;
  }

  /** To be looked for elsewhere: the device had none of it. */
  protected giveBackBacklog(): void {
    for (const { message, address } of this.#takeBacklog() ?? []) message.missed(address);
  }

  /** Nothing more will be written or proved. */
  protected giveUp(reason: Reason): void {
    this.#unproven?.fail('written', reason);
    this.giveBackBacklog();
  }

  protected forgetUnwritten(): void {
    this.#outbox = '';
  }

  /** Answers a command; never waits for the end of the round, and goes before what is in the outbox. */
  answer(body: (framing: Framing) => string): void {
    this.#write(body(this.link.framing));
  }

  /**
   * Says something that is no message and nobody proves. False, and nothing was said, when the device is not logged in, is to
   * go, or reads too slowly.
   */
  tell(body: (framing: Framing) => string): boolean {
    const { kind } = this.state;
    if ((kind !== 'online' && kind !== 'leaving') || this.isSlow()) return false;
    this.answer(body);
    return true;
  }

  /** Asks the peer's stack for a sign of life. */
  ping(now: number): void {
    const { ping } = this.link.framing;
    if (!ping || this.#pingSentAt !== never) return;
    this.#pingSentAt = now;
    this.#pingedRound = this.#writtenRound;
    this.#write(ping(String(this.#writtenRound)));
  }

  // What proves that the device has something.

  acknowledge(count: number, refused: ReadonlySet<unknown>): boolean {
    const isKnown = this.#unproven?.acknowledge(count, refused) ?? count === 0;
    this.relieve();
    this.onProof();
    return isKnown;
  }

  onTaken(round: number): void {
    this.#unproven?.proveThrough(round, 'written');
    this.relieve();
    this.onProof();
  }

  /** Unasked or foreign pongs prove nothing. */
  protected isAwaited(pong: string): boolean {
    return this.#pingSentAt !== never && pong === String(this.#pingedRound);
  }

  /** The pong is there that was awaited. */
  protected onAwaitedPong(now: number): void {
    this.#pingSentAt = never;
    this.relieve();
    if (!this.#unproven || this.login?.acknowledges) return;
    if (this.deps.options.proof === 'pong') this.#unproven.proveThrough(this.#pingedRound, 'proved');
    this.onProof();
    // What was written meanwhile rides on the next one.
    const { kind } = this.state;
    if ((kind === 'online' || kind === 'leaving') && this.#needsPing) this.ping(now);
  }

  get #needsPing(): boolean {
    return this.deps.options.proof === 'pong' && (this.#unproven?.lastRound ?? 0) > this.#pingedRound;
  }

  /** Ends the connection and says so when too much waits for it. */
  protected isSlow(): boolean {
    if (this.link.bufferedBytes <= this.deps.options.maxBufferedBytes) return false;
    this.closeSlowReader();
    return true;
  }

  #writeOutbox(ping: string): void {
    if (this.isSlow()) return;
    const bytes = this.#outbox;
    this.#outbox = '';
    this.#write(ping === '' ? bytes : concatenated(bytes, ping));
  }

  #write(bytes: string): void {
    this.deps.onWrite(bytes.length);
    this.link.write(bytes);
  }
}

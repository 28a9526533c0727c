import { CloseCode, type DeviceAddress } from 'im-common';
import type { Reason } from 'im-common/bus';
import type { ResolvedOptions } from '../options/options.ts';
import { concatenated, keepsItsWhole } from '../wire/engine.ts';
import type { DeviceLink, Framing, LinkHandlers } from '../wire/link.ts';
import { Backlog, type Waiting } from './backlog.ts';
import type { LoggedIn } from './logged-in.ts';
import { nowMs } from './now-ms.ts';
import { ReceivedRate, type RateLimits } from './received-rate.ts';
import type { OwnSession } from './session.ts';
import { Unproven, type DeviceMessage } from './unproven.ts';
import type { WriteRound, Writer } from './write-round.ts';

/** What a connection is doing, from the open wire to the closed one. */
export type ConnectionState =
  | { readonly kind: 'awaiting-login'; readonly since: number }
  /** Token checked, route being written; pushes wait in the outbox until the login is answered. */
  | { readonly kind: 'logging-in'; readonly since: number }
  | { readonly kind: 'online' }
  /** To go to another server as soon as it has proved what it was given; has until `until` for that. */
  | { readonly kind: 'leaving'; readonly until: number; readonly goodbye: string }
  /** Told that it is logged in elsewhere; has a moment to close by itself. */
  | { readonly kind: 'kicked' }
  /** Closed by us; the wire has until `until` to go. */
  | { readonly kind: 'closing'; readonly until: number; readonly code: number }
  | { readonly kind: 'gone' };

/** What a connection needs of the server around it. */
export interface ConnectionDeps {
  readonly options: Pick<ResolvedOptions, 'proof' | 'maxBufferedBytes'> & RateLimits;
  readonly writeRound: WriteRound;
  readonly onText: (connection: Connection, text: string) => void;
  /** It will take no more messages: remove it from wherever it is registered. */
  readonly onLost: (connection: Connection, code: number) => void;
  /** The wire is gone; `code` is ours if we closed it, else the peer's. */
  readonly onGone: (connection: Connection, code: number) => void;
}

/** A burst within one write round is written in pieces of this size, so that the operating system can start on it. */
const pieceBytes = 65_536;
/** What waits for the device while more than this does is looked through for what is not wanted any more. */
const backedUpBytes = 16_384;
/** How long a closed wire may take to go, before it is torn down. */
const closeGraceMs = 2_000;
const never = 0;
/** One for all; see engine.ts on states. */
const online: ConnectionState = { kind: 'online' };

export class Connection implements LinkHandlers, Writer {
  readonly link: DeviceLink;
  readonly #deps: ConnectionDeps;
  state: ConnectionState;
  login: LoggedIn | undefined;
  lastHeardAt: number;
  /** A login, the first or a later one, is under way. */
  isShowingToken = false;
  /** While this server keeps sessions. */
  session: OwnSession | undefined;
  /** While it logs in, another server has said that the device logs in there. */
  isDisputed = false;
  /** The close code with which it was lost: ours if we closed it, else the peer's. */
  lostWith: number | undefined;
  /** Messages are kept for its address, and it has to be given them first. */
  hasKept = false;
  /** Its login is under way, and then it is to go to another server. */
  #leavesAfterLogin: { readonly graceMs: number; readonly goodbye: string } | undefined;

  #outbox = '';
  /** What is delivered has to wait here. */
  #isHolding = false;
  /** The same until the device has read: of what waits, older ones with the same key may be dropped. */
  #isBackedUp = false;
  /** What waits here. */
  #backlog: Backlog | undefined;
  #unproven: Unproven | undefined;
  #pingSentAt = never;
  #pingedRound = never;
  #writtenRound = never;
  readonly #received: ReceivedRate;

  constructor(link: DeviceLink, deps: ConnectionDeps, now: number) {
    this.link = link;
    this.#deps = deps;
    this.state = { kind: 'awaiting-login', since: now };
    this.lastHeardAt = now;
    this.#received = new ReceivedRate(link.bytesRead);
    link.attach(this);
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
    if (this.#isHolding || this.#isBackedUp || isLate) this.#deliverLater(message, address, isLate);
    else this.deliverNow(message, address);
  }

  /** One of high priority waits only until the login is answered. */
  #deliverLater(message: DeviceMessage, address: DeviceAddress, isLate: boolean): void {
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
    this.#unproven.add(message, own, this.#deps.writeRound.number);
    if (this.#outbox === '') this.#deps.writeRound.add(this);
    this.#outbox += message.frame(this.link.framing, this.login?.acknowledges ?? false);
    if (this.#outbox.length < pieceBytes) return;
    if (this.state.kind === 'online') this.#writeOutbox('');
    else if (this.#outbox.length > this.#deps.options.maxBufferedBytes) this.closeSlowReader();
  }

  /** Writes what was delivered in this round, with one ping behind it if proof is wanted and none is under way. */
  flush(round: number, now: number): void {
    // While a login is unanswered the messages wait for the answer to go first.
    if (this.state.kind !== 'online') return;
    const { ping } = this.link.framing;
    const byPong = this.#deps.options.proof === 'pong' && ping !== undefined;
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
    this.#leaveIfAsked();
  }

  /** What is delivered from now on waits, until {@link release}. */
  hold(): void {
    this.#isHolding = true;
  }

  release(): void {
    this.#isHolding = false;
    this.#deliverBacklog();
  }

  /** Goes on with what waited until the device has read. */
  relieve(): void {
    if (!this.#isBackedUp || this.#isHolding || this.link.bufferedBytes > backedUpBytes) return;
    this.#deliverBacklog();
  }

  #deliverBacklog(): void {
    this.#isBackedUp = false;
    this.#deliverHigh();
    const backlog = this.#takeBacklog();
    if (backlog) this.#deliverAll(backlog);
    if (this.#outbox === '') this.#leaveIfAsked();
  }

  #deliverHigh(): void {
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
    if (isLate) this.#isBackedUp = true;
    const { length } = message.frame(this.link.framing, this.login?.acknowledges ?? false);
    this.#backlog ??= new Backlog();
    this.#backlog.add({ message, address, length });
    if (this.#backlog.length > this.#deps.options.maxBufferedBytes) this.closeSlowReader();
  }

  #takeBacklog(): Backlog | undefined {
    const backlog = this.#backlog;
    this.#backlog = undefined;
    return backlog;
  }

  /** Answers a command; never waits for the end of the round, and goes before what is in the outbox. */
  answer(body: (framing: Framing) => string): void {
    this.link.write(body(this.link.framing));
  }

  /**
   * Says something that is no message and nobody proves. False, and nothing was said, when the device is not logged in, is to
   * go, or reads too slowly.
   */
  tell(body: (framing: Framing) => string): boolean {
    const { kind } = this.state;
    if ((kind !== 'online' && kind !== 'leaving') || this.#isSlow()) return false;
    this.answer(body);
    return true;
  }

  /** Asks the peer's stack for a sign of life. */
  ping(now: number): void {
    const { ping } = this.link.framing;
    if (!ping || this.#pingSentAt !== never) return;
    this.#pingSentAt = now;
    this.#pingedRound = this.#writtenRound;
    this.link.write(ping(String(this.#writtenRound)));
  }

  acknowledge(count: number, refused: ReadonlySet<unknown>): boolean {
    const isKnown = this.#unproven?.acknowledge(count, refused) ?? count === 0;
    this.relieve();
    this.#onProof();
    return isKnown;
  }

  /** Ends the connection from our side. Messages without proof are reported with the reason. */
  end(code: number, reason: string, ofMessages: Reason): void {
    if (this.state.kind === 'closing' || this.state.kind === 'gone') return;
    this.state = { kind: 'closing', until: nowMs() + closeGraceMs, code };
    this.#lose(code, ofMessages);
    this.link.close(code, reason);
  }

  /**
   * Sends the device to another server, once it has proved what it was given, or `graceMs` later. Until then it is given
   * nothing more.
   */
  leave(goodbye: string, graceMs: number): void {
    if (this.state.kind === 'logging-in') {
      this.#leavesAfterLogin = { goodbye, graceMs };
    } else if (this.state.kind === 'online' && this.hasUnproven) {
      this.state = { kind: 'leaving', until: nowMs() + graceMs, goodbye };
      this.#giveBackBacklog();
    } else if (this.state.kind === 'online' || this.state.kind === 'awaiting-login') {
      this.closeGoingElsewhere(goodbye);
    }
  }

  /** The same without waiting for anything. */
  closeGoingElsewhere(goodbye: string): void {
    this.end(CloseCode.GOING_ELSEWHERE, goodbye, 'CLOSED_BEFORE_PROOF');
  }

  /** Ends a connection that takes more than its share, of memory or of the messages in flight. */
  closeSlowReader(): void {
    this.end(CloseCode.SLOW_READER, 'reads too slowly', 'SLOW_READER');
  }

  /** The login is complete and answered: messages that waited for it may go, once those that were kept have gone. */
  goOnline(): void {
    this.state = online;
    if (!this.hasKept) {
      this.release();
      return;
    }
    this.#deliverHigh();
    this.#leaveIfAsked();
  }

  /** Leaves the connection open for its last words, but gives it nothing more. */
  kick(): void {
    this.state = { kind: 'kicked' };
    this.lostWith = CloseCode.KICKED;
    this.#deps.onLost(this, CloseCode.KICKED);
  }

  destroy(): void {
    this.link.destroy();
  }

  // What comes from the wire.

  onText(text: string): void {
    if (this.#mayStillSpeak()) this.#deps.onText(this, text);
  }

  onSignOfLife(): void {
    this.#mayStillSpeak();
  }

  onTaken(round: number): void {
    this.#unproven?.proveThrough(round, 'written');
    this.relieve();
    this.#onProof();
  }

  onPong(payload: string): void {
    const now = nowMs();
    this.lastHeardAt = now;
    // Unasked or foreign pongs prove nothing.
    if (this.#pingSentAt === never || payload !== String(this.#pingedRound)) {
      this.onSignOfLife();
      return;
    }
    this.#received.countBytes(now, this.link.bytesRead);
    this.#pingSentAt = never;
    this.relieve();
    if (!this.#unproven || this.login?.acknowledges) return;
    if (this.#deps.options.proof === 'pong') this.#unproven.proveThrough(this.#pingedRound, 'proved');
    this.#onProof();
    // What was written meanwhile rides on the next one.
    const { kind } = this.state;
    if ((kind === 'online' || kind === 'leaving') && this.#owesPing) this.ping(now);
  }

  #onProof(): void {
    if (this.state.kind === 'leaving' && !this.hasUnproven) this.closeGoingElsewhere(this.state.goodbye);
  }

  #leaveIfAsked(): void {
    const leave = this.#leavesAfterLogin;
    if (!leave || this.state.kind !== 'online') return;
    this.#leavesAfterLogin = undefined;
    this.leave(leave.goodbye, leave.graceMs);
  }

  get #owesPing(): boolean {
    return this.#deps.options.proof === 'pong' && (this.#unproven?.lastRound ?? 0) > this.#pingedRound;
  }

  onGone(code: number): void {
    if (this.state.kind === 'gone') return;
    const endedBy = this.state.kind === 'closing' ? this.state.code : code;
    if (this.state.kind !== 'closing') this.#lose(code, 'CLOSED_BEFORE_PROOF');
    this.state = { kind: 'gone' };
    this.#deps.onGone(this, endedBy);
  }

  #lose(code: number, ofMessages: Reason): void {
    this.#outbox = '';
    this.lostWith ??= code;
    this.#deps.onLost(this, code);
    this.#unproven?.fail('written', ofMessages);
    this.#giveBackBacklog();
  }

  /** To be looked for elsewhere: the device had none of it. */
  #giveBackBacklog(): void {
    for (const { message, address } of this.#takeBacklog() ?? []) message.missed(address);
  }

  /** Counts the frame; false once the device may not speak any more. */
  #mayStillSpeak(): boolean {
    const now = nowMs();
    this.lastHeardAt = now;
    if (this.state.kind === 'closing' || this.state.kind === 'gone') return false;
    this.#received.countFrame(now, this.link.bytesRead);
    const excess = this.#received.excess(this.#deps.options);
    if (excess !== undefined) {
      this.end(CloseCode.TOO_MANY_FRAMES, `too many ${excess}`, 'CLOSED_BEFORE_PROOF');
      return false;
    }
    // A device that asks and never reads the answers would fill the memory with them.
    return !this.#isSlow();
  }

  /** Ends the connection and says so when too much waits for it. */
  #isSlow(): boolean {
    if (this.link.bufferedBytes <= this.#deps.options.maxBufferedBytes) return false;
    this.closeSlowReader();
    return true;
  }

  #writeOutbox(ping: string): void {
    if (this.#isSlow()) return;
    const bytes = this.#outbox;
    this.#outbox = '';
    this.link.write(ping === '' ? bytes : concatenated(bytes, ping));
  }
}

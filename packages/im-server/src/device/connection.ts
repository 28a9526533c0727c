import { CloseCode } from 'im-common';
import type { Reason } from 'im-common/bus';
import type { DeviceLink, LinkHandlers } from '../wire/link.ts';
import type { ConnectionState } from './connection-state.ts';
import { nowMs } from './now-ms.ts';
import { flags, Outgoing, type OutgoingDeps } from './outgoing.ts';
import { countBytes, countFrame, excess, type RateLimits, type ReceivedRate } from './received-rate.ts';
import type { OwnSession } from './session.ts';

/** What a connection needs of the server around it. */
export interface ConnectionDeps extends OutgoingDeps {
  readonly options: OutgoingDeps['options'] & RateLimits;
  readonly onText: (connection: Connection, text: string) => void;
  /** It will take no more messages: remove it from wherever it is registered. */
  readonly onLost: (connection: Connection, code: number) => void;
  /** The wire is gone; `code` is ours if we closed it, else the peer's. */
  readonly onGone: (connection: Connection, code: number) => void;
}

/** How long a closed wire may take to go, before it is torn down. */
const closeGraceMs = 2_000;
/** One for all; see engine.ts on states. */
const online: ConnectionState = { kind: 'online', leaves: undefined };
const kicked: ConnectionState = { kind: 'kicked' };

/** The life of one device's wire, from open to gone: who may speak, who has to go. What it is sent is in {@link Outgoing}. */
export class Connection extends Outgoing<ConnectionDeps> implements LinkHandlers, ReceivedRate {
  state: ConnectionState;
  lastHeardAt: number;
  /** While this server keeps sessions. */
  session: OwnSession | undefined;
  /** The round of topics (TopicTable) since which it is found as a member; a field, as a map of its own costs more memory. */
  isMemberSince: number | undefined;
  rateSince = 0;
  framesInRate = 0;
  bytesInRate = 0;
  bytesSeen: number;

  constructor(link: DeviceLink, deps: ConnectionDeps, now: number) {
    super(link, deps);
    this.state = { kind: 'awaiting-login', since: now };
    this.lastHeardAt = now;
    this.bytesSeen = link.bytesRead;
    link.attach(this);
  }

  /** A login, the first or a later one, is under way. */
  get isShowingToken(): boolean {
    return this.is(flags.showingToken);
  }

  set isShowingToken(isSo: boolean) {
    this.setFlag(flags.showingToken, isSo);
  }

  /** While it logs in, another server has said that the device logs in there. */
  get isDisputed(): boolean {
    return this.is(flags.disputed);
  }

  set isDisputed(isSo: boolean) {
    this.setFlag(flags.disputed, isSo);
  }

  /** Messages are kept for its address, and it has to be given them first. */
  get hasKept(): boolean {
    return this.is(flags.hasKept);
  }

  set hasKept(isSo: boolean) {
    this.setFlag(flags.hasKept, isSo);
  }

  /** The close code with which it was lost: ours if we closed it, else the peer's. */
  get lostWith(): number | undefined {
    const { state } = this;
    if (state.kind === 'kicked') return CloseCode.KICKED;
    return state.kind === 'closing' || state.kind === 'gone' ? state.lostWith : undefined;
  }

  /** Ends the connection from our side. Messages without proof are reported with the reason. */
  end(code: number, reason: string, ofMessages: Reason): void {
    if (this.state.kind === 'closing' || this.state.kind === 'gone') return;
    this.state = { kind: 'closing', until: nowMs() + closeGraceMs, code, lostWith: this.lostWith ?? code };
    this.#lose(code, ofMessages);
    this.link.close(code, reason);
  }

  /**
   * Sends the device to another server, once it has proved what it was given, or `graceMs` later. Until then it is given
   * nothing more.
   */
  leave(goodbye: string, graceMs: number): void {
    if (this.state.kind === 'logging-in') {
      this.state = { ...this.state, leaves: { goodbye, graceMs } };
    } else if (this.state.kind === 'online' && this.hasUnproven) {
      this.state = { kind: 'leaving', until: nowMs() + graceMs, goodbye };
      this.giveBackBacklog();
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
    const leaves = this.state.kind === 'logging-in' ? this.state.leaves : undefined;
    this.state = leaves ? { kind: 'online', leaves } : online;
    if (!this.hasKept) {
      this.release();
      return;
    }
    this.deliverHigh();
    this.onWritten();
  }

  /** Leaves the connection open for its last words, but gives it nothing more. */
  kick(): void {
    this.state = kicked;
    this.deps.onLost(this, CloseCode.KICKED);
  }

  destroy(): void {
    this.link.destroy();
  }

  // What comes from the wire.

  onText(text: string): void {
    if (this.#mayStillSpeak()) this.deps.onText(this, text);
  }

  onSignOfLife(): void {
    this.#mayStillSpeak();
  }

  onPong(payload: string): void {
    const now = nowMs();
    this.lastHeardAt = now;
    if (!this.isAwaited(payload)) {
      this.onSignOfLife();
      return;
    }
    countBytes(this, now, this.link.bytesRead);
    this.onAwaitedPong(now);
  }

  protected onProof(): void {
    if (this.state.kind === 'leaving' && !this.hasUnproven) this.closeGoingElsewhere(this.state.goodbye);
  }

  protected onWritten(): void {
    const { state } = this;
    if (state.kind !== 'online' || !state.leaves) return;
    this.state = online;
    this.leave(state.leaves.goodbye, state.leaves.graceMs);
  }

  onGone(code: number): void {
    if (this.state.kind === 'gone') return;
    const endedBy = this.state.kind === 'closing' ? this.state.code : code;
    const lostWith = this.lostWith ?? code;
    if (this.state.kind !== 'closing') this.#lose(code, 'CLOSED_BEFORE_PROOF');
    this.state = { kind: 'gone', lostWith };
    this.deps.onGone(this, endedBy);
  }

  #lose(code: number, ofMessages: Reason): void {
    this.forgetUnwritten();
    this.deps.onLost(this, code);
    this.giveUp(ofMessages);
  }

  /** Counts the frame; false once the device may not speak any more. */
  #mayStillSpeak(): boolean {
    const now = nowMs();
    this.lastHeardAt = now;
    if (this.state.kind === 'closing' || this.state.kind === 'gone') return false;
    countFrame(this, now, this.link.bytesRead);
    const tooMany = excess(this, this.deps.options);
    if (tooMany !== undefined) {
      this.end(CloseCode.TOO_MANY_FRAMES, `too many ${tooMany}`, 'CLOSED_BEFORE_PROOF');
      return false;
    }
    // A device that asks and never reads the answers would fill the memory with them.
    return !this.isSlow();
  }
}

import { CloseCode } from 'im-common';
import type { Reason } from 'im-common/bus';
import type { DeviceLink, LinkHandlers } from '../wire/link.ts';
import type { ConnectionState } from './connection-state.ts';
import { nowMs } from './now-ms.ts';
import { Outgoing, type OutgoingDeps } from './outgoing.ts';
import { ReceivedRate, type RateLimits } from './received-rate.ts';
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
const online: ConnectionState = { kind: 'online' };

/** The life of one device's wire, from open to gone: who may speak, who has to go. What it is sent is in {@link Outgoing}. */
export class Connection extends Outgoing<ConnectionDeps> implements LinkHandlers {
  state: ConnectionState;
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
  /** The round of topics (TopicTable) since which it is found as a member; a field, as a map of its own costs more memory. */
  isMemberSince: number | undefined;
  /** Its login is under way, and then it is to go to another server. */
  #leavesAfterLogin: { readonly graceMs: number; readonly goodbye: string } | undefined;
  readonly #received: ReceivedRate;

  constructor(link: DeviceLink, deps: ConnectionDeps, now: number) {
    super(link, deps);
    this.state = { kind: 'awaiting-login', since: now };
    this.lastHeardAt = now;
    this.#received = new ReceivedRate(link.bytesRead);
    link.attach(this);
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
    this.state = online;
    if (!this.hasKept) {
      this.release();
      return;
    }
    this.deliverHigh();
    this.onWritten();
  }

  /** Leaves the connection open for its last words, but gives it nothing more. */
  kick(): void {
    this.state = { kind: 'kicked' };
    this.lostWith = CloseCode.KICKED;
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
    this.#received.countBytes(now, this.link.bytesRead);
    this.onAwaitedPong(now);
  }

  protected onProof(): void {
    if (this.state.kind === 'leaving' && !this.hasUnproven) this.closeGoingElsewhere(this.state.goodbye);
  }

  protected onWritten(): void {
    const leave = this.#leavesAfterLogin;
    if (!leave || this.state.kind !== 'online') return;
    this.#leavesAfterLogin = undefined;
    this.leave(leave.goodbye, leave.graceMs);
  }

  onGone(code: number): void {
    if (this.state.kind === 'gone') return;
    const endedBy = this.state.kind === 'closing' ? this.state.code : code;
    if (this.state.kind !== 'closing') this.#lose(code, 'CLOSED_BEFORE_PROOF');
    this.state = { kind: 'gone' };
    this.deps.onGone(this, endedBy);
  }

  #lose(code: number, ofMessages: Reason): void {
    this.forgetUnwritten();
    this.lostWith ??= code;
    this.deps.onLost(this, code);
    this.giveUp(ofMessages);
  }

  /** Counts the frame; false once the device may not speak any more. */
  #mayStillSpeak(): boolean {
    const now = nowMs();
    this.lastHeardAt = now;
    if (this.state.kind === 'closing' || this.state.kind === 'gone') return false;
    this.#received.countFrame(now, this.link.bytesRead);
    const excess = this.#received.excess(this.deps.options);
    if (excess !== undefined) {
      this.end(CloseCode.TOO_MANY_FRAMES, `too many ${excess}`, 'CLOSED_BEFORE_PROOF');
      return false;
    }
    // A device that asks and never reads the answers would fill the memory with them.
    return !this.isSlow();
  }
}

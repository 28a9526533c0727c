import type { MessageKind } from 'im-common';
import type { Reason, ResultCode, Stage } from 'im-common/bus';

/**
 * What the actors of a run write down, one JSON line each: what they did, and what they saw. `at` is the machine's
 * monotonic clock in milliseconds, which all its processes share.
 */
export type HistoryEvent = Stamp & Happening;

interface Stamp {
  readonly at: number;
  /** Who writes: an instance of a service, a device, or the run itself. */
  readonly by: string;
}

export type Happening =
  | Sending
  | Sent
  | SendFailed
  | ResultSeen
  | KeptEnd
  | LoggedIn
  | Closed
  | FrameSeen
  | Handled
  | UplinkStored
  | UplinkHeard
  | PresenceSeen
  | PresenceTold
  | Fault
  | ProcessState
  | Phase
  | Leftovers;

/** A send was invoked. `by` sends to each receiver one after the other, so `order` is the order of a conversation. */
interface Sending {
  readonly type: 'sending';
  /** Unique in the run, and part of the payload. */
  readonly message: string;
  readonly order: number;
  readonly kind: MessageKind;
  readonly to: readonly string[];
  /** What is not proved is sent again. */
  readonly isKept?: boolean;
  /** Of high priority. */
  readonly isHigh?: boolean;
  /** Counted from the send. */
  readonly expiresInMs?: number | undefined;
}

/** The send resolved: from here on each address is owed one result. */
export interface Sent {
  readonly type: 'sent';
  readonly message: string;
  readonly queued: readonly string[];
  readonly offline: readonly string[];
}

/** The send rejected. `isUnknown`: it may have taken effect; if not, no device sees it. */
interface SendFailed {
  readonly type: 'send-failed';
  readonly message: string;
  readonly code: string;
  readonly isUnknown: boolean;
}

/** A listener of the service got a result. */
export interface ResultSeen {
  readonly type: 'result';
  readonly message: string;
  readonly address: string;
  readonly code: ResultCode;
  readonly stage: Stage;
  readonly reason?: Reason | undefined;
  readonly attempt: number;
}

/** A listener of the service heard what became of a message that was kept. */
interface KeptEnd {
  readonly type: 'kept-end';
  readonly message: string;
  readonly address: string;
  readonly reason?: Reason | undefined;
}

/** A login was answered. */
export interface LoggedIn {
  readonly type: 'login';
  readonly address: string;
  readonly connection: number;
  /** The process that it is connected to. */
  readonly server: string;
}

/** A connection that had logged in is gone, as far as the device sees. */
export interface Closed {
  readonly type: 'closed';
  readonly address: string;
  readonly connection: number;
  readonly code: number;
}

export interface FrameSeen {
  readonly type: 'frame';
  readonly address: string;
  readonly connection: number;
  readonly message: string;
  /** Of a device that acknowledges: the mark of a frame that it may have already, 1 without. */
  readonly attempt?: number;
}

/** The application of a device that acknowledges took the message. */
interface Handled {
  readonly type: 'handled';
  readonly address: string;
  readonly message: string;
}

/** A device was told that what it said is on the bus; `order` counts what it says. */
interface UplinkStored {
  readonly type: 'stored';
  readonly address: string;
  readonly order: number;
}

/** The handler of a service was called with it. */
interface UplinkHeard {
  readonly type: 'heard';
  readonly address: string;
  readonly order: number;
}

/** What a service was told about an address, between `askedAt` and `at`. */
interface PresenceSeen {
  readonly type: 'presence';
  readonly address: string;
  readonly isOnline: boolean;
  readonly askedAt: number;
}

/** A presence event that a service was told; without an address: it begins anew. */
interface PresenceTold {
  readonly type: 'told';
  readonly address?: string | undefined;
  readonly number?: number | undefined;
  readonly isOnline?: boolean | undefined;
}

/**
 * What a fault may touch. `bus`: every process's way to the bus; `memory`: the bus forgot something; `server`: one server,
 * `target` names it; `service`: one instance; `devices`: connections of the `addresses`.
 */
export type FaultScope = 'bus' | 'memory' | 'server' | 'service' | 'devices';

/** `new master`: whoever fails over is through, and the rest is ours. `settled`: all faults are long over. */
export type PhaseName = 'baseline' | 'faults' | 'new master' | 'quiet' | 'settled' | 'end';

export interface Fault {
  readonly type: 'fault';
  readonly id: number;
  readonly phase: 'begin' | 'end';
  readonly name: string;
  readonly scope: FaultScope;
  readonly target?: string | undefined;
  readonly addresses?: readonly string[] | undefined;
}

export interface ProcessState {
  readonly type: 'process';
  readonly process: string;
  /** `left`: it ended in order, with exit code 0. */
  readonly state: 'started' | 'died' | 'left';
}

interface Phase {
  readonly type: 'phase';
  readonly phase: PhaseName;
}

/** What was found when everybody had gone. */
interface Leftovers {
  readonly type: 'leftovers';
  readonly keys: readonly string[];
  /** Anything else that should be gone: exit codes, sockets, processes. */
  readonly others: readonly string[];
}

/** The event of one type. */
export type EventOf<Type extends Happening['type']> = Extract<Happening, { type: Type }> & Stamp;

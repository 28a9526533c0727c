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
  | Counted
  | ResultSeen
  | KeptEnd
  | TopicChanging
  | TopicChanged
  | Reload
  | Knocked
  | TurnedAway
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
  /** Nobody, when it goes to a topic. */
  readonly to: readonly string[];
  readonly topic?: ToTopic | undefined;
  /** What is not proved is sent again. */
  readonly isKept?: boolean;
  /** Of high priority. */
  readonly isHigh?: boolean;
  /** Counted from the send. */
  readonly expiresInMs?: number | undefined;
}

export interface ToTopic {
  readonly name: string;
  /** Addresses that do not get it. */
  readonly except: readonly string[];
  /** For those who follow the topic and come back. */
  readonly isKept: boolean;
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

/** Of a message to a topic all is known that ever will be. `isWhole`: each server that had it says that it arrived. */
export interface Counted {
  readonly type: 'counted';
  readonly message: string;
  readonly isWhole: boolean;
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

/** The owner of a topic begins to put users in or to take them out. */
interface TopicChanging {
  readonly type: 'changing';
  /** Unique in the run. */
  readonly change: string;
  readonly topic: string;
  readonly joins: readonly string[];
  readonly leaves: readonly string[];
}

/** The call has resolved. */
interface TopicChanged {
  readonly type: 'changed';
  readonly change: string;
}

/** A device was told to load a topic anew. */
export interface Reload {
  readonly type: 'reload';
  readonly address: string;
  readonly topic: string;
}

/** A device showed its token. From now on its login may count, answered or not. */
interface Knocked {
  readonly type: 'knocked';
  readonly address: string;
  readonly connection: number;
}

/** The connection of a login that was not answered is gone. */
interface TurnedAway {
  readonly type: 'turned-away';
  readonly address: string;
  readonly connection: number;
}

/** A login was answered. */
export interface LoggedIn {
  readonly type: 'login';
  readonly address: string;
  readonly connection: number;
  /** The process that it is connected to. */
  readonly server: string;
  /** It is given what it missed of topics. */
  readonly follows?: boolean;
  /** From 1, where several devices may be in at one address: which of them it is. */
  readonly tab?: number | undefined;
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
  /** Of such a device, too: the frame says that it was kept for it. */
  readonly isGivenLater?: boolean;
}

/** The application of a device that acknowledges took the message. */
interface Handled {
  readonly type: 'handled';
  readonly address: string;
  readonly tab?: number | undefined;
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
  /** Those of them that have no time to live. */
  readonly withoutEnd: readonly string[];
  /** Anything else that should be gone: exit codes, sockets, processes. */
  readonly others: readonly string[];
}

/** The event of one type. */
export type EventOf<Type extends Happening['type']> = Extract<Happening, { type: Type }> & Stamp;

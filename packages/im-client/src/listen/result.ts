import type { DeviceAddress, MessageKind } from 'im-common';
import { ResultCode, type Reason, type Stage } from 'im-common/bus';
import { fromByteText, scanObject, type Outcome, type Result, type ResultKind } from 'im-common/internal/bus';

/** What the results of all kinds tell. `T` is the type of the message's `data`. */
interface ResultOfMessage<T> {
  /** Box-im's code: 0 success, 1 not online, 2 no channel, 9999 error. `reason` says more. */
  readonly code: ResultCode;
  /** Why the message did not arrive. Absent: it did. */
  readonly reason?: Reason | undefined;
  /** How far the message got. */
  readonly stage: Stage;
  /** The id that the send returned. Results of Java servers have none, unless the sender could tell which it is. */
  readonly messageId?: string | undefined;
  /** 1, and one more for each time that the message was rerouted. */
  readonly attempt: number;
  /** The server that spoke. Absent when none did. */
  readonly serverId?: number | undefined;
  readonly sender?: DeviceAddress | undefined;
  /** The payload. Parsed when it is first asked for, and shared by all listeners: do not change it. */
  readonly data: T;
  /** The payload as the JSON text that went to the device. */
  readonly dataText: string;
  /** When the sender put it on the bus, a server took it, and the outcome was known: epoch milliseconds of each one's own clock. */
  readonly queuedAt?: number | undefined;
  readonly takenAt?: number | undefined;
  readonly resolvedAt?: number | undefined;
}

/** What became of a private message at one terminal. */
export interface PrivateResult<T = unknown> extends ResultOfMessage<T> {
  readonly kind: 'private';
  readonly receiver: DeviceAddress;
}

/** One receiver of a group or system message, with how it ended there. */
export interface ReceiverOfBatch extends DeviceAddress {
  readonly stage: Stage;
  readonly reason?: Reason | undefined;
}

/** What became of a group message at some terminals, all with the same code. */
export interface GroupResult<T = unknown> extends ResultOfMessage<T> {
  readonly kind: 'group';
  /** Empty when the message went to a topic without `trackMembers`: then only their number is known. */
  readonly receivers: readonly ReceiverOfBatch[];
  /** How many devices it is about. 0 with SERVER_LOST or EXPIRED: how many members the server had is not known. */
  readonly count: number;
}

/** What became of a system message at some terminals, all with the same code. */
export interface SystemResult<T = unknown> extends ResultOfMessage<T> {
  readonly kind: 'system';
  readonly receivers: readonly ReceiverOfBatch[];
}

export type ImResult<P = unknown, G = P, S = P> = PrivateResult<P> | GroupResult<G> | SystemResult<S>;

/** What became, later, of a message whose result was KEPT. `code` 0: it was delivered. */
export interface KeptResult<T = unknown> extends ResultOfMessage<T> {
  readonly kind: 'kept';
  /** What kind the message is of. */
  readonly messageKind: MessageKind;
  readonly receiver: DeviceAddress;
}

export type ListenerResult = ImResult | KeptResult;

/** The results that listeners get for one that came over the bus: private one per receiver, else one for all. */
export function toListenerResults(kind: ResultKind, result: Result): ListenerResult[] {
  if (kind === 'private') return result.outcomes.map((outcome) => new ReceivedPrivateResult(result, outcome));
  if (kind === 'kept') return result.outcomes.map((outcome) => new ReceivedKeptResult(result, outcome));
  return [new ReceivedBatchResult(kind, result)];
}

const unread: unique symbol = Symbol('unread');

class ReceivedResult {
  readonly code: ResultCode;
  readonly stage: Stage;
  readonly reason: Reason | undefined;
  readonly messageId: string | undefined;
  readonly attempt: number;
  readonly serverId: number | undefined;
  readonly queuedAt: number | undefined;
  readonly takenAt: number | undefined;
  readonly resolvedAt: number | undefined;
  readonly #source: Result;
  #data: unknown = unread;

  constructor(source: Result, outcome: Outcome | undefined) {
    this.code = source.code;
    this.stage = (outcome ?? source.counted)?.stage ?? 'queued';
    // Only a push to everyone that expired has neither success nor receivers.
    const told = outcome ?? source.counted;
    this.reason = told ? told.reason : source.code === ResultCode.ERROR ? 'EXPIRED' : undefined;
    this.messageId = source.messageId;
    this.attempt = source.attempt;
    this.serverId = source.serverId;
    this.queuedAt = source.queuedAt;
    this.takenAt = source.takenAt;
    this.resolvedAt = source.resolvedAt;
    this.#source = source;
  }

  get data(): unknown {
    if (this.#data === unread) this.#data = JSON.parse(this.dataText);
    return this.#data;
  }

  get dataText(): string {
    return fromByteText(this.#source.dataText);
  }

  get sender(): DeviceAddress | undefined {
    return this.#source.senderText === undefined ? undefined : readSender(this.#source.senderText);
  }

  toJSON(): object {
    return Object.assign({}, this, { sender: this.sender, data: this.data });
  }
}

class ReceivedPrivateResult extends ReceivedResult implements PrivateResult {
  readonly kind = 'private';
  readonly receiver: DeviceAddress;

  constructor(source: Result, outcome: Outcome) {
    super(source, outcome);
    this.receiver = outcome.address;
  }
}

class ReceivedKeptResult extends ReceivedResult implements KeptResult {
  readonly kind = 'kept';
  readonly messageKind: MessageKind;
  readonly receiver: DeviceAddress;

  constructor(source: Result, outcome: Outcome) {
    super(source, outcome);
    this.messageKind = source.keptKind ?? 'private';
    this.receiver = outcome.address;
  }
}

class ReceivedBatchResult<Kind extends 'group' | 'system'> extends ReceivedResult {
  readonly kind: Kind;
  readonly receivers: readonly ReceiverOfBatch[];
  readonly count: number;

  constructor(kind: Kind, source: Result) {
    super(source, source.outcomes[0]);
    this.kind = kind;
    this.count = source.counted?.count ?? source.outcomes.length;
    this.receivers = source.outcomes.map(({ address: { id, terminal }, stage, reason }) => ({
      id,
      terminal,
      stage,
      reason,
    }));
  }
}

function readSender(text: string): DeviceAddress | undefined {
  if (!text.startsWith('{')) return undefined;
  const members = scanObject(text);
  const id = members.get('id');
  const terminal = Number(members.get('terminal')?.replaceAll('"', ''));
  if (id === undefined || !Number.isInteger(terminal)) return undefined;
  return { id: id.startsWith('"') ? (JSON.parse(id) as string) : id, terminal };
}

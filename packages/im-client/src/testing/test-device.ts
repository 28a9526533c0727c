import type { DeviceAddress, MessageKind } from 'im-common';
import type { Reason, Stage } from 'im-common/bus';
import { codeOfReason, stages } from 'im-common/internal/bus';
import { invalidArgument, show } from 'im-common/internal/checks';

/** What a device does with the messages that come from now on. */
export interface DeviceScript {
  /**
   * `success`: it takes them. A reason: it does not, and the result says so. `silence`: nobody hears of them again, and their results are
   * EXPIRED at the deadline. @default 'success'
   */
  readonly answers?: 'success' | 'silence' | Reason;
  /** So long after the message came, by the test's clock. @default at once */
  readonly afterMs?: number;
  /** How far a message gets. @default 'proved', with a reason 'written' */
  readonly stage?: Stage;
}

export interface TestDeviceOptions extends DeviceScript {
  /** @default 0 */
  readonly terminal?: number;
}

/** What a device has taken. */
export interface ReceivedMessage<T = unknown> {
  readonly kind: MessageKind;
  readonly data: T;
  readonly sender?: DeviceAddress;
  readonly messageId?: string;
}

/** The server that devices of a test are at. */
export interface TestServerOfDevice {
  connect(device: TestDevice): void;
  disconnect(device: TestDevice): void;
}

/** A device as the server sees it: it does what its script says. */
export class TestDevice {
  readonly id: string;
  readonly terminal: number;
  /** What it has taken, the oldest first. */
  readonly received: ReceivedMessage[] = [];
  /** Set when it was logged out by force: with the words that it was told, or an empty text. */
  loggedOut: { readonly reason: string } | undefined;
  #script: Required<DeviceScript>;
  #onRequest: ((data: unknown) => unknown) | undefined;
  #isOnline = false;
  readonly #server: () => TestServerOfDevice;

  /** @internal */
  constructor(address: DeviceAddress, script: DeviceScript, server: () => TestServerOfDevice) {
    this.id = address.id;
    this.terminal = address.terminal;
    this.#server = server;
    this.#script = checkScript(script);
  }

  get isOnline(): boolean {
    return this.#isOnline;
  }

  /** From now on it does this. */
  script(script: DeviceScript): void {
    this.#script = checkScript(script);
  }

  /** It replies to `im.request()` with what this returns, or resolves with; what it throws is the reason of DEVICE_FAILED. */
  onRequest(handler: (data: unknown) => unknown): void {
    this.#onRequest = handler;
  }

  /** It comes online, if it is not: what was kept for it arrives. */
  connect(): void {
    if (this.#isOnline) return;
    this.#isOnline = true;
    this.loggedOut = undefined;
    this.#server().connect(this);
  }

  /** It says goodbye: it is not online from now on. What it has not answered yet, it does not. */
  disconnect(): void {
    if (!this.#isOnline) return;
    this.#isOnline = false;
    this.#server().disconnect(this);
  }

  /** @internal */
  get currentScript(): Required<DeviceScript> {
    return this.#script;
  }

  /** @internal */
  get requestHandler(): ((data: unknown) => unknown) | undefined {
    return this.#onRequest;
  }

  /** @internal Its server is gone. */
  lose(): void {
    this.#isOnline = false;
  }
}

function checkScript({ answers = 'success', afterMs = 0, stage }: DeviceScript): Required<DeviceScript> {
  if (answers !== 'success' && answers !== 'silence' && !Object.hasOwn(codeOfReason, answers)) {
    throw invalidArgument(
      `answers is ${show(answers)}; expected "success", "silence" or a reason such as "SLOW_READER".`,
    );
  }
  if (typeof afterMs !== 'number' || !(afterMs >= 0))
    throw invalidArgument(`afterMs is ${show(afterMs)}; expected milliseconds, 0 or more.`);
  const usual = answers === 'success' ? 'proved' : 'written';
  if (stage !== undefined && !stages.includes(stage))
    throw invalidArgument(`stage is ${show(stage)}; expected one of ${stages.join(', ')}.`);
  return { answers, afterMs, stage: stage ?? usual };
}

import { setImmediate, setTimeout } from 'node:timers/promises';
import type { UserId } from 'im-common';
import { MemoryCalls, memoryBusOf } from 'im-common/internal/bus';
import { checkId, checkTerminal } from '../checks/arguments.ts';
import { ImClient } from '../client.ts';
import { compose, type Composition } from '../composition.ts';
import type { MessageTypes } from '../listen/handler-types.ts';
import { resolveOptions, type ImClientOptions } from '../options.ts';
import { Faults, type BusFault } from './faults.ts';
import { RecordingSender, type SentMessage } from './recording-sender.ts';
import { TestClock } from './test-clock.ts';
import { TestDevice, type TestDeviceOptions } from './test-device.ts';
import { TestServer } from './test-server.ts';

/** What a client of the tests may be told; its bus is in memory, and its time stands still. */
export type TestImOptions = Partial<
  Pick<
    ImClientOptions,
    | 'service'
    | 'terminals'
    | 'resultDeadlineMs'
    | 'maxWaiting'
    | 'maxWaitingBytes'
    | 'maxMessageBytes'
    | 'retryDelaysMs'
    | 'listenerTimeoutMs'
    | 'logger'
    | 'metrics'
  >
>;

/** It renews its lease in a third of it, in real time: not while a test runs. */
const leaseMs = 86_400_000;
/** Turns of the event loop in which nothing happened: the bus takes one for each 10 ms of work. */
const quietTurns = 3;
/** Real time, for listeners that wait for something of their own. */
const patienceMs = 5_000;
const patienceInAdvanceMs = 250;

/**
 * A client for tests of your own code, with all that it needs in memory: no Redis, no server, no sockets. Create one for each test.
 *
 * @example
 * ```ts
 * const im = createTestIm();
 * const phone = im.device(2);
 * await yourCode(im.client);
 * await im.flush();
 * assert.deepEqual(phone.received[0]?.data, { text: 'hi' });
 * ```
 */
export function createTestIm<Types extends MessageTypes = MessageTypes>(
  options: TestImOptions = {},
): TestIm<Types> {
  return TestIm.create<Types>(options);
}

/** What {@link createTestIm} returns. */
export class TestIm<Types extends MessageTypes = MessageTypes> implements AsyncDisposable {
  /** A real client: give it to the code that is tested. */
  readonly client: ImClient<Types>;
  /** All that the client has sent, to whomever: what would have gone out. */
  readonly sent: readonly SentMessage[];
  readonly #calls = new MemoryCalls();
  readonly #clock = new TestClock();
  /** A test that fails before it closes this must not keep its process: a runner would wait for ever. */
  readonly #bus = memoryBusOf(this.#calls, this.#clock.now, false);
  readonly #faults: Faults;
  readonly #composition: Composition;
  readonly #devices = new Map<string, TestDevice>();
  #server = new TestServer(this.#bus, this.#clock, 1);

  private constructor(options: TestImOptions) {
    this.#faults = new Faults(this.#clock, () => this.#server.ready);
    const resolved = resolveOptions({ service: 'test', ...options, bus: this.#bus, leaseMs });
    this.#composition = compose(resolved, { clock: this.#clock, gate: this.#faults.gate });
    const sender = new RecordingSender(this.#composition.sender);
    this.sent = sender.sent;
    this.client = ImClient.of<Types>({ ...this.#composition, sender });
  }

  /** @internal */
  static create<Types extends MessageTypes>(options: TestImOptions): TestIm<Types> {
    return new TestIm<Types>(options);
  }

  /** A device of the user, online from now on. The same one, with another script, when there is one on this terminal. */
  device(userId: UserId, { terminal = 0, ...script }: TestDeviceOptions = {}): TestDevice {
    const address = { id: checkId('userId', userId), terminal: checkTerminal('terminal', terminal) };
    const key = `${address.id}:${terminal}`;
    const known = this.#devices.get(key);
    const device = known ?? new TestDevice(address, script, () => this.#server);
    known?.script(script);
    this.#devices.set(key, device);
    device.connect();
    return device;
  }

  /**
   * Resolves when all that can happen without the clock has happened: messages have arrived, listeners were called and have ended.
   * Rejects after `timeoutMs` of real time, 5,000 if you do not say, and names the listener that is still at work.
   */
  async flush({ timeoutMs = patienceMs }: { readonly timeoutMs?: number } = {}): Promise<void> {
    if (await this.#settle(timeoutMs)) return;
    const { calling } = this.#composition.intake;
    throw new Error(
      `${calling.join(', ') || 'The bus'} is still at work after ${timeoutMs} ms. A listener that waits for the clock needs advance() instead of flush().`,
    );
  }

  /**
   * Lets so much time pass: deadlines of results, retries and time limits of listeners, slow devices, the end of what is kept. Each happens at
   * its own moment, in order, and what follows from it before the next one. A listener that is at work by then is given 250 ms of real time.
   */
  async advance(ms: number): Promise<void> {
    const end = this.#clock.now() + ms;
    do {
      await this.#settle(patienceInAdvanceMs);
      this.#clock.next(end);
    } while (this.#clock.now() < end);
    await this.#settle(patienceInAdvanceMs);
  }

  /** From now on the bus has this fault, until {@link TestIm.mendBus}. */
  breakBus(fault: BusFault): void {
    this.#faults.break(fault);
  }

  mendBus(): void {
    this.#faults.mend(this.#composition.health);
  }

  /**
   * The push server dies. Its devices are offline, what they had not answered ends with SERVER_LOST. Another one is there at once:
   * `device.connect()` brings a device back.
   */
  async killServer(): Promise<void> {
    const dying = this.#server;
    this.#server = new TestServer(this.#bus, this.#clock, dying.id + 1);
    await dying.die();
    await this.#composition.locator.view({ fresh: true });
    await this.#settle(patienceInAdvanceMs);
  }

  /** Closes the client, and ends all of it. */
  async close(): Promise<void> {
    await this.client.close();
    await this.#server.close();
    await this.#bus.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** False when it took too long. */
  async #settle(patience: number): Promise<boolean> {
    const end = performance.now() + patience;
    let before = -1;
    for (let quiet = 0; quiet < quietTurns;) {
      const isCalling = this.#composition.intake.calling.length > 0;
      if (isCalling) await setTimeout(1);
      else await setImmediate();
      const { count, held } = this.#calls.made;
      const isQuiet = count === before && held === 0 && this.#composition.intake.calling.length === 0;
      quiet = isQuiet ? quiet + 1 : 0;
      before = count;
      if (quiet === 0 && performance.now() > end) return false;
    }
    return true;
  }
}

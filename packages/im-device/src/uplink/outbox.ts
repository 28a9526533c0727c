import { DeviceError } from '../errors.ts';
import { copyOf, enter, type Call } from './call.ts';
import { FrameRate } from './frame-rate.ts';
import { Lane, type Answer } from './lane.ts';
import type { OutboxStore, StoredLane } from './outbox-store.ts';
import { loadOutbox, saveOutbox } from './saved-outbox.ts';

export interface OutboxOptions {
  /** Where the outbox outlives a reload. @default nowhere: it ends with the page */
  readonly store?: OutboxStore | undefined;
  /** How long something may wait for a server that takes it. Servers remember an outbox for two days. @default 86_400_000 */
  readonly maxAgeMs?: number | undefined;
  /** How much may wait; more rejects with OUTBOX_FULL. @default 1_000 */
  readonly maxItems?: number | undefined;
  /** Frames in a second. Servers take 20 of them, and count 50 of all kinds. @default 16 */
  readonly framesPerSecond?: number | undefined;
}

const dayMs = 86_400_000;
const boxCharacters = 16;

/**
 * What this device says to services, until it is on the bus: numbered per service, sent in order, and sent again after a
 * reconnect under the same numbers, which the bus takes once (P-14.3).
 */
export class Outbox {
  readonly maxAgeMs: number;
  readonly #store: OutboxStore | undefined;
  readonly #maxItems: number;
  readonly #rate: FrameRate;
  readonly #lanes = new Map<string, Lane>();
  readonly #loading: Promise<void> | undefined;
  #box = randomName();
  #say: ((data: unknown) => void) | undefined;
  #isClosed = false;
  #isUnsupported = false;
  #saving = false;
  #mustSave = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ store, maxAgeMs = dayMs, maxItems = 1_000, framesPerSecond = 16 }: OutboxOptions) {
    this.maxAgeMs = maxAgeMs;
    this.#store = store;
    this.#maxItems = maxItems;
    this.#rate = new FrameRate(framesPerSecond);
    if (store) this.#loading = this.#load(store);
  }

  online(canUplink: boolean, say: (data: unknown) => void): void {
    this.#say = canUplink ? say : undefined;
    this.#isUnsupported = !canUplink;
    if (!canUplink) {
      this.#rejectAll(unsupportedError);
      return;
    }
    for (const lane of this.#lanes.values()) lane.begin();
    this.#pump();
  }

  offline(): void {
    this.#isUnsupported = false;
    this.#say = undefined;
    clearTimeout(this.#timer);
  }

  close(): void {
    this.#isClosed = true;
    this.offline();
    this.#rejectAll(closedError);
  }

  /** Resolves with the reply of one that asks, else when it is stored. */
  async add(call: Call): Promise<unknown> {
    await this.#loading;
    if (this.#isClosed) throw closedError();
    if (this.#isUnsupported) throw unsupportedError();
    if (call.signal?.aborted) throw call.signal.reason as Error;
    const data = copyOf(call.data);
    let waiting = 0;
    for (const { items } of this.#lanes.values()) waiting += items.length;
    if (waiting >= this.#maxItems) throw new DeviceError('OUTBOX_FULL', `${waiting} wait in the outbox.`);
    return enter({ ...call, data }, this.#laneOf(call.to), !this.#store, () => this.#changed());
  }

  /** The server has answered, this device or another tab of it. */
  answered(data: unknown): void {
    const answer = (data ?? {}) as Answer;
    if (answer.box !== this.#box) return;
    this.#lanes.get(answer.to)?.answered(answer);
    this.#changed();
  }

  #changed(): void {
    if (this.#store) void this.#save(this.#store);
    this.#pump();
  }

  /** Sends what may be sent now. */
  #pump(): void {
    clearTimeout(this.#timer);
    const say = this.#say;
    if (!say) return;
    let againAt = Infinity;
    for (const [to, lane] of this.#lanes) {
      if (lane.pausedUntil > now()) {
        againAt = Math.min(againAt, lane.pausedUntil);
        continue;
      }
      for (let item = lane.nextToSend(); item; item = lane.nextToSend()) {
        if (!this.#rate.mayGo()) {
          againAt = Math.min(againAt, this.#rate.nextAt);
          break;
        }
        item.isSent = true;
        const { n, asks, data, isStored } = item;
        say({ to, box: this.#box, n, done: lane.done, ask: asks, ...(!isStored && { data }) });
      }
    }
    if (againAt < Infinity) this.#timer = setTimeout(() => this.#pump(), againAt - now());
  }

  #laneOf(to: string, stored?: StoredLane): Lane {
    let lane = this.#lanes.get(to);
    if (!lane) this.#lanes.set(to, (lane = new Lane(stored)));
    return lane;
  }

  async #load(store: OutboxStore): Promise<void> {
    try {
      const stored = await loadOutbox(store);
      if (!stored) return;
      this.#box = stored.box;
      const oldest = Date.now() - this.maxAgeMs;
      for (const [to, { next, items }] of Object.entries(stored.lanes)) {
        this.#laneOf(to, { next, items: items.filter(({ at }) => at > oldest) });
      }
    } catch {
      // Nothing can be read there: it begins anew, and what cannot be saved is told to who sends it.
    }
  }

  /** One at a time; changes meanwhile are saved together. */
  async #save(store: OutboxStore): Promise<void> {
    this.#mustSave = true;
    if (this.#saving) return;
    this.#saving = true;
    while (this.#mustSave) {
      this.#mustSave = false;
      await saveOutbox(store, this.#box, this.#lanes);
      this.#pump();
    }
    this.#saving = false;
  }

  #rejectAll(error: () => DeviceError): void {
    for (const lane of this.#lanes.values()) lane.rejectAll(error);
  }
}

function closedError(): DeviceError {
  return new DeviceError('CLOSED', 'The device is closed.');
}

function unsupportedError(): DeviceError {
  return new DeviceError('UNSUPPORTED', 'The server takes nothing for services.');
}

function randomName(): string {
  let name = '';
  while (name.length < boxCharacters) name += Math.random().toString(36).slice(2);
  return name.slice(0, boxCharacters);
}

function now(): number {
  return performance.now();
}

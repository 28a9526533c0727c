import type { Device } from '../device.ts';
import type { DeviceState } from '../events.ts';

/** A device, whatever its messages are. */
export type AnyDevice = Pick<Device, 'state' | 'on' | 'start' | 'close'>;

export interface SharedDeviceOptions {
  /** How long the device stays connected after the last component that used it, as the next one may be a moment away. @default 1_000 */
  readonly graceMs?: number | undefined;
}

/** One device for all components of a page: it connects with the first one, and closes after the last one. */
export interface SharedDevice<Some extends AnyDevice = AnyDevice> {
  /** The device of now, for what hooks do not do: `send`, `request`, `start()` after a kick. Made when it is first asked for. */
  readonly device: Some;
  /** That of the device; `offline` while there is none. */
  readonly state: DeviceState;
  /**
   * Uses the device, until the function that it returns is called. `attach` is called with the device, and again with a new one when this
   * one was closed for good; what `attach` returns lets go of it.
   */
  use(attach: Attach<Some>): () => void;
}

export type Attach<Some extends AnyDevice> = (device: Some) => () => void;

/**
 * A device that components share. Nothing is made before a component is there, so a page that is rendered on a server makes none.
 *
 * @example
 * export const push = sharedDevice(() => createDevice({ url, token }));
 */
export function sharedDevice<Some extends AnyDevice>(
  make: () => Some,
  { graceMs = 1_000 }: SharedDeviceOptions = {},
): SharedDevice<Some> {
  return new DeviceOfAll(make, graceMs);
}

/** What a server renders, and a page before it connects. */
export const offline: DeviceState = { kind: 'offline' };

interface Use<Some extends AnyDevice> {
  readonly attach: Attach<Some>;
  detach?: (() => void) | undefined;
}

class DeviceOfAll<Some extends AnyDevice> implements SharedDevice<Some> {
  readonly #make: () => Some;
  readonly #graceMs: number;
  readonly #uses = new Set<Use<Some>>();
  #device: Some | undefined;
  /** Once for each device: one that was kicked stays out, whichever component comes. */
  #isStarted = false;
  #grace: ReturnType<typeof setTimeout> | undefined;

  constructor(make: () => Some, graceMs: number) {
    this.#make = make;
    this.#graceMs = graceMs;
  }

  get device(): Some {
    return (this.#device ??= this.#make());
  }

  get state(): DeviceState {
    return this.#device?.state ?? offline;
  }

  use(attach: Attach<Some>): () => void {
    clearTimeout(this.#grace);
    if (this.state.kind === 'closed') this.#forget();
    const { device } = this; // before anything changes, as `make` may throw
    const use: Use<Some> = { attach };
    this.#uses.add(use);
    for (const each of this.#uses) each.detach ??= each.attach(device);
    if (!this.#isStarted) device.start();
    this.#isStarted = true;
    return () => this.#end(use);
  }

  #end(use: Use<Some>): void {
    if (!this.#uses.delete(use)) return;
    use.detach?.();
    if (this.#uses.size === 0) this.#grace = setTimeout(() => this.#close(), this.#graceMs);
  }

  #close(): void {
    const device = this.#device;
    this.#forget();
    void device?.close();
  }

  #forget(): void {
    for (const use of this.#uses) {
      use.detach?.();
      use.detach = undefined;
    }
    this.#device = undefined;
    this.#isStarted = false;
  }
}

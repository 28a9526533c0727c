/// <reference lib="esnext.disposable" preserve="true" />
import type { DeviceEvents, DeviceMessage, DeviceState, MessageTypes } from './events.ts';
import type { DevicePart } from './part.ts';

/** What `createDevice` returns. A class, so that dependency injection can name it. */
export abstract class Device<Types extends MessageTypes = MessageTypes>
  implements AsyncDisposable, AsyncIterable<DeviceMessage<Types>>
{
  abstract readonly state: DeviceState;
  /** Connects, and stays connected until `close()`. After a kick it may be called again. */
  abstract start(): void;
  /** Ends for good; resolves when timers and sockets are gone. May be called twice. */
  abstract close(): Promise<void>;
  abstract [Symbol.asyncDispose](): Promise<void>;
  abstract [Symbol.asyncIterator](): AsyncGenerator<DeviceMessage<Types>, void, undefined>;
  /** Subscribes; returns what unsubscribes. */
  abstract on<Name extends keyof DeviceEvents<Types>>(
    name: Name,
    handler: DeviceEvents<Types>[Name],
  ): () => void;
  /**
   * Ends a wait, or finds out whether the connection still lives. In browsers it happens by itself when the network is
   * back or the page is looked at again; in React Native call it when the app comes to the front.
   */
  abstract wake(): void;
  /** Adds a part of this package, such as `im-device/uplink`. */
  abstract use(part: DevicePart): void;
}

import { Command } from 'im-common';
import type { Device } from '../device.ts';
import { DeviceError } from '../errors.ts';
import type { DevicePart } from '../part.ts';
import { Outbox, type OutboxOptions } from './outbox.ts';
import { answerRequest, type RequestHandler } from './requests.ts';

export interface CallOptions {
  /** It rejects with TIMEOUT after so long. */
  readonly timeoutMs?: number | undefined;
  /** Aborting it gives up. What was sent already may be carried out all the same. */
  readonly signal?: AbortSignal | undefined;
}

/** What {@link withUplink} adds to a device. */
export interface Uplinks {
  /**
   * Says something to a service. Resolves when it is stored on the bus: the service gets it, in the order of these calls and
   * once, or keeps it as a dead letter. Waits in the outbox while there is no connection, for a day unless `timeoutMs` says otherwise.
   */
  send(to: string, data: unknown, options?: CallOptions): Promise<void>;
  /** The same, and resolves with what the service replies. It waits for 30 s unless `timeoutMs` says otherwise. */
  request<Reply = unknown>(to: string, data: unknown, options?: CallOptions): Promise<Reply>;
  /** Answers requests of services: what the handler returns, or rejects with, is the reply. Returns what ends it. */
  onRequest(handler: RequestHandler): () => void;
}

const requestTimeoutMs = 30_000;

/**
 * Adds `send`, `request` and `onRequest` to a device, and returns the same device.
 *
 * @example
 * const device = withUplink(createDevice({ url, token }));
 * device.start();
 * const { total } = await device.request('shop', { add: 'tea' });
 */
export function withUplink<Some extends Pick<Device, 'use'>>(
  device: Some,
  options: OutboxOptions = {},
): Some & Uplinks {
  const outbox = new Outbox(options);
  let handler: RequestHandler | undefined;
  let sayNow: (cmd: number, data: unknown) => void = () => undefined;
  const part: DevicePart = {
    online(features, say) {
      sayNow = say;
      outbox.online(features.includes('uplink'), (data) => say(Command.UPLINK, data));
    },
    offline: () => outbox.offline(),
    heard(cmd, data, holdsConnection) {
      if (cmd === Command.UPLINK_ANSWER) outbox.answered(data);
      else if (cmd === Command.REQUEST && holdsConnection) {
        void answerRequest(data, handler).then((reply) => reply && sayNow(Command.REPLY, reply));
      }
    },
    closed: () => outbox.close(),
  };
  device.use(part);
  const uplinks: Uplinks = {
    send: (to, data, { timeoutMs = outbox.maxAgeMs, signal } = {}) =>
      outbox.add({ to, data, asks: false, timeoutMs, signal }) as Promise<undefined>,
    request: <Reply>(to: string, data: unknown, { timeoutMs = requestTimeoutMs, signal }: CallOptions = {}) =>
      outbox.add({ to, data, asks: true, timeoutMs, signal }) as Promise<Reply>,
    onRequest(given) {
      if (typeof given !== 'function') throw new DeviceError('INVALID_OPTION', 'No function for onRequest.');
      handler = given;
      return () => {
        if (handler === given) handler = undefined;
      };
    },
  };
  return Object.assign(device, uplinks);
}

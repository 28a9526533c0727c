import { Command, encodeFrame, type Logger } from 'im-common';
import type { ByteText } from 'im-common/bus';
import {
  errorMember,
  quoted,
  replyList,
  scanObject,
  toByteText,
  type Entry,
  type Producer,
} from 'im-common/internal/bus';
import type { Connection } from '../device/connection.ts';
import type { Devices } from '../device/devices.ts';

export interface DeviceRequestsDeps {
  readonly devices: Pick<Devices, 'at' | 'find'>;
  readonly replies: Pick<Producer, 'put'>;
  readonly logger: Logger;
}

/** Of one connection; a device that answers nothing loses the oldest, whose askers have given up long before. */
const mostWaiting = 256;

/** Asks devices what services want to know (P-14.9), and brings the replies to the instance that asked. */
export class DeviceRequests {
  readonly #deps: DeviceRequestsDeps;
  /** By connection: request → the instance that asked. */
  readonly #waiting = new WeakMap<Connection, Map<string, string>>();

  constructor(deps: DeviceRequestsDeps) {
    this.#deps = deps;
  }

  ask({ dataText, extras, messageId, receivers, serviceName }: Entry): void {
    const [address] = receivers;
    if (!address || messageId === undefined || serviceName === undefined) return;
    const { devices } = this.#deps;
    const wanted = extras?.session;
    const connection =
      wanted === undefined
        ? devices.find(address)
        : devices.at(address).find(({ session }) => session?.id === wanted);
    const data = `{"r":${quoted(messageId)},"data":${dataText}}`;
    const frame = encodeFrame(Command.REQUEST, data) as ByteText;
    if (!connection?.tell((framing) => framing.text(frame))) {
      this.#fail(serviceName, messageId, 'NO_CHANNEL');
      return;
    }
    let waiting = this.#waiting.get(connection);
    if (!waiting) this.#waiting.set(connection, (waiting = new Map<string, string>()));
    const [oldest] = waiting.keys();
    if (oldest !== undefined && waiting.size >= mostWaiting) waiting.delete(oldest);
    waiting.set(messageId, serviceName);
  }

  /** Carries out command 23. False when it is malformed, or nobody asked. */
  reply(connection: Connection, text: string | undefined): boolean {
    if (!text?.startsWith('{')) return false;
    const members = scanObject(text);
    const request = /^"([\w-]{1,64})"$/.exec(members.get('r') ?? '')?.[1] ?? '';
    const waiting = this.#waiting.get(connection);
    const instance = waiting?.get(request);
    if (instance === undefined) return false;
    waiting?.delete(request);
    // What else the device says is not for the service, which hears from servers, too.
    const rest = ['data', 'error', 'reason'].flatMap((name) => {
      const value = members.get(name);
      return value === undefined ? [] : [`"${name}":${value}`];
    });
    this.#put(instance, toByteText(`{"r":"${request}",${rest.join(',') || '"data":null'}}`));
    return true;
  }

  /** The connection is over: nobody will reply on it. */
  lose(connection: Connection): void {
    for (const [request, instance] of this.#waiting.get(connection) ?? []) {
      this.#fail(instance, request, 'DEVICE_LOST');
    }
    this.#waiting.delete(connection);
  }

  #fail(instance: string, request: string, code: 'NO_CHANNEL' | 'DEVICE_LOST'): void {
    this.#put(instance, `{"r":${quoted(request)},${errorMember(code)},"by":"server"}` as ByteText);
  }

  #put(instance: string, text: ByteText): void {
    this.#deps.replies.put(replyList(instance), text).catch((error: unknown) => {
      this.#deps.logger.warn({ err: error }, 'the reply of a device could not be put on its list');
    });
  }
}

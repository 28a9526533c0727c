import {
  createDevice,
  type Device,
  type DeviceOptions,
  type DeviceState,
  type MessageTypes,
} from 'im-device';
import { createIm, type CreateImOptions, type Im } from 'im-embedded';
import { makeToken, onCleanup, type TokenOptions } from 'im-test/support';
import { WebSocket } from 'ws';

export const secret = 'only-for-device-tests';

/** A server and a client with a bus in memory; they end with the test. */
export async function startIm(options: Partial<CreateImOptions> = {}): Promise<Im> {
  const login = options.authenticate ? {} : { jwtSecret: secret };
  const im = createIm({ host: '127.0.0.1', port: 0, drainMs: 0, ...login, ...options });
  onCleanup(() => im.close());
  await im.start();
  return im;
}

export function tokenOf(userId: number, options: Partial<TokenOptions> = {}): Promise<string> {
  return makeToken({ userId, terminal: 0, secret, ...options });
}

/** Fast enough for tests, with all the proportions of the defaults. */
const quick = {
  backoffBaseMs: 50,
  backoffCeilingMs: 500,
  connectTimeoutMs: 2_000,
  loginTimeoutMs: 2_000,
} satisfies Partial<DeviceOptions>;

/** A device of user 2, not started; it closes when the test ends. */
export function makeDevice<Types extends MessageTypes>(options: Partial<DeviceOptions>): Device<Types> {
  const device = createDevice<Types>({ token: () => tokenOf(2), WebSocket, ...quick, ...options });
  onCleanup(() => device.close());
  return device;
}

/** The device once it is online. */
export async function online<Types extends MessageTypes>(device: Device<Types>): Promise<Device<Types>> {
  device.start();
  await reached(device, 'online');
  return device;
}

/** The state of this kind that the device is in, or comes to. */
export function reached<Kind extends DeviceState['kind']>(
  device: Pick<Device, 'state' | 'on'>,
  kind: Kind,
  timeoutMs = 15_000,
): Promise<Extract<DeviceState, { kind: Kind }>> {
  const isIt = (state: DeviceState): state is Extract<DeviceState, { kind: Kind }> => state.kind === kind;
  if (isIt(device.state)) return Promise.resolve(device.state);
  return new Promise((resolve, reject) => {
    const off = device.on('state', (state) => {
      if (!isIt(state)) return;
      off();
      clearTimeout(timer);
      resolve(state);
    });
    const timer = setTimeout(() => {
      off();
      reject(new Error(`Not ${kind} within ${timeoutMs} ms, but ${JSON.stringify(device.state)}`));
    }, timeoutMs);
  });
}

/** Every state from now on. */
export function statesOf(device: Pick<Device, 'on'>): DeviceState[] {
  const states: DeviceState[] = [];
  device.on('state', (state) => states.push(state));
  return states;
}

/** Sends a private message to user 2, and gives how it ended at terminal 0. */
export async function push(im: Pick<Im, 'client'>, data: unknown): Promise<string> {
  const receipt = await im.client.sendPrivateMessage({
    sender: { id: 1, terminal: 0 },
    recvId: 2,
    recvTerminals: [0],
    data,
  });
  const [outcome] = await receipt.results();
  return outcome?.reason ?? outcome?.stage ?? 'nothing';
}

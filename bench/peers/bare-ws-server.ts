// The floor: `ws` and nothing else. No bus, no login, no results; it makes up the messages itself.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { payload } from '../payload.ts';

export type BareOrder =
  | { readonly do: 'port' }
  /** One message each for `count` users in turn. */
  | { readonly do: 'unicast'; readonly count: number }
  /** `count` messages for every user. */
  | { readonly do: 'fanout'; readonly count: number };

export interface BareAnswer {
  readonly id: number;
  readonly error?: string;
  readonly port?: number;
}

/** What one turn of the event loop sends: about what a read from a bus would bring. */
const perTurn = 200;
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
const devices: WebSocket[] = [];
let nextDevice = 0;

server.on('connection', (socket) => {
  devices.push(socket);
  socket.on('close', () => devices.splice(devices.indexOf(socket), 1));
});

function unicast(left: number): void {
  for (let sent = 0; sent < Math.min(perTurn, left); sent += 1) {
    devices[nextDevice]?.send(`{"cmd":3,"data":${payload()}}`);
    nextDevice = (nextDevice + 1) % devices.length;
  }
  if (left > perTurn) setImmediate(unicast, left - perTurn);
}

function fanout(left: number): void {
  const text = `{"cmd":4,"data":${payload()}}`;
  for (const device of devices) device.send(text);
  if (left > 1) setImmediate(fanout, left - 1);
}

process.on('message', ({ id, ...order }: BareOrder & { id: number }) => {
  const answer: BareAnswer = {
    id,
    ...(order.do === 'port' && { port: (server.address() as AddressInfo).port }),
  };
  process.send?.(answer);
  if (order.do === 'unicast') unicast(order.count);
  if (order.do === 'fanout') fanout(order.count);
});
await once(process, 'disconnect');
process.exit(0);

import { createHmac } from 'node:crypto';
import { createToken } from 'im-common/token';
import { marker } from '../payload.ts';
import { benchSecret } from '../start-server.ts';

/** What a device says and hears, by the kind of server that it is connected to. */
export interface Wire {
  /** Where to ask for the upgrade. */
  readonly path: (user: number) => string;
  readonly subProtocol?: string;
  /** What is sent after the upgrade, as one frame. */
  readonly hello?: (user: number) => Promise<string | Buffer> | string | Buffer;
  /** Looks at a frame while the device is not ready; says what to answer, or that it is ready now. */
  readonly login: (frame: Buffer) => 'ready' | 'wait' | { readonly answer: string };
  /** How many messages a frame carries; `answer` is what a ping of this wire's own wants. */
  readonly count: (chunk: Buffer, start: number, end: number) => number;
  readonly answer?: string;
}

export type WireName = 'im' | 'bare' | 'socket-io' | 'centrifugo' | 'nats' | 'mqtt';

const markerByte = marker.charCodeAt(0);

const one = (): number => 1;

/** For protocols with frames of their own inside those of WebSocket. */
function countMarkers(chunk: Buffer, start: number, end: number): number {
  let count = 0;
  for (
    let at = chunk.indexOf(markerByte, start);
    at >= 0 && at < end;
    at = chunk.indexOf(markerByte, at + 1)
  ) {
    count += 1;
  }
  return count;
}

export const wires: Readonly<Record<WireName, Wire>> = {
  im: {
    path: () => '/im',
    hello: async (user) => {
      const accessToken = await createToken(benchSecret, { userId: user, terminal: 0, expiresInS: 7_200 });
      return JSON.stringify({ cmd: 0, data: { accessToken, devId: String(user) } });
    },
    login: () => 'ready',
    count: one,
  },
  bare: { path: (user) => `/?user=${user}`, login: () => 'ready', count: one },
  'socket-io': {
    path: () => '/socket.io/?EIO=4&transport=websocket',
    hello: (user) => `40{"user":${user}}`,
    login: (frame) => (frame.toString('latin1', 0, 2) === '40' ? 'ready' : 'wait'),
    // "2" is engine.io's ping, "42[" an event.
    count: (chunk, start, end) => (end - start > 1 ? 1 : 0),
    answer: '3',
  },
  centrifugo: {
    path: () => '/connection/websocket',
    hello: (user) =>
      [
        `{"id":1,"connect":{"token":"${centrifugoToken(user)}"}}`,
        `{"id":2,"subscribe":{"channel":"u${user}"}}`,
        '{"id":3,"subscribe":{"channel":"all"}}',
      ].join('\n'),
    login: (frame) => (frame.includes('"id":3') ? 'ready' : 'wait'),
    count: countMarkers,
    answer: '{}',
  },
  nats: {
    path: () => '/',
    hello: (user) => Buffer.from(`CONNECT {"verbose":false}\r\nSUB u.${user} 1\r\nSUB all 2\r\nPING\r\n`),
    login: (frame) => (frame.includes('PONG') ? 'ready' : 'wait'),
    count: countMarkers,
  },
  mqtt: {
    path: () => '/',
    subProtocol: 'mqtt',
    hello: (user) => Buffer.concat([mqttConnect(`d${user}`), mqttSubscribe([`u/${user}`, 'all'])]),
    login: (frame) => ((frame[0] ?? 0) >> 4 === 9 || frame.includes(0x90) ? 'ready' : 'wait'),
    count: countMarkers,
  },
};

/** A token with `sub`, which ours does without. */
function centrifugoToken(user: number): string {
  const parts = [
    { alg: 'HS256', typ: 'JWT' },
    { sub: String(user), exp: Math.floor(Date.now() / 1_000) + 7_200 },
  ];
  const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${createHmac('sha256', benchSecret).update(text).digest('base64url')}`;
}

/** MQTT 3.1.1, clean session, no keep-alive. */
export function mqttConnect(clientId: string): Buffer {
  return mqttPacket(0x10, Buffer.from([0, 4, ...Buffer.from('MQTT'), 4, 2, 0, 0]), mqttText(clientId));
}

function mqttSubscribe(topics: readonly string[]): Buffer {
  const wanted = topics.map((topic) => Buffer.concat([mqttText(topic), Buffer.from([0])]));
  return mqttPacket(0x82, Buffer.from([0, 1]), ...wanted);
}

export function mqttPublish(topic: string, payload: string): Buffer {
  return mqttPacket(0x30, mqttText(topic), Buffer.from(payload));
}

function mqttText(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length >> 8, text.length & 0xff]), Buffer.from(text)]);
}

function mqttPacket(type: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7];
  return Buffer.concat([Buffer.from([type, ...length]), body]);
}

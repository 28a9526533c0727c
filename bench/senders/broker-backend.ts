import { once } from 'node:events';
import { connect } from 'node:net';
import { payload } from '../payload.ts';
import { mqttConnect, mqttPublish } from '../swarm/wires.ts';
import { sent, type Backend } from './backend.ts';

/** How a backend talks to a broker over TCP. */
interface Dialect {
  readonly hello: string | Buffer;
  readonly message: (subject: readonly string[]) => string | Buffer;
  readonly ping: string;
  /** In latin1, what answers a ping once all before it was taken. */
  readonly pong: string;
}

const dialects: Readonly<Record<'nats' | 'mqtt', Dialect>> = {
  nats: {
    hello: 'CONNECT {"verbose":false}\r\n',
    message: (subject) => {
      const body = payload();
      return `PUB ${subject.join('.')} ${body.length}\r\n${body}\r\n`;
    },
    ping: 'PING\r\n',
    pong: 'PONG\r\n',
  },
  mqtt: {
    hello: mqttConnect('backend'),
    message: (subject) => mqttPublish(subject.join('/'), payload()),
    ping: '\xc0\0',
    pong: '\xd0\0',
  },
};

export async function brokerBackend(name: keyof typeof dialects, port: number): Promise<Backend> {
  const { hello, message, ping, pong } = dialects[name];
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  let heard = '';
  let whenFlushed: (() => void) | undefined;
  socket.setEncoding('latin1').on('data', (text: string) => {
    heard += text;
    if (heard.includes('PING\r\n')) socket.write('PONG\r\n');
    if (!heard.includes(pong)) return;
    heard = '';
    whenFlushed?.();
  });
  socket.write(hello);
  /** What is sent in one turn goes in one write, as clients of brokers do it. */
  const send = (subject: readonly string[]): Promise<void> => {
    if (socket.writableCorked === 0) {
      socket.cork();
      process.nextTick(() => socket.uncork());
    }
    socket.write(message(subject));
    return sent;
  };
  return {
    toOne: (user) => send(['u', String(user)]),
    toAll: () => send(['all']),
    flush: () =>
      new Promise<void>((resolve) => {
        whenFlushed = resolve;
        socket.write(ping, 'latin1');
      }),
  };
}

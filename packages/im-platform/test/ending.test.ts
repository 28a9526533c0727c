import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { endingOf } from '../src/http/ending.ts';

const aWeek = 7 * 86_400_000;

it('is not held up by a connection on which nothing ever came, and answers what is under way', async () => {
  const app = Fastify({ forceCloseConnections: 'idle' });
  let answer: (text: string) => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    app.get('/slow', () => {
      resolve();
      return new Promise<string>((done) => (answer = done));
    });
  });
  const end = endingOf(app);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const silent = connect(port, '127.0.0.1');
  await once(silent, 'connect');
  const slow = fetch(`http://127.0.0.1:${port}/slow`);
  await asked;

  const ended = end({ drainMs: 0, longestMs: aWeek });
  silent.resume();
  await once(silent, 'close');
  answer('done');
  expect(await (await slow).text()).toBe('done');
  await ended;
});

import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { endingOf } from '../src/http-ending.ts';

const aWeek = 7 * 86_400_000;

it('is not held up by a connection on which nothing ever came, and answers what is under way', async () => {
  const server = createServer();
  const asked = once(server, 'request');
  const end = endingOf({ server, close: () => promisify(server.close.bind(server))() });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const silent = connect(port, '127.0.0.1');
  await once(silent, 'connect');
  const slow = fetch(`http://127.0.0.1:${port}/slow`);
  const [, answer] = (await asked) as [unknown, ServerResponse];

  const ended = end({ longestMs: aWeek });
  silent.resume();
  await once(silent, 'close');
  answer.end('done');
  expect(await (await slow).text()).toBe('done');
  await ended;
});

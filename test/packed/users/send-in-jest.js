/* global expect, test */
// What a user writes as a test of their own: as it stands, or made CommonJS by Babel.
import { ImClient } from 'im-client';
import { createTestIm } from 'im-client/testing';
import { createIm } from 'im-embedded';

test('a message to somebody who is not here', async () => {
  const im = createIm({ host: '127.0.0.1', port: 0, jwtSecret: 'secret-of-at-least-32-bytes-for-tests' });
  await im.start();
  const { offline } = await im.client.sendPrivateMessage({
    sender: { id: 1, terminal: 0 },
    recvId: 2,
    data: { text: 'hello' },
  });
  expect(offline).not.toEqual([]);
  expect(im.client).toBeInstanceOf(ImClient);
  await im.close();
});

test('the kit: a message that arrives, and one that does not', async () => {
  const im = createTestIm();
  const phone = im.device(2);
  const outcomes = [];
  im.client.on('private', (results) => outcomes.push(...results.map(({ reason }) => reason)));
  for (const recvId of [2, 3])
    await im.client.sendPrivateMessage({
      sender: { id: 1, terminal: 0 },
      ...{ recvId, recvTerminals: [0], data: 'hello' },
    });
  await im.flush();
  expect(phone.received.map(({ data }) => data)).toEqual(['hello']);
  expect(outcomes.sort()).toEqual(['NOT_ONLINE', undefined]);
  await im.close();
});

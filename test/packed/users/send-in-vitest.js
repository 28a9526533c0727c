/* global process */
// What a user writes as a test of their own.
import { createImClient, ImClient } from 'im-client';
import { createIm } from 'im-embedded';
import { expect, test } from 'vitest';

test('a message to somebody who is not here', async () => {
  const im = createIm({ host: '127.0.0.1', port: 0, jwtSecret: process.env.JWT_SECRET });
  await im.start();
  const { offline } = await im.client.sendPrivateMessage({
    sender: { id: 1, terminal: 0 },
    recvId: 2,
    data: { text: 'hello' },
  });
  expect(offline).not.toEqual([]);
  expect(createImClient).toBeTypeOf('function');
  expect(im.client).toBeInstanceOf(ImClient);
  await im.close();
});

/* global expect, test */
// What a user writes as a test of their own: as it stands, or made CommonJS.
import { ImClient } from 'im-client';
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

/* global expect, test */
// What a user writes as a test of their own: as it stands, or made CommonJS.
import { createTestIm } from 'im-client/testing';

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

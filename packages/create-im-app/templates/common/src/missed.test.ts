import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestIm } from 'im-client/testing';
import { noteMissed } from './missed.js';

test('who has not got a message is noted', async (t) => {
  const im = createTestIm({ terminals: [0] });
  t.after(() => im.close());
  const phone = im.device(2);
  const missed = noteMissed(im.client);

  for (const recvId of [2, 3])
    await im.client.sendPrivateMessage({ sender: { id: 1, terminal: 0 }, recvId, data: 'hello' });
  await im.flush();

  assert.deepEqual(
    phone.received.map(({ data }) => data),
    ['hello'],
  );
  assert.deepEqual([...missed], ['3']);
});

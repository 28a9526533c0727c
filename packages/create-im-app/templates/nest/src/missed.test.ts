import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Test } from '@nestjs/testing';
import { ImClient } from 'im-client';
import { createTestIm } from 'im-client/testing';
import { ImModule } from 'im-nest';
import { Missed } from './missed.js';

test('who has not got a message is noted', async (t) => {
  const im = createTestIm({ terminals: [0] }); // as in app.module.ts
  const phone = im.device(2);
  const app = await Test.createTestingModule({
    imports: [ImModule.forRoot({ service: 'app', redis: 'redis://nobody-connects' })],
    providers: [Missed],
  })
    .overrideProvider(ImClient)
    .useValue(im.client)
    .compile();
  t.after(async () => {
    await app.close();
    await im.close();
  });
  await app.init();

  for (const recvId of [2, 3])
    await im.client.sendPrivateMessage({ sender: { id: 1, terminal: 0 }, recvId, data: 'hello' });
  await im.flush();

  assert.deepEqual(
    phone.received.map(({ data }) => data),
    ['hello'],
  );
  assert.deepEqual([...app.get(Missed).users], ['3']);
});

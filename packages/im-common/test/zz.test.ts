import { freePort } from 'im-test/support';
import { test } from 'vitest';
import { createRedisBus } from '../src/bus/redis/redis-bus.ts';
test('x', async () => {
  const bus = createRedisBus({ url: `redis+cluster://127.0.0.1:${await freePort()}` });
  await bus.start().catch((e) => console.log(e.message, e.cause, Object.keys(e.cause), e.cause.lastNodeError));
});

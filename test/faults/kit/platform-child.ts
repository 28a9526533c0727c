// An instance of the platform in a process of its own. Argument: its options as JSON. With `dieAt` it dies by SIGKILL
// when it first comes to that call of the bus, before the call has taken effect.
import { createRedisBus } from 'im-common/bus';
import { createPlatform } from 'im-platform';
import { aroundBus, die } from './around.ts';
import { secret } from './im-server.ts';
import { startWriting } from './log-writer.ts';
import { providerAt } from './payment-service.ts';
import type { PlatformChildOptions } from './platform.ts';

const {
  databaseUrl,
  redisUrl,
  filesDir,
  dieAt,
  writes = false,
  paymentsAt,
  platform: given,
} = JSON.parse(process.argv[2] ?? '{}') as PlatformChildOptions;
const bus = createRedisBus({ url: redisUrl });
await bus.start();
const options = {
  database: databaseUrl,
  filesDir,
  // The real one has the limits of all instances on its Redis.
  bus: dieAt
    ? aroundBus(bus, (method, list, call) =>
        dieAt.method === method && String(list).includes(dieAt.list) ? die() : call(),
      )
    : bus,
  accessSecret: secret,
  refreshSecret: `${secret}-refresh`,
  host: '127.0.0.1',
  port: 0,
  requestsPerMinute: 1_000_000,
  messagesPerMinute: 1_000_000,
  paymentProvider: paymentsAt === undefined ? undefined : providerAt(paymentsAt),
  ...given,
};
const platform = createPlatform(options);
await platform.start();
if (writes) await startWriting({ ...options, bus });
process.stdout.write(`${JSON.stringify({ url: platform.url })}\n`);
process.once('SIGTERM', () => {
  void platform
    .close()
    .then(() => bus.close())
    .then(() => process.exit(0));
});

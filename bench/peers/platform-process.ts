// One instance of the platform, as a process of its own. Arguments: database, Redis, key prefix, access secret.
import { createPlatform } from 'im-platform';

const [database = '', redisUrl = '', keyPrefix = '', accessSecret = ''] = process.argv.slice(2);
const platform = createPlatform({
  database,
  redis: { url: redisUrl, keyPrefix },
  accessSecret,
  refreshSecret: `${accessSecret}-refresh`,
  host: '127.0.0.1',
  port: 0,
  // One address sends everything here.
  requestsPerMinute: 1_000_000_000,
  messagesPerMinute: 1_000_000_000,
  // IM_BENCH_PLATFORM: options that differ from the defaults, as JSON.
  ...(JSON.parse(process.env['IM_BENCH_PLATFORM'] ?? '{}') as object),
});
await platform.start();
process.on('message', ({ id }: { id: number }) => {
  process.send?.({ id, port: Number(new URL(platform.url).port) });
});
process.once('disconnect', () => {
  void platform.close().finally(() => process.exit(0));
});

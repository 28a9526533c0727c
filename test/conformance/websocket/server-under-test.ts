import { createImServer } from 'im-server';
import { onCleanup, testRedis } from 'im-test/support';

const fromEnvironment = process.env['IM_TEST_URL'] ?? '';

/** The address of a server that somebody else runs. */
export const givenUrl: string | undefined = fromEnvironment === '' ? undefined : fromEnvironment;

/** The address to test against. Without one that was given, a server of ours is started; it ends with the test file. */
export async function startServerUnderTest(): Promise<string> {
  if (givenUrl !== undefined) return givenUrl;
  const { url, prefix } = testRedis();
  const server = createImServer({
    redis: { url, keyPrefix: prefix },
    jwtSecret: 'only-for-the-conformance-tests',
    host: '127.0.0.1',
    port: 0,
    // The cases send what they like as fast as they can.
    maxFramesPerSecond: 1_000_000,
    maxBytesPerSecond: 1_000_000_000,
  });
  onCleanup(() => server.close());
  await server.start();
  return server.url;
}

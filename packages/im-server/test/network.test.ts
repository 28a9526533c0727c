import { networkOf } from 'im-common/internal/network';
import { connectDevice } from 'im-test/support';
import { expect, test } from 'vitest';
import { corner, startServer } from './support.ts';

// P-1.10, P-1.11.

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:192.0.2.7', '192.0.2.7'],
  ['::ffff:c000:207', '192.0.2.7'],
  ['0:0:0:0:0:ffff:c000:0207', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002:ffff::1', '2001:db8:1:2::/64'],
  ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8::', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['1::2:3:4:5:6:7', '1:0:2:3::/64'],
  ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
  ['::ffff:0:192.0.2.7', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['192.0.2.7:4000', '192.0.2.7'],
  ['[2001:db8:1:2::1]:44', '2001:db8:1:2::/64'],
  ['[2001:db8:1:2::1]', '2001:db8:1:2::/64'],
  ['[::ffff:192.0.2.7]:44', '192.0.2.7'],
  ['x'.repeat(10_000), 'x'.repeat(64)],
  [':'.repeat(10_000), ':'.repeat(64)],
  ['', ''],
  ['unknown', 'unknown'],
  ['2001:db8::1::2', '2001:db8::1::2'],
])('%s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test('all addresses of a /64 share the limits of one, an IPv4 address is the same in both forms', async () => {
  const server = await startServer(corner(), {
    maxConnectionsPerAddress: 2,
    maxUnauthenticatedPerAddress: 100,
    trustProxy: true,
  });
  const open = (address: string): Promise<boolean> =>
    connectDevice(server.url, { headers: { 'X-Forwarded-For': address } }).then(
      () => true,
      () => false,
    );

  expect(await open('2001:db8::1')).toBe(true);
  expect(await open('2001:db8::ffff:1')).toBe(true);
  expect(await open('2001:db8::2')).toBe(false);
  expect(await open('2001:db8:0:1::2')).toBe(true);
  expect(await open('192.0.2.7')).toBe(true);
  expect(await open('::ffff:192.0.2.7')).toBe(true);
  expect(await open('192.0.2.7')).toBe(false);
});

test('connections that have gone no longer count', async () => {
  const server = await startServer(corner(), { maxConnectionsPerAddress: 1, trustProxy: true });
  for (let last = 1; last <= 5; last += 1) {
    const headers = { 'X-Forwarded-For': `2001:db8::${last}` };
    const device = await connectDevice(server.url, { headers });
    await device.close();
  }
});

import { connectDevice, leastMs, type RawDevice } from 'im-test/support';
import { expect, test } from 'vitest';
import { corner, entry, logIn, push, startServer, tokenOf, until, type Corner } from './support.ts';

// P-8.2, P-8.5.

const kickedText = '{"cmd":2,"data":"您已在其他地方登录，将被强制下线"}';
const route = 'im:user:server_id:1:0';

/** Puts an order on a server's force-logout list, as Java or a backend does. */
async function order(at: Corner, serverId: number | undefined, ...texts: string[]): Promise<void> {
  await at.redis.rpush(at.key(`im:user:force_logout:${serverId}`), ...texts);
}

async function isOnline(device: RawDevice): Promise<boolean> {
  device.send('{"cmd":1,"data":{}}');
  return await device
    .next(({ cmd }) => cmd === 1)
    .then(
      () => true,
      () => false,
    );
}

test('a login with another devId sends the first device cmd 2 with the Chinese text, then closes it with 3000', async () => {
  const at = corner();
  const server = await startServer(at, { kickGraceMs: 100 });
  const first = await logIn(server, 1, { devId: 'a' });

  const second = await logIn(server, 1, { devId: 'b' });

  expect(await first.nextText()).toBe(kickedText);
  expect((await first.closed).code).toBe(3000);
  expect(await isOnline(second)).toBe(true);
  expect(await at.redis.get(at.key(route))).toBe(String(server.id));
});

test('a login with the same devId closes the first with 3000 without cmd 2', async () => {
  const server = await startServer(corner());
  const first = await logIn(server, 1, { devId: 'same' });

  const second = await logIn(server, 1, { devId: 'same' });

  expect((await first.closed).code).toBe(3000);
  expect(first.frames.map(({ cmd }) => cmd)).toEqual([0]);
  expect(await isOnline(second)).toBe(true);
});

test('a devId is the same as number and as text', async () => {
  const server = await startServer(corner());
  const first = await connectDevice(server.url);
  const second = await connectDevice(server.url);
  const accessToken = await tokenOf(1);

  first.send({ cmd: 0, data: { accessToken, devId: 642296 } });
  await first.next();
  second.send({ cmd: 0, data: { accessToken, devId: '642296' } });

  expect((await first.closed).code).toBe(3000);
  expect(first.frames.map(({ cmd }) => cmd)).toEqual([0]);
});

test.each([
  ['absent', undefined],
  ['empty', ''],
  ['null', null],
])('logins whose devId is %s are never the same page', async (_name, devId) => {
  const server = await startServer(corner(), { kickGraceMs: 100 });
  const accessToken = await tokenOf(1);
  const first = await connectDevice(server.url);
  const second = await connectDevice(server.url);

  first.send({ cmd: 0, data: { accessToken, devId } });
  await first.next();
  second.send({ cmd: 0, data: { accessToken, devId } });

  expect(await first.nextText()).toBe(kickedText);
  expect((await first.closed).code).toBe(3000);
});

test('a kicked device that closes with 3000 itself sees 3000 come back', async () => {
  const server = await startServer(corner(), { kickGraceMs: 60_000 });
  const first = await logIn(server, 1, { devId: 'a' });
  await logIn(server, 1, { devId: 'b' });
  await first.next(({ cmd }) => cmd === 2);

  expect(await first.close(3000)).toMatchObject({ code: 3000 });
});

test('a kicked device gets no more messages, the new one does', async () => {
  const at = corner();
  const server = await startServer(at, { kickGraceMs: 60_000 });
  const first = await logIn(server, 1, { devId: 'a' });
  const second = await logIn(server, 1, { devId: 'b' });

  await push(at, server, 'private', entry(1));

  expect((await second.next()).cmd).toBe(3);
  expect(await isOnline(first)).toBe(true); // its last words are answered
  expect(first.frames.map(({ cmd }) => cmd)).toEqual([0, 2, 1]);
});

test('another terminal and another user are left alone', async () => {
  const server = await startServer(corner());
  const otherTerminal = await logIn(server, 1, { terminal: 1 });
  const otherUser = await logIn(server, 2);

  await logIn(server, 1);

  expect(await isOnline(otherTerminal)).toBe(true);
  expect(await isOnline(otherUser)).toBe(true);
});

test('across two servers the first device gets cmd 2 and 3000, and the route points to the second server', async () => {
  const at = corner();
  const [one, two] = [await startServer(at, { kickGraceMs: 100 }), await startServer(at)];
  const first = await logIn(one, 1, { devId: 'a' });

  const second = await logIn(two, 1, { devId: 'b' });

  expect(await first.nextText()).toBe(kickedText);
  expect((await first.closed).code).toBe(3000);
  expect(await at.redis.get(at.key(route))).toBe(String(two.id));
  expect(await isOnline(second)).toBe(true);
});

test('across two servers the same devId is closed with 3000 without cmd 2', async () => {
  const at = corner();
  const [one, two] = [await startServer(at), await startServer(at)];
  const first = await logIn(one, 1, { devId: 'a' });

  await logIn(two, 1, { devId: 'a' });

  expect((await first.closed).code).toBe(3000);
  expect(first.frames.map(({ cmd }) => cmd)).toEqual([0]);
});

test('the order to another server is what Java reads: devId a string, keys as in the contract', async () => {
  const at = corner();
  const server = await startServer(at);
  await at.redis.set(at.key(route), '77'); // a Java server

  const device = await connectDevice(server.url);
  device.send({ cmd: 0, data: { accessToken: await tokenOf(1), devId: 642296 } });
  await device.next();

  const [, text] = (await at.redis.blpop(at.key('im:user:force_logout:77'), 5)) ?? [];
  expect(JSON.parse(text ?? '')).toMatchObject({ devId: '642296', terminal: 0, userId: 1 });
});

test('an order as Java writes it kicks when the route points there a moment later', async () => {
  const at = corner();
  const server = await startServer(at, { kickGraceMs: 100 });
  const device = await logIn(server, 1, { devId: '5' });
  const samePage = await logIn(server, 2, { devId: '642296' });

  await order(at, server.id, '{"devId":"642296","terminal":0,"userId":1}');
  await order(at, server.id, '{"devId":"642296","terminal":0,"userId":2}');
  await at.redis.set(at.key(route), '77');
  await at.redis.set(at.key('im:user:server_id:2:0'), '77');

  expect(await device.nextText()).toBe(kickedText);
  expect(await device.closed).toEqual({ code: 3000, reason: 'logged in elsewhere' });
  expect((await samePage.closed).code).toBe(3000);
  expect(samePage.frames.map(({ cmd }) => cmd)).toEqual([0]);
  expect(await at.redis.get(at.key(route))).toBe('77');
});

test('a page that left a Java server which hung stays, though its old login comes to an end there afterwards', async () => {
  // Its route is written again before the second of the other one, who has moved, is over.
  expect(await leastMs(900, untilItsRouteIsBack)).toBeLessThan(900);
});

async function untilItsRouteIsBack(): Promise<number> {
  const at = corner();
  const server = await startServer(at, { kickGraceMs: 0 });
  const device = await logIn(server, 1, { devId: '5' });
  const moved = await logIn(server, 2, { devId: '6' });

  // Java gets round to the login that the page gave up, and then to its end. The other one has really moved there.
  await order(
    at,
    server.id,
    '{"devId":"5","terminal":0,"userId":1}',
    '{"devId":"6","terminal":0,"userId":2}',
  );
  await at.redis.set(at.key(route), '77');
  await at.redis.set(at.key('im:user:server_id:2:0'), '77');
  await at.redis.del(at.key(route));

  const since = performance.now();
  await until('its route is back', async () => (await at.redis.get(at.key(route))) === String(server.id));
  const tookMs = performance.now() - since;
  expect((await moved.closed).code).toBe(3000);
  expect(await isOnline(device)).toBe(true);
  await push(at, server, 'private', entry(1));
  expect((await device.next(({ cmd }) => cmd === 3)).cmd).toBe(3);
  return tookMs;
}

test('an order of a server that its device has left again, without a goodbye, puts nobody out', async () => {
  const at = corner();
  const [one, two] = [await startServer(at, { kickGraceMs: 0 }), await startServer(at)];
  const device = await logIn(one, 1, { devId: 'a' });
  await at.redis.del(at.key(route));
  await at.redis.set(`{${at.key(route)}}:moving`, '1', 'PX', 5_000);

  await order(at, one.id, `{"devId":"b","terminal":0,"userId":1,"loginServer":${two.id}}`);

  await until('its route is back', async () => (await at.redis.get(at.key(route))) === String(one.id));
  expect(await isOnline(device)).toBe(true);
});

test('an order of Java for a device that is gone a moment later brings no route back', async () => {
  const at = corner();
  const server = await startServer(at);
  const [device, witness] = [await logIn(server, 1, { devId: '5' }), await logIn(server, 2, { devId: '6' })];

  await order(
    at,
    server.id,
    '{"devId":"5","terminal":0,"userId":1}',
    '{"devId":"7","terminal":0,"userId":2}',
  );
  await at.redis.set(at.key('im:user:server_id:2:0'), '77');
  await device.close(1000);

  await witness.closed;
  expect(await at.redis.exists(at.key(route))).toBe(0);
});

test('an order without a devId is of the business: it kicks at once, and says so', async () => {
  const at = corner();
  const server = await startServer(at, { kickGraceMs: 100 });
  const device = await logIn(server, 1, { devId: '642296' });
  const own = await connectDevice(server.url);
  own.send({ cmd: 0, data: { accessToken: await tokenOf(2), ack: true } });
  await own.next();

  await order(at, server.id, '{"terminal":0,"userId":1}', '{"terminal":0,"userId":2}');

  expect(await device.nextText()).toBe('{"cmd":2,"data":"您的登录已被终止，将被强制下线"}');
  expect(await device.closed).toEqual({ code: 3000, reason: 'login ended' });
  expect(await own.nextText()).toBe('{"cmd":2,"why":"ended","data":"您的登录已被终止，将被强制下线"}');
  await until('the route is gone', async () => (await at.redis.exists(at.key(route))) === 0);
});

test('a device that acknowledges is told why', async () => {
  const server = await startServer(corner());
  const device = await connectDevice(server.url);
  device.send({ cmd: 0, data: { accessToken: await tokenOf(1), devId: 'a', ack: true } });
  await device.next();

  await logIn(server, 1, { devId: 'b' });

  expect(await device.nextText()).toBe(
    '{"cmd":2,"why":"elsewhere","data":"您已在其他地方登录，将被强制下线"}',
  );
});

test('orders for unknown users and orders that cannot be read stop nothing', async () => {
  const at = corner();
  const server = await startServer(at, { kickGraceMs: 100 });
  const device = await logIn(server, 1, { devId: 'a' });

  await order(
    at,
    server.id,
    '{"devId":"1","terminal":0,"userId":404}',
    'nonsense',
    '{}',
    'null',
    '[]',
    '',
    '{"terminal":"x","userId":1}',
    '{"terminal":0,"userId":{"id":1}}',
    '{"terminal":0,"userId":1,"loginServer":"?"}',
    '{"devId":{"a":1},"terminal":1,"userId":1}',
    '{"terminal":"0","userId":"1"}', // fastjson reads numbers in quotes
  );

  expect((await device.next(({ cmd }) => cmd === 2)).cmd).toBe(2);
});

test('orders are acknowledged once they are obeyed', async () => {
  const at = corner();
  const server = await startServer(at, { kickGraceMs: 100 });
  const device = await logIn(server, 1, { devId: 'a' });

  await order(at, server.id, 'nonsense', '{"terminal":0,"userId":1}');
  await device.closed;

  const inFlight = (await at.redis.keys(`{${at.key(`im:user:force_logout:${server.id}`)}}:inflight:*`))[0]!;
  await until('both are acknowledged', async () => (await at.redis.hlen(inFlight)) === 1); // its number
});

test('a late order does not kick a device that logged in after it', async () => {
  const at = corner();
  const [one, two] = [await startServer(at), await startServer(at)];
  const device = await logIn(one, 1, { devId: 'a' }); // the route points to `one`: the last login

  // As `two` would have written it for an earlier login.
  await order(
    at,
    one.id,
    `{"devId":"b","terminal":0,"userId":1,"loginServer":${two.id}}`,
    '{"terminal":0,"userId":404}',
  );

  const orders = (await at.redis.keys(`{${at.key(`im:user:force_logout:${one.id}`)}}:inflight:*`))[0]!;
  await until('the orders are done', async () => {
    return (await at.redis.hget(orders, 'seq')) === '2' && (await at.redis.hlen(orders)) === 1;
  });
  expect(await isOnline(device)).toBe(true);
  expect(device.frames.map(({ cmd }) => cmd)).toEqual([0, 1]);
});

test('of many logins raced on two servers exactly one stays, and the route points to it', async () => {
  const at = corner();
  const options = { kickGraceMs: 0, maxLoginsPerUser: 1_000 };
  const servers = [await startServer(at, options), await startServer(at, options)];
  const accessToken = await tokenOf(1);

  for (let round = 0; round < 5; round += 1) {
    const devices: RawDevice[] = [];
    for (let n = 0; n < 20; n += 1) devices.push(await connectDevice(servers[n % 2]!.url));
    devices.forEach((device, n) => device.send({ cmd: 0, data: { accessToken, devId: `${round}-${n}` } }));

    const open = new Set(devices);
    for (const device of devices) void device.closed.then(() => open.delete(device));
    await until('one is left', () => open.size === 1);
    const [winner] = open;
    expect(await isOnline(winner!)).toBe(true);
    const holder = servers.find(({ id }) => id === servers[devices.indexOf(winner!) % 2]!.id);
    expect(await at.redis.get(at.key(route))).toBe(String(holder?.id));
    await push(at, holder!, 'private', entry(1, { data: `{"round":${round}}` }));
    expect((await winner!.next(({ cmd }) => cmd === 3)).data).toEqual({ round });
    expect((await at.nextResult())['code']).toBe(0);
  }
});

test('a clean close removes the route at once', async () => {
  const at = corner();
  const server = await startServer(at);
  const device = await logIn(server, 1);

  await device.close(1000);

  await until('the route is gone', async () => (await at.redis.exists(at.key(route))) === 0);
});

test('a close leaves a route that points elsewhere by now', async () => {
  const at = corner();
  const server = await startServer(at);
  const device = await logIn(server, 1);
  const witness = await logIn(server, 2);
  await at.redis.set(at.key(route), '77');

  await device.close(1000);
  await witness.close(1000); // its route goes after the other one's would have

  await until('the witness has no route', async () => {
    return (await at.redis.exists(at.key('im:user:server_id:2:0'))) === 0;
  });
  expect(await at.redis.get(at.key(route))).toBe('77');
});

test('an old connection that goes away late does not take the new one’s route with it', async () => {
  const at = corner();
  const server = await startServer(at, { kickGraceMs: 0, maxLoginsPerUser: 1_000 });
  for (let n = 0; n < 20; n += 1) {
    const old = await logIn(server, 1, { devId: 'same' });
    await logIn(server, 1, { devId: 'same' });
    await old.closed;
    expect(await at.redis.get(at.key(route))).toBe(String(server.id));
  }
});

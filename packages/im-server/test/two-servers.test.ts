import { describe, expect, it } from 'vitest';
import { corner, entry, logIn, push, startServer, until } from './support.ts';

describe('an entry on the list of a server that does not hold its receiver', () => {
  it('is handed on to the one that does, and says so', async () => {
    const at = corner();
    const [wrong, right] = [await startServer(at), await startServer(at)];
    const device = await logIn(right, 7);

    await push(at, wrong, 'private', entry(7, { more: ',"messageId":"m-1","queuedAt":1700000000000' }));

    expect(await device.nextText()).toBe('{"cmd":3,"data":{"content":"hi","id":101}}');
    expect(await at.nextResult()).toMatchObject({
      code: 0,
      receiver: { id: 7, terminal: 0 },
      sender: { id: 1, terminal: 0 },
      messageId: 'm-1',
      queuedAt: 1700000000000,
      attempt: 2,
      server: right.id,
    });
    await untilSettled(at);
  });

  it('goes to every server that holds some of its receivers, and each receiver has one result', async () => {
    const at = corner();
    const servers = [await startServer(at), await startServer(at), await startServer(at)] as const;
    const devices = await Promise.all(servers.map((server, index) => logIn(server, index + 1)));
    const receivers = JSON.stringify([1, 2, 3, 4].map((id) => ({ id, terminal: 0 })));

    await push(at, servers[0], 'group', entry(0, { receivers }));

    for (const device of devices) expect(await device.next()).toMatchObject({ cmd: 4, data: { id: 101 } });
    const results = [];
    for (let i = 0; i < 4; i += 1) results.push(await at.nextResult('group'));
    const seen = results.map(({ code, attempt, receivers: of, server }) => [server, code, attempt, of]);
    expect(seen.toSorted((a, b) => Number(a[0]) - Number(b[0]) || Number(a[1]) - Number(b[1]))).toEqual([
      [servers[0].id, 0, 1, [{ id: 1, terminal: 0 }]],
      [servers[0].id, 2, 1, [{ id: 4, terminal: 0 }]],
      [servers[1].id, 0, 2, [{ id: 2, terminal: 0 }]],
      [servers[2].id, 0, 2, [{ id: 3, terminal: 0 }]],
    ]);
    await untilSettled(at);
    expect(await at.redis.llen(at.key('im:result:group:app'))).toBe(0);
  });

  it('keeps its place among the others on the way', async () => {
    const at = corner();
    const [wrong, right] = [await startServer(at), await startServer(at)];
    const device = await logIn(right, 7);
    const numbers = Array.from({ length: 500 }, (_, index) => index);

    await push(at, wrong, 'private', ...numbers.map((n) => entry(7, { data: String(n), sendResult: false })));

    await until('all have come', () => device.frames.length > 500); // the login's answer is one
    expect(device.frames.slice(1).map(({ data }) => data)).toEqual(numbers);
  });

  it('is nowhere when nobody holds it', async () => {
    const at = corner();
    const [server] = [await startServer(at), await startServer(at)];

    await push(at, server, 'private', entry(7));

    expect(await at.nextResult()).toMatchObject({
      code: 2,
      reason: 'NO_CHANNEL',
      stage: 'queued',
      attempt: 1,
      server: server.id,
      receiver: { id: 7, terminal: 0 },
    });
    await untilSettled(at);
  });

  it('is nowhere when the route leads back here, or to a server that is gone', async () => {
    const at = corner();
    const server = await startServer(at);
    const gone = await startServer(at);
    await gone.close();
    await at.redis.set(at.key('im:user:server_id:7:0'), String(server.id));
    await at.redis.set(at.key('im:user:server_id:8:0'), String(gone.id ?? 2));

    await push(at, server, 'private', entry(7), entry(8));

    expect(await at.nextResult()).toMatchObject({ receiver: { id: 7 }, reason: 'NO_CHANNEL' });
    expect(await at.nextResult()).toMatchObject({ receiver: { id: 8 }, reason: 'NO_CHANNEL' });
    expect(await at.redis.exists(at.key(`im:message:private:${gone.id ?? 2}`))).toBe(0);
  });

  it('goes to a Java server, which has no lease', async () => {
    const at = corner();
    const server = await startServer(at);
    await at.redis.set(at.key('im:user:server_id:7:0'), '900');

    await push(at, server, 'private', entry(7));

    const [, text] = (await at.redis.blpop(at.key('im:message:private:900'), 5)) ?? [];
    expect(JSON.parse(text!)).toMatchObject({
      cmd: 3,
      data: { content: 'hi', id: 101 },
      receivers: [{ id: 7, terminal: 0 }],
      sendResult: true,
      sender: { id: 1, terminal: 0 },
      serviceName: 'app',
      attempt: 2,
    });
    expect(await at.redis.llen(at.key('im:result:private:app'))).toBe(0);
  });

  it('has an end at a server that nobody knows, as has an order', async () => {
    const at = corner();
    const [server, other] = [await startServer(at), await startServer(at)];
    await at.redis.set(at.key('im:user:server_id:7:0'), '900');
    await at.redis.set(at.key('im:user:server_id:8:0'), '900');

    await push(at, server, 'private', entry(7));
    await logIn(other, 8);

    for (const list of ['im:message:private:900', 'im:user:force_logout:900']) {
      await until(`${list} is there`, async () => (await at.redis.exists(at.key(list))) === 1);
      const ttl = await at.redis.ttl(at.key(list));
      expect(ttl).toBeGreaterThan(600);
      expect(ttl).toBeLessThanOrEqual(660);
    }
  });

  it('ends, when two routes send it round in circles', async () => {
    const at = corner();
    const [a, b] = [await startServer(at), await startServer(at)];
    const route = at.key('im:user:server_id:7:0');
    let turns = 0;
    const controller = new AbortController();
    // The route always points to the other one: as if the user moved at every step.
    const moving = (async () => {
      while (!controller.signal.aborted) await at.redis.set(route, String([a, b][(turns += 1) % 2]?.id));
    })();

    await push(at, a, 'private', ...Array.from({ length: 20 }, (_, n) => entry(7, { data: String(n) })));
    for (let n = 0; n < 20; n += 1)
      expect(await at.nextResult()).toMatchObject({ code: 2, reason: 'NO_CHANNEL' });

    controller.abort();
    await moving;
    await untilSettled(at);
  });
});

/** Until no entry is on a message list or in flight. */
async function untilSettled(at: ReturnType<typeof corner>): Promise<void> {
  await until('nothing is in flight', async () => {
    const keys = (await at.keys()).filter((key) => key.includes('inflight'));
    const sizes = await Promise.all(keys.map((key) => at.redis.hlen(key.replace('{', `{${at.prefix}`))));
    return (
      sizes.every((size) => size === 1) && !(await at.keys()).some((key) => key.startsWith('im:message:'))
    );
  });
}

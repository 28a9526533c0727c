import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createImServer } from 'im-server';
import { connectDevice, inTime, onCleanup } from 'im-test/support';
import { createMemoryBus } from 'im-common/bus';
import { describe, expect, it } from 'vitest';
import { startServerProcess } from './server-process.ts';
import { corner, entry, logIn, push, secret, startServer, until } from './support.ts';

// P-4.3, P-10.10, P-10.11.

const numbers = Array.from({ length: 300 }, (_, index) => index);

describe('a server that drains', () => {
  it('is not ready at once, takes nobody in, and sends its devices elsewhere', async () => {
    const at = corner();
    const server = await startServer(at, { drainMs: 10_000 });
    const devices = await Promise.all(numbers.slice(0, 60).map((id) => logIn(server, id)));
    const { url } = server;

    const drained = server.drain();

    expect(server.health()).toEqual({ live: true, ready: false, degraded: false, reasons: ['draining'] });
    await expect(connectDevice(url)).rejects.toThrow(/ECONNREFUSED|503/);
    for (const device of devices) {
      expect(await device.closed).toMatchObject({
        code: 1012,
        reason: expect.stringMatching(/^delay=\d{1,3}$/) as string,
      });
    }
    await drained;
    expect(server.health()).toEqual({ live: false, ready: false, degraded: false, reasons: ['closed'] });
  });

  it('sends them away one after the other, and none twice', async () => {
    const at = corner();
    const server = await startServer(at, { drainMs: 60_000 });
    const devices = await Promise.all(numbers.slice(0, 100).map((id) => logIn(server, id)));
    const closedAt: number[] = [];
    for (const device of devices) void device.closed.then(() => closedAt.push(performance.now()));

    await inTime('the drain, which has a minute and takes half a second', server.drain());
    await Promise.all(devices.map(({ closed }) => closed));

    const inOrder = closedAt.toSorted((a, b) => a - b);
    expect(inOrder).toHaveLength(100);
    // 100 devices at 5 ms each, beginning at once: a busy machine only draws them further apart.
    expect(inOrder[90]! - inOrder[9]!).toBeGreaterThan(200);
  });

  it('leaves nothing behind: no route, no list, no lease, nothing in flight', async () => {
    const at = corner();
    const server = await startServer(at);
    const devices = await Promise.all([1, 2, 3].map((id) => logIn(server, id)));
    await push(at, server, 'private', entry(1), entry(2), entry(9));
    for (let i = 0; i < 3; i += 1) await at.nextResult();

    const { id } = server;
    await server.drain();

    await Promise.all(devices.map(({ closed }) => closed));
    expect(await at.keys()).toEqual([
      'im:max_server_id',
      '{im:max_server_id}:dead',
      expect.stringMatching(/^{im:max_server_id}:ended:/),
      '{im:max_server_id}:notices',
      ...['group', 'high', 'private', 'system'].map((kind) => `{im:message:${kind}:${id}}:closed`),
      expect.stringMatching(/^{im:result:private:app}:turn:/),
      `{im:user:force_logout:${id}}:closed`,
      ...[1, 2, 3].map((user) => `{im:user:server_id:${user}:0}:moving`), // for as long as they may be on their way
    ]);
    expect(await at.redis.pttl(`{${at.key('im:user:server_id:1:0')}}:moving`)).toBeLessThanOrEqual(2_000);
    expect(await at.redis.zrange(`{${at.key('im:max_server_id')}}:dead`, '0', '-1')).toEqual([String(id)]);
  });

  it('gives what is on its lists to the servers that its devices went to, in order and once', async () => {
    const at = corner();
    const [leaving, staying] = [await startServer(at), await startServer(at)];
    const device = await logIn(leaving, 7);
    const pushing = (async () => {
      for (const n of numbers) await push(at, leaving, 'private', entry(7, { data: String(n) }));
    })();
    await until('some have come', () => device.frames.length > 20);

    const drained = leaving.drain();
    await device.closed;
    const moved = await logIn(staying, 7);
    await Promise.all([pushing, drained]);

    const outcomes = new Map<number, { code: number; server: number; reason?: string }>();
    while (outcomes.size < numbers.length) {
      const { data, code, server, reason } = (await at.nextResult()) as unknown as Outcome;
      expect(outcomes.has(data), `a second result for ${data}`).toBe(false);
      outcomes.set(data, { code, server, ...(reason !== undefined && { reason }) });
    }
    await until('nothing is left', async () => {
      return !(await at.keys()).some((key) => /^im:(message|result)/.test(key));
    });
    const [first, second] = [device, moved].map(({ frames }) =>
      frames.filter(({ cmd }) => cmd === 3).map(({ data }) => data as number),
    );
    expect(first).toEqual(numbers.slice(0, first!.length));
    expect(second).toEqual(second!.toSorted((a, b) => a - b));
    expect(new Set(second).size).toBe(second!.length);
    // Nothing was said to have arrived that did not; what did not arrive was said so.
    for (const n of numbers) {
      const { code, reason } = outcomes.get(n)!;
      if (code === 0) expect(first!.includes(n) || second!.includes(n), `${n} arrived`).toBe(true);
      else expect(['DRAINING', 'CLOSED_BEFORE_PROOF', 'SERVER_LOST']).toContain(reason);
    }
    expect([...outcomes.values()].some(({ server, code }) => server === staying.id && code === 0)).toBe(true);
  });

  it('waits a moment for devices that are on their way to another server', async () => {
    const at = corner();
    const [leaving, staying] = [await startServer(at), await startServer(at)];
    const device = await logIn(leaving, 7);

    const drained = leaving.drain();
    await device.closed;
    await push(at, leaving, 'private', entry(7)); // by somebody with an old route, while nobody has a new one
    const list = `${at.prefix}im:message:private:${leaving.id}`;
    await until('the server has it', async () => (await at.redis.llen(list)) === 0);
    const moved = await logIn(staying, 7);

    expect(await moved.next(({ cmd }) => cmd === 3)).toMatchObject({ cmd: 3 });
    expect(await at.nextResult()).toMatchObject({ code: 0, server: staying.id, attempt: 2 });
    await drained;
  });

  it('reports what waits for users who went nowhere', async () => {
    const at = corner();
    const server = await startServer(at);
    const device = await logIn(server, 7);

    const drained = server.drain();
    await device.closed;
    await push(at, server, 'private', entry(7), entry(8));
    await drained;
    await startServer(at); // looks after what came too late for the drain

    for (let i = 0; i < 2; i += 1) {
      const { code, reason } = await at.nextResult();
      expect(code).toBe(2);
      expect(['DRAINING', 'NO_CHANNEL', 'CLOSED_BEFORE_PROOF', 'SERVER_LOST']).toContain(reason);
    }
  });

  it('waits for proof of what is under way, within reason', async () => {
    const at = corner();
    const server = await startServer(at, { drainMs: 10_000 });
    const silent = await logIn(server, 7, { autoPong: false });
    await push(at, server, 'private', entry(7));
    await silent.next(({ cmd }) => cmd === 3);

    await server.drain();

    expect(await at.nextResult()).toMatchObject({ code: 2, reason: 'CLOSED_BEFORE_PROOF', stage: 'written' });
    expect(await at.redis.keys(`*${at.prefix}*inflight*`)).toEqual([]);
  });

  it('is hurried by close, and ends once however often it is asked to', async () => {
    const at = corner();
    const [hurried, other] = [
      await startServer(at, { drainMs: 60_000 }),
      await startServer(at, { drainMs: 60_000 }),
    ];
    await Promise.all(numbers.map((id) => logIn(id % 2 === 0 ? hurried : other, id)));
    const ends: string[] = [];

    // As many devices, at 5 ms each.
    const otherDrained = other.drain().then(() => ends.push('other'));
    const drained = hurried.drain();
    await Promise.all([drained, hurried.close(), hurried.close()]);
    await hurried.close();
    ends.push('hurried');

    await otherDrained;
    expect(ends).toEqual(['hurried', 'other']);
  });

  it('answers 503 on a shared HTTP server, which is left running', async () => {
    const at = corner();
    const http = createServer((_, response) => response.end('mine'));
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    onCleanup(() => http.close());
    const server = await startServer(at, { httpServer: http, drainMs: 10_000 });
    const address = `127.0.0.1:${(http.address() as AddressInfo).port}`;
    const devices = await Promise.all(
      numbers.slice(0, 40).map((id) => logIn({ url: `ws://${address}/im` }, id)),
    );

    const drained = server.drain();
    await devices[0]?.closed;
    await expect(connectDevice(`ws://${address}/im`)).rejects.toThrow(/503/);
    await drained;

    expect(await (await fetch(`http://${address}/`)).text()).toBe('mine');
  });
});

describe('a server that is closed', () => {
  it('before it was started has nothing to do, and cannot be started any more', async () => {
    const at = corner();
    const server = createImServer({ redis: { url: at.url, keyPrefix: at.prefix }, jwtSecret: secret });

    await server.close();

    await expect(server.start()).rejects.toMatchObject({ code: 'CLOSED' });
    expect(await at.keys()).toEqual([]);
  });

  it('while it starts is closed when it has started', async () => {
    const at = corner();
    const server = createImServer({
      redis: { url: at.url, keyPrefix: at.prefix },
      jwtSecret: secret,
      host: '127.0.0.1',
      port: 0,
    });

    const started = server.start();
    await server.close();

    await started.catch(() => undefined);
    expect(server.health()).toMatchObject({ live: false, reasons: ['closed'] });
    expect((await at.keys()).filter((key) => key.endsWith(':lease'))).toEqual([]);
  });

  it('leaves a bus that it was given open', async () => {
    const bus = createMemoryBus();
    onCleanup(() => bus.close());
    const at = corner();
    const first = await startServer(at, { bus });
    await first.close();

    const second = await startServer(at, { bus });

    const device = await logIn(second, 7);
    device.send({ cmd: 1, data: {} });
    await device.next(({ cmd }) => cmd === 1);
  });

  it('leaves nothing that keeps its process alive', async () => {
    const at = corner();
    const server = await startServerProcess(at, { tcpPort: 0 });
    const device = await logIn(server, 7);
    await push(at, server, 'private', entry(7));
    await at.nextResult();

    server.close();

    expect(await device.closed).toMatchObject({ code: 1012 });
    expect(await server.exited).toBe(0);
  });
});

interface Outcome {
  readonly data: number;
  readonly code: number;
  readonly server: number;
  readonly reason?: string;
}

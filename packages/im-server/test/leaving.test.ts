import { leastMs, msOf } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import { corner, entry, logIn, push, startServer, until } from './support.ts';

// A device that is sent away proves first what it was given; what comes for it meanwhile goes where it goes.

const isMessage = ({ cmd }: { readonly cmd: number }): boolean => cmd === 3;

describe('a device that is sent away', () => {
  it('has its messages proved first', async () => {
    const at = corner();
    const server = await startServer(at);
    const device = await logIn(server, 7);
    device.pause(); // a long way away
    await push(at, server, 'private', entry(7));
    await until('the server has it', async () => (await at.redis.llen(listOf(at, server))) === 0);

    const drained = server.drain();
    setTimeout(() => device.resume(), 600);

    expect(await at.nextResult()).toMatchObject({ code: 0, stage: 'proved' });
    expect((await device.closed).code).toBe(1012);
    await drained;
  });

  it('is waited for with what came when it was leaving, in order', async () => {
    const at = corner();
    const [leaving, staying] = [await startServer(at), await startServer(at)];
    const device = await logIn(leaving, 7);
    device.pause();
    const numbers = Array.from({ length: 40 }, (_, index) => index);
    const pushing = (async () => {
      for (const n of numbers) await push(at, leaving, 'private', entry(7, { data: String(n) }));
    })();
    await until('the server has some', async () => (await at.redis.llen(listOf(at, leaving))) === 0);

    const drained = leaving.drain();
    await pushing;
    device.resume();
    await device.closed;
    const moved = await logIn(staying, 7);

    for (let n = 0; n < numbers.length; n += 1)
      expect(await at.nextResult()).toMatchObject({ code: 0, stage: 'proved' });
    const seen = [device, moved].flatMap(({ frames }) => frames.filter(isMessage).map(({ data }) => data));
    expect(seen).toEqual(numbers);
    await drained;
  });

  it('waits no longer than two seconds for a proof', async () => {
    const tookMs = await leastMs(5_000, async () => {
      const at = corner();
      const server = await startServer(at, { proofTimeoutMs: 60_000 });
      const silent = await logIn(server, 7, { autoPong: false });
      await push(at, server, 'private', entry(7));
      await silent.next(isMessage);

      const ms = await msOf(() => server.drain());

      expect(await at.nextResult()).toMatchObject({ reason: 'CLOSED_BEFORE_PROOF' });
      return ms;
    });

    expect(tookMs).toBeLessThan(5_000);
  });
});

describe('a device that was cut off', () => {
  it('gets what comes for it when it is back on the same server, in order', async () => {
    const at = corner();
    const server = await startServer(at);
    const device = await logIn(server, 7);
    device.terminate();
    await until('its route is gone', async () => !(await at.redis.exists(at.key('im:user:server_id:7:0'))));

    await push(at, server, 'private', entry(7, { data: '1' }), entry(7, { data: '2' }));
    await until('the server has them', async () => (await at.redis.llen(listOf(at, server))) === 0);
    const back = await logIn(server, 7);
    await push(at, server, 'private', entry(7, { data: '3' }));

    for (let n = 1; n <= 3; n += 1) expect(await back.next(isMessage)).toMatchObject({ data: n });
    for (let n = 1; n <= 3; n += 1) expect(await at.nextResult()).toMatchObject({ code: 0, data: n });
  });

  it('is not waited for longer than the grace, nor does anybody else wait', async () => {
    const at = corner();
    const server = await startServer(at, { reconnectGraceMs: 2_000 });
    const [device, other] = [await logIn(server, 7), await logIn(server, 8)];
    device.terminate();
    await until('its route is gone', async () => !(await at.redis.exists(at.key('im:user:server_id:7:0'))));

    await push(at, server, 'private', entry(7), entry(9), entry(8));

    await other.next(isMessage);
    // Who is really away is known at once: before the two seconds of the first one are over.
    const first = [await at.nextResult(), await at.nextResult()];
    expect(first.map(({ receiver }) => receiver)).toContainEqual({ id: 9, terminal: 0 });
    expect(first.map(({ receiver }) => receiver)).not.toContainEqual({ id: 7, terminal: 0 });
    expect(await at.nextResult()).toMatchObject({ receiver: { id: 7 }, reason: 'NO_CHANNEL' });
  });

  it('is gone at once when it said goodbye', async () => {
    const at = corner();
    const server = await startServer(at);
    const device = await logIn(server, 7);
    await device.close(1000);
    await until('its route is gone', async () => !(await at.redis.exists(at.key('im:user:server_id:7:0'))));

    await push(at, server, 'private', entry(7));

    expect(await at.nextResult()).toMatchObject({ reason: 'NO_CHANNEL' });
    expect((await at.keys()).filter((key) => key.endsWith(':moving'))).toEqual([]);
  });
});

function listOf(at: { readonly prefix: string }, { id }: { readonly id: number | undefined }): string {
  return `${at.prefix}im:message:private:${id ?? 0}`;
}

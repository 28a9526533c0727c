import { createServer } from 'node:net';
import { connectDevice, onCleanup } from 'im-test/support';
import { expect, test } from 'vitest';
import { startAdmin, type Admin, type AdminOptions } from '../src/program/admin.ts';

const good = { live: true, ready: true, degraded: false, reasons: [] };

async function admin(options: Partial<AdminOptions> = {}): Promise<Admin> {
  const started = await startAdmin({
    port: 0,
    health: () => good,
    metricsText: async () => 'im_in_flight 0\n',
    ...options,
  });
  onCleanup(() => started.close());
  return started;
}

function ask({ port }: Admin, path: string, method = 'GET'): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}${path}`, { method });
}

test('says that all is well', async () => {
  const one = await admin();
  for (const path of ['/healthz', '/readyz', '/readyz?verbose']) {
    const answer = await ask(one, path);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual(good);
  }
});

test.each([
  [{ live: true, ready: false, degraded: false, reasons: ['draining'] }, 200, 503],
  [{ live: false, ready: false, degraded: false, reasons: ['closed'] }, 503, 503],
])('answers %j with /healthz %i and /readyz %i', async (health, healthz, readyz) => {
  const one = await admin({ health: async () => health });
  expect((await ask(one, '/healthz')).status).toBe(healthz);
  const ready = await ask(one, '/readyz');
  expect(ready.status).toBe(readyz);
  expect(await ready.json()).toEqual(health);
});

test('gives the metrics in the format of Prometheus', async () => {
  const answer = await ask(await admin(), '/metrics');
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(await answer.text()).toBe('im_in_flight 0\n');
});

test('names its pages to whoever asks for another', async () => {
  const answer = await ask(await admin(), '/');
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ pages: ['/healthz', '/readyz', '/metrics'] });
});

test('only reads', async () => {
  const one = await admin();
  expect((await ask(one, '/metrics', 'POST')).status).toBe(405);
  expect(await (await ask(one, '/metrics', 'HEAD')).text()).toBe('');
});

test('survives a failed answer', async () => {
  const one = await admin({ metricsText: () => Promise.reject(new Error('no numbers today')) });
  const answer = await ask(one, '/metrics');
  expect(answer.status).toBe(500);
  expect(await answer.text()).toContain('no numbers today');
  expect((await ask(one, '/healthz')).status).toBe(200);
});

// Only Linux has more loopback addresses than one.
test.runIf(process.platform === 'linux')('listens on loopback only, unless told otherwise', async () => {
  const { port } = await admin();
  const elsewhere = createServer();
  onCleanup(() => elsewhere.close());
  // Another loopback address is free, so 0.0.0.0 was not taken.
  await new Promise<void>((resolve, reject) => {
    elsewhere.once('error', reject).listen(port, '127.0.0.2', resolve);
  });
});

test('takes no WebSocket', async () => {
  const { port } = await admin();
  await expect(connectDevice(`ws://127.0.0.1:${port}/im`)).rejects.toThrow('404');
});

test('names a port that is in use', async () => {
  const { port } = await admin();
  await expect(admin({ port })).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    message: `The admin port ${port} on 127.0.0.1 is in use. Stop what uses it, or choose another.`,
  });
});

test('names an interface that is not there', async () => {
  await expect(admin({ host: '192.0.2.1' })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
});

test('closes with an idle connection open, and twice', async () => {
  const one = await admin();
  await (await ask(one, '/healthz')).text(); // fetch keeps its connection
  await one.close();
  await one.close();
  await expect(ask(one, '/healthz')).rejects.toThrow('fetch failed');
});

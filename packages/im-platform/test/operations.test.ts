import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createMemoryBus } from 'im-common/bus';
import { silentLogger } from 'im-common';
import { onCleanup } from 'im-test/support';
import { describe, expect, it, vi } from 'vitest';
import { readConfiguration } from '../src/configuration.ts';
import { createPlatform } from '../src/index.ts';
import { temporaryFolder } from './support/folders.ts';
import { migratedDatabase } from './support/migrated-database.ts';
import { call } from './support/person.ts';
import {
  accessSecret,
  refreshSecret,
  sharedPlatform,
  startTestPlatform,
  storeKinds,
} from './support/test-platform.ts';

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly security?: unknown[] }>>>>;
}

it('is not ready while its clock is not that of the database', async () => {
  const { url } = await sharedPlatform({ store: 'mariadb' });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10_000 });
  onCleanup(async () => void vi.useRealTimers());

  expect(await (await fetch(`${url}/readyz`)).json()).toEqual({
    ...{ live: true, ready: false },
    reasons: ['the clock is more than 5 s apart from that of the database'],
  });
});

// What stays of each is paid for again and again: whoever ends platforms in a process that goes on, as tests do, has hundreds.
it('leaves nothing of itself in the process when it has ended', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const loggers = [await loggerOfOneThatHasEnded(), await loggerOfOneThatHasEnded()];

  await expect
    .poll(() => {
      collect();
      return loggers.filter((logger) => logger.deref() !== undefined).length;
    })
    .toBe(0);
});

describe.each(storeKinds)('operations on %s', (store) => {
  it('says that it lives and is ready, and not in the envelope', async () => {
    const { url } = await sharedPlatform({ store });

    for (const path of ['/healthz', '/readyz']) {
      const answer = await fetch(url + path);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toEqual({ live: true, ready: true, reasons: [] });
    }
  });

  it('is not ready without its database, and lives on', async () => {
    const { url, platform } = await startTestPlatform({ store });
    await platform.database.sql.destroy();

    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({
      live: true,
      ready: false,
      reasons: ['the database does not answer'],
    });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('says that it drains, and answers what is under way when it ends', async () => {
    const { url, platform } = await startTestPlatform({ store, platform: { drainMs: 1_000 } });
    // The new account waits for this transaction.
    const held = await platform.database.sql.transaction();
    await held('im_user').insert({ userName: 'ann', nickName: 'ann', password: 'x', createdTime: 1 });
    const registering = call(`${url}/register`, 'POST', { body: { userName: 'ann', password: 'secret-1' } });

    const closing = platform.close();
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(503);
    expect(ready.headers.get('connection')).toBe('close');
    expect(await ready.json()).toEqual({ live: true, ready: false, reasons: ['draining'] });
    while (await answers(`${url}/healthz`)) await setTimeout(20);

    await held.rollback();
    expect(await registering).toMatchObject({ status: 200, code: 200 });
    await closing;
  });

  it('measures requests by route', async () => {
    const test = await startTestPlatform({ store });
    const ann = await test.signUp('ann');
    await ann.ask('GET', '/nowhere/1');

    const metrics = await (await fetch(`${test.url}/metrics`)).text();
    expect(metrics).toContain(
      'im_platform_http_request_seconds_count{method="POST",route="/register",status="200"} 1\n',
    );
    expect(metrics).toContain(
      'im_platform_http_request_seconds_count{method="GET",route="none",status="404"} 1\n',
    );
    expect(metrics).toContain(
      'im_platform_refusals_total{route="none",code="404",reason="nothingThere"} 1\n',
    );
    expect(metrics).toMatch(/^process_resident_memory_bytes \d/m);
    expect(metrics).toMatch(/^im_platform_build_info\{version="[^"]+",node="v\d/m);
    expect(metrics).toMatch(/^im_client_bus_up 1$/m);
    expect(metrics).toContain('im_platform_push_outcomes_total');
    expect(metrics).toContain('# TYPE im_platform_log_batch_messages histogram');
  });
});

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

describe('the port for operators', () => {
  it('is one of their own when it is wanted, and says until the end that it drains', async () => {
    const platform = { operationsPort: 0, drainMs: 300 };
    const test = await startTestPlatform({ store: 'sqlite', platform });
    const { operationsUrl } = test.platform;

    for (const path of ['/metrics', '/readyz', '/healthz', '/docs']) {
      expect((await fetch(operationsUrl + path)).status, path).toBe(200);
      expect((await fetch(test.url + path)).status, path).toBe(404);
    }
    const { paths } = (await (await fetch(`${operationsUrl}/docs/json`)).json()) as OpenApi;
    expect(Object.keys(paths)).toContain('/login');
    const api = (await (await fetch(`${operationsUrl}/docs/v1.json`)).json()) as OpenApi;
    expect(Object.keys(api.paths)).toContain('/v1/me');
    expect(operationsUrl).not.toBe(test.url);
    const closing = test.platform.close();
    expect((await fetch(`${operationsUrl}/readyz`)).status).toBe(503);
    await closing;
  });

  it('is there in production, for this machine alone, and a proxy is asked for', () => {
    const start = (...more: string[]) => {
      const args = ['start', '--database', 'sqlite:x', '--redis', 'redis://x', '--access-secret'];
      args.push('the-access-secret-of-the-tests-32', '--refresh-secret', 'the-refresh-secret-of-the-tests-3');
      const task = readConfiguration([...args, ...more], { NODE_ENV: 'production' });
      if (task.kind !== 'start') throw new Error(task.kind);
      const { operationsPort, operationsHost } = task.options;
      return {
        warnings: task.warnings.join('\n'),
        at: `${operationsHost ?? ''}:${operationsPort ?? 'shared'}`,
      };
    };
    expect(start().at).toBe('127.0.0.1:8889');
    expect(start().warnings).toMatch(/^passwords.*--trust-proxy$/);
    expect(start('--trust-proxy', '1', '--operations-port', '9000')).toEqual({
      warnings: '',
      at: '127.0.0.1:9000',
    });
    // A proxy on this machine would pass them on to everybody.
    expect(start('--host', '127.0.0.1')).toEqual({ warnings: '', at: '127.0.0.1:8889' });
    const shared = start('--trust-proxy', '1', '--operations-port', 'shared');
    expect(shared.at).toBe('127.0.0.1:shared');
    expect(shared.warnings).toContain('/metrics');
  });
});

describe('the API documentation', () => {
  it('has every route of the contract, open ones without a token', async () => {
    const { url } = await sharedPlatform({ store: 'sqlite' });

    const { paths } = (await (await fetch(`${url}/docs/json`)).json()) as OpenApi;

    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes).toEqual(expect.arrayContaining(contractRoutes));
    const open = Object.entries(paths).flatMap(([path, methods]) =>
      Object.values(methods).some(({ security }) => security?.length === 0) ? [path] : [],
    );
    expect(open.toSorted()).toEqual([
      '/.well-known/jwks.json',
      '/healthz',
      '/login',
      '/metrics',
      '/readyz',
      '/register',
    ]);
  });

  it('is a page at /docs', async () => {
    const { url } = await sharedPlatform({ store: 'sqlite' });

    const answer = await fetch(`${url}/docs`);

    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Swagger UI');
    expect(await (await fetch(`${url}/docs/static/swagger-initializer.js`)).text()).toContain(
      '/docs/v1.json',
    );
  });
});

/** Contract C.2 to C.9. */
const contractRoutes = [
  ...['POST /login', 'PUT /refreshToken', 'POST /register', 'PUT /modifyPwd'],
  ...['GET /user/self', 'GET /user/find/{id}', 'GET /user/findByName', 'PUT /user/update'],
  'GET /user/terminal/online',
  ...['GET /friend/list', 'GET /friend/find/{friendId}', 'POST /friend/add'],
  ...['DELETE /friend/delete/{friendId}', 'PUT /friend/dnd'],
  ...['POST /group/create', 'PUT /group/modify', 'DELETE /group/delete/{groupId}'],
  ...['GET /group/find/{groupId}', 'GET /group/list', 'POST /group/invite', 'GET /group/members/{groupId}'],
  ...['DELETE /group/members/remove', 'DELETE /group/quit/{groupId}', 'DELETE /group/kick/{groupId}'],
  'PUT /group/dnd',
  ...['POST /message/private/send', 'DELETE /message/private/recall/{id}'],
  ...['GET /message/private/loadOfflineMessage', 'PUT /message/private/readed'],
  ...['GET /message/private/maxReadedId', 'GET /message/private/history'],
  ...['POST /message/group/send', 'DELETE /message/group/recall/{id}'],
  ...['GET /message/group/loadOfflineMessage', 'PUT /message/group/readed'],
  ...['GET /message/group/findReadedUsers', 'GET /message/group/history'],
  ...['POST /image/upload', 'POST /file/upload', 'GET /system/config'],
  ...['call', 'accept', 'reject', 'cancel', 'failed', 'handup', 'candidate', 'heartbeat'].map(
    (step) => `POST /webrtc/private/${step}`,
  ),
];

async function loggerOfOneThatHasEnded(): Promise<WeakRef<object>> {
  const logger = { ...silentLogger };
  const bus = createMemoryBus();
  const database = await migratedDatabase('sqlite');
  const platform = createPlatform({
    ...{ host: '127.0.0.1', port: 0, accessSecret, refreshSecret, page: false },
    ...{ bus, database, logger, filesDir: await temporaryFolder() },
  });
  await bus.start();
  await platform.start();
  expect(await (await fetch(`${platform.url}/metrics`)).text()).toMatch(/^nodejs_/m);
  await platform.close();
  await bus.close();
  return new WeakRef(logger);
}

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { runnable } from 'im-test/support';
import { expect, test } from 'vitest';
import { readCompose } from '../compose/compose-file.ts';

// `npm run compose-here` starts what stands there.

const read = (path: string): Promise<string> =>
  readFile(new URL(`../../deploy/${path}`, import.meta.url), 'utf8');
const [text, nginx, ofNginx] = await Promise.all(
  ['compose/compose.yaml', 'compose/nginx.conf', 'nginx.conf'].map(read),
);
const secrets = {
  ...{ IM_ACCESS_SECRET: 'a', IM_REFRESH_SECRET: 'b', IM_GATEWAY_API_KEY: 'c', IM_DATABASE_PASSWORD: 'd' },
};

test('no service starts before what it depends on', () => {
  const names = [...readCompose(text!, secrets).keys()];

  expect([...names].sort()).toEqual(
    [
      'gateway',
      'mariadb',
      'migrate',
      'nginx',
      'platform-1',
      'platform-2',
      'push-1',
      'push-2',
      'redis',
    ].sort(),
  );
  for (const [first, then] of [
    ['mariadb', 'migrate'],
    ['migrate', 'platform-1'],
    ['redis', 'push-2'],
    ['push-2', 'nginx'],
  ] as const)
    expect(names.indexOf(first)).toBeLessThan(names.indexOf(then));
});

test.each(Object.keys(secrets))('nothing starts without %s', (name) => {
  expect(() =>
    readCompose(text!, Object.fromEntries(Object.entries(secrets).filter(([key]) => key !== name))),
  ).toThrow(`${name} is missing in .env`);
});

test('a circle of services is refused, and one that is not there', () => {
  const needs = (other: string): string => `depends_on: { ${other}: { condition: service_healthy } }`;

  expect(() => readCompose(`services:\n  a: { ${needs('b')} }\n  b: { ${needs('a')} }\n`, {})).toThrow(
    'a → b → a',
  );
  expect(() => readCompose(`services:\n  a: { ${needs('c')} }\n`, {})).toThrow('no such service');
});

test('its nginx does with devices and requests what nginx.conf does', () => {
  const locations = (conf: string): string => conf.slice(conf.indexOf('    # Devices.'));

  expect(locations(nginx!)).toBe(locations(ofNginx!));
  expect(locations(nginx!)).toContain('location = /im');
});

test('that of the standalone template has settings that its two programs know', async () => {
  const template = '../packages/create-im-app/templates/standalone';
  const services = readCompose(await read(`${template}/compose.yaml`), { JWT_SECRET: 'a'.repeat(43) });
  const { command: start = [], environment = {} } = services.get('push')!;
  const program = runnable('packages/im-server/src/main.ts');
  const printed = await promisify(execFile)(process.execPath, [...program, 'config', 'print'], {
    env: { PATH: process.env['PATH'], ...environment },
  });
  const backend = await read(`${template}/src/backend.ts`);
  const ofBackend = Object.keys(services.get('backend')!.environment!);

  expect(start).toEqual(['im-server']);
  expect(JSON.parse(printed.stdout)).toMatchObject({
    ...{ redis: 'redis://redis:6379', host: '0.0.0.0', port: 8878, publicUrl: 'ws://localhost:8878/im' },
    jwtSecret: '***',
  });
  expect(ofBackend.filter((name) => !backend.includes(name))).toEqual([]);
  expect(services.get('backend')!.command).toEqual(['node', 'dist/backend.js']);
});

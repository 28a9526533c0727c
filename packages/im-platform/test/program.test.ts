import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { optionTables, withOptionTables } from 'im-common/internal/program';
import { asDocumented, documentedDefaults, onCleanup, testMysql, testRedis } from 'im-test/support';
import { describe, expect, it, vi } from 'vitest';
import { program, readConfiguration } from '../src/configuration.ts';
import { createPlatform, migrate, openDatabase, platformDefaults, seed } from '../src/index.ts';
import { startProgram, type RunningProgram } from './support/program.ts';

// Processes take long to start on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 120_000 });

const accessSecret = 'the-secret-of-access-tokens';
const refreshSecret = 'the-secret-of-refresh-tokens';

async function run(...args: string[]): Promise<RunningProgram> {
  const program = startProgram(args);
  await program.exit;
  return program;
}

describe('the program im-platform', () => {
  it('migrates, seeds once, serves with flags and environment, and ends politely on SIGTERM', async () => {
    const { url: database } = await testMysql();
    expect((await run('migrate', '--database', database)).stdout).toContain('001-box-im-tables\n');
    expect((await run('migrate', '--database', database)).stdout).toBe('Nothing to do.\n');
    expect((await run('seed', '--database', database)).stdout).toContain('ann / demo-1234\n');
    expect((await run('seed', '--database', database)).stdout).toBe('The accounts are there already.\n');

    const { url: redis, prefix } = testRedis();
    const program = startProgram(['start', '--port', '0', '--host', '127.0.0.1', '--key-prefix', prefix], {
      env: {
        IM_PLATFORM_DATABASE: database,
        IM_PLATFORM_REDIS: redis,
        IM_PLATFORM_ACCESS_SECRET: accessSecret,
        IM_PLATFORM_REFRESH_SECRET: refreshSecret,
        IM_PLATFORM_PROT: '1',
      },
    });
    const { url } = JSON.parse(await program.line(/"started"/)) as { url: string };
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(program.stdout).toContain('environment IM_PLATFORM_PROT has no effect');

    program.signal('SIGTERM');
    expect(await program.exit).toEqual({ code: 0, signal: null });
    expect(program.stdout).toContain('"drained"');
    expect(program.stdout + program.stderr).not.toMatch(new RegExp(`${accessSecret}|${refreshSecret}`));

    expect((await run('rollback', '--database', database)).stdout).toContain('001-box-im-tables\n');
  });

  it('says what to do when the database was not migrated', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'im-test-platform-'));
    onCleanup(() => rm(folder, { recursive: true, force: true }));
    const { url: redis } = testRedis();

    const program = await run(
      ...['start', '--database', `sqlite:${join(folder, 'im.db')}`, '--redis', redis, '--port', '0'],
      ...['--access-secret', accessSecret, '--refresh-secret', refreshSecret],
    );

    expect(await program.exit).toEqual({ code: 1, signal: null });
    expect(program.stderr).toContain('Run: im-platform migrate (npm run db:migrate). (MIGRATION_NEEDED)\n');
  });

  it('says what to install when the driver of the database is missing', async () => {
    const program = startProgram(['migrate', '--database', 'sqlite::memory:'], {
      preload: `import Module from 'node:module';
        const load = Module._load;
        Module._load = (name, ...rest) => {
          if (name === '@photostructure/sqlite') throw new Error("Cannot find module '" + name + "'");
          return load(name, ...rest);
        };`,
    });

    expect(await program.exit).toEqual({ code: 1, signal: null });
    expect(program.stderr).toContain('Run: npm install @photostructure/sqlite (DRIVER_MISSING)\n');
  });

  it('exits with 2 for a wrong option, and shows no secret', async () => {
    const program = await run('start', '--port', 'x', '--access-secret', 'short');

    expect(await program.exit).toEqual({ code: 2, signal: null });
    expect(program.stderr.split('\n')).toEqual([
      'im-platform: flag --access-secret is not usable; expected a text of at least 16 characters. (INVALID_OPTION)',
      'im-platform: flag --port is "x"; expected a whole number from 0 to 65535. (INVALID_OPTION)',
      '',
    ]);
  });
});

describe('the configuration', () => {
  const given = [
    ...['start', '--database', 'mysql://im:pass@db:3306/im', '--redis', 'redis://:pass@redis'],
    ...['--access-secret', accessSecret, '--refresh-secret', refreshSecret],
  ];

  it('takes a flag before the environment, and an empty variable for none', () => {
    const task = readConfiguration([...given, '--port', '1'], {
      IM_PLATFORM_PORT: '2',
      IM_PLATFORM_HOST: '',
      IM_PLATFORM_ALLOWED_ORIGINS: 'https://a.example.com, https://b.example.com',
      IM_PLATFORM_ICE_SERVERS: '[{"urls":"stun:stun.example.com","more":1}]',
      IM_PLATFORM_XSS_FILTER: 'true',
    });

    expect(task).toMatchObject({
      kind: 'start',
      options: {
        port: 1,
        host: '0.0.0.0',
        allowedOrigins: ['https://a.example.com', 'https://b.example.com'],
        iceServers: [{ urls: 'stun:stun.example.com' }],
        xssFilter: true,
        page: true,
      },
    });
  });

  it('reads secrets from files', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'im-test-platform-'));
    onCleanup(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'secret');
    await writeFile(file, `${accessSecret}\n`);
    const args = [
      'start',
      '--database',
      'sqlite:x',
      '--redis',
      'redis://x',
      '--refresh-secret',
      refreshSecret,
    ];

    expect(readConfiguration([...args, '--access-secret-file', file], {})).toMatchObject({
      options: { accessSecret: [accessSecret] },
    });
    expect(() => readConfiguration([...args, '--access-secret-file', join(folder, 'none')], {})).toThrow(
      /^flag --access-secret-file cannot be read: ENOENT/,
    );
  });

  it('prints itself without secrets and passwords', () => {
    const task = readConfiguration(['config', 'print', ...given.slice(1)], {});

    const text = task.kind === 'print' ? task.text : '';
    expect(JSON.parse(text)).toMatchObject({ accessSecret: '***', port: 8888, logLevel: 'info' });
    expect(text).not.toMatch(/:pass|the-secret/);
  });

  it.each([
    [['start', '--accses-secret=abc'], /^flag --accses-secret is unknown; did you mean --access-secret\?$/],
    [['start', 'x'], /^There is a value on the command line without a flag before it/],
    [['strat'], /^There is no such command; did you mean start\?$/],
    [['start', '--port'], /^flag --port <port> has no value/],
    [
      ['start'],
      /^Say where its database is: --database sqlite:.\/data\/im.db, or IM_PLATFORM_DATABASE. See --help.$/,
    ],
    [['migrate'], /^Say where its database is/],
    [['migrate', '--port', '1'], /^flag --port is unknown/],
    [
      ['config', 'print', '--database', 'postgres://u:geheim@x'],
      /^flag --database is not usable; expected mysql/,
    ],
  ] as const)('refuses %j', (args, message) => {
    expect(() => readConfiguration(args, {})).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(message) as string }),
    );
  });

  it('refuses secrets of less than 32 bytes in production', () => {
    vi.stubEnv('NODE_ENV', 'production');
    onCleanup(() => vi.unstubAllEnvs());
    const options = { database: 'sqlite::memory:', redis: 'redis://127.0.0.1:1' };
    const [good, short] = ['a'.repeat(32), 'b'.repeat(31)];

    for (const secrets of [
      { accessSecret: short, refreshSecret: good },
      { accessSecret: good, refreshSecret: short },
    ]) {
      expect(() => createPlatform({ ...options, ...secrets })).toThrow(/has 31 bytes of at least 32/);
    }
  });

  it('makes no demo accounts with a public password in production', () => {
    const args = ['seed', '--database', 'sqlite:x'];

    expect(() => readConfiguration(args, { NODE_ENV: 'production' })).toThrow(/Say --password/);
    expect(readConfiguration([...args, '--password', 'own'], { NODE_ENV: 'production' })).toMatchObject({
      password: 'own',
    });
  });

  it('explains itself', () => {
    const help = readConfiguration(['start', '--help'], {});

    expect(help).toMatchObject({ kind: 'print' });
    for (const name of Object.keys(platformDefaults).filter((name) => name !== 'logger')) {
      const words = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      expect(JSON.stringify(help)).toContain(`--${words} `);
      const env = `IM_PLATFORM_${words.replaceAll('-', '_').toUpperCase()}`;
      expect(JSON.stringify(help).replaceAll(/\\n +/g, ' ')).toContain(`env ${env}, file ${name}]`);
    }
    expect(readConfiguration([], {})).toMatchObject({ text: expect.stringContaining('migrate') as string });
  });

  it('is in the README and in doc comments as it is in the table (npm run options)', async () => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    expect(readme).toBe(withOptionTables(readme, optionTables(program)));

    const documented = await documentedDefaults(new URL('../src/options.ts', import.meta.url));
    // Words say what these mean.
    const { logger, allowedOrigins, fileHosts, webPushHosts, ...defaults } = platformDefaults;
    const inTable = Object.entries(defaults).map(([name, value]) => [name, asDocumented(value)]);
    expect(inTable.map(([name = '']) => [name, documented.get(name)])).toEqual(inTable);
  });

  it('may come from a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'im-test-platform-'));
    onCleanup(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'platform.json');
    const redis = { url: 'redis://:geheim@x', keyPrefix: 'k' };
    await writeFile(
      file,
      JSON.stringify({ redis, port: 1, filesDir: 'files', iceServers: [{ urls: 'stun:x' }] }),
    );

    expect(readConfiguration([...given.slice(0, 3), '--config', file, ...given.slice(5)], {})).toMatchObject({
      options: { port: 1, redis, filesDir: join(folder, 'files'), iceServers: [{ urls: 'stun:x' }] },
    });
    await writeFile(file, '{"iceServers": [{"credential": "geheim"}], "acessSecret": "geheim", "port": "1"}');
    expect(() => readConfiguration([...given, '--config', file], {})).toThrow(
      expect.objectContaining({
        message: [
          `${file}: acessSecret is unknown; did you mean accessSecret?`,
          `${file}: port is "1"; expected a whole number from 0 to 65535.`,
          `${file}: iceServers is not usable; expected a list such as [{ urls: "stun:stun.example.com" }].`,
        ].join('\n'),
      }),
    );
  });
});

describe('the library judges by the same table as the program', () => {
  const good = { database: 'sqlite::memory:', redis: 'redis://x', accessSecret, refreshSecret };

  it.each<[object, string]>([
    [{ port: 70_000 }, 'The option port is 70000; expected a whole number from 0 to 65535.'],
    [{ port: '8888' }, 'The option port is "8888"; expected a whole number from 0 to 65535.'],
    [{ database: 'postgres://u:geheim@x' }, 'The option database is not usable; expected mysql://'],
    [{ database: undefined }, 'The option database is undefined; expected mysql://'],
    [
      { refreshSecret: 'short-geheim' },
      'The option refreshSecret is not usable; expected a text of at least 16',
    ],
    [{ accessSecret: [accessSecret, 5] }, 'The option accessSecret is not usable'],
    [{ accessSecret: undefined }, 'The option accessSecret is undefined; expected a text of at least 16'],
    [{ openUploads: 'no' }, 'The option openUploads is "no"; expected true or false.'],
    [{ language: 'de' }, 'The option language is "de"; expected zh or en.'],
    [{ trustProxy: 33 }, 'The option trustProxy is 33; expected a number of proxies from 1 to 32'],
    [{ trustProxy: ['10.0.0.0/80'] }, 'The option trustProxy is ["10.0.0.0/80"]'],
    [{ allowedOrigins: ['x'] }, 'The option allowedOrigins is ["x"]; expected origins such as'],
    [{ iceServers: [{ credential: 'geheim' }] }, 'The option iceServers is not usable'],
    [
      { page: { foldr: 'x' } },
      'The option page is an object; expected true, false, or an object with folder',
    ],
    [{ redis: 'http://x' }, 'The option redis is not usable; expected redis://host:port/db'],
    [{ bus: {} }, 'The option bus is an object'],
    [{ sweepMs: 0 }, 'The option sweepMs is 0; expected a whole number from 1 to 2147483647.'],
    [{ swepMs: 1 }, '"swepMs" is unknown in the options of a platform; did you mean sweepMs?'],
    [{ accessKey: 'geheim' }, 'accessKey has no key in PEM form'],
    [{ redis: undefined }, 'Give either redis (an address such as redis://127.0.0.1:6379) or bus.'],
  ])('%j', (wrong, message) => {
    const create = (): unknown => createPlatform({ ...good, ...wrong });
    const error = {
      name: 'PlatformError',
      code: 'INVALID_OPTION',
      message: expect.stringContaining(message) as string,
    };
    expect(create).toThrow(expect.objectContaining(error));
    expect(create).not.toThrow(/geheim/);
  });

  it('lists may be empty, and one may wait for nothing', async () => {
    const none = { allowedOrigins: [], fileHosts: [], iceServers: [], drainMs: 0, page: false };
    await createPlatform({ ...good, ...none }).close();
  });

  it('as do its other functions', async () => {
    const wrong = (value: unknown): never => value as never;
    const database = openDatabase({ url: 'sqlite::memory:' });
    onCleanup(() => database.close());
    expect(() => openDatabase(wrong(undefined))).toThrow('the options of a database is undefined');
    expect(() => openDatabase({ url: 'postgres://geheim' })).toThrow(
      'The option url is not usable; expected mysql://',
    );
    expect(() => openDatabase(wrong({ url: 'sqlite:x', poolSze: 1 }))).toThrow('did you mean poolSize?');
    await expect(migrate(wrong(database))).rejects.toThrow(
      'What is migrated is an object; expected `sql` of',
    );
    await expect(seed(database, wrong({}))).rejects.toThrow('The option password is undefined');
    await expect(seed(wrong(undefined), { password: 'x' })).rejects.toThrow('What is seeded is undefined');
  });

  it('an address that cannot be listened on is no error of the system', async () => {
    const { url: redis, prefix: keyPrefix } = testRedis();
    const platform = createPlatform({
      ...good,
      redis: { url: redis, keyPrefix },
      host: '192.0.2.1',
      port: 0,
    });
    onCleanup(() => platform.close());
    await migrate(platform.database.sql);
    await expect(platform.start()).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('Cannot listen on 192.0.2.1, port 0') as string,
    });
  });
});

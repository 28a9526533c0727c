import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onCleanup, testMysql, testRedis } from 'im-test/support';
import { describe, expect, it, vi } from 'vitest';
import { readConfiguration } from '../src/configuration.ts';
import { programOptions, usual } from '../src/configuration/option-table.ts';
import { createPlatform } from '../src/index.ts';
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
        page: {},
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
      options: { accessSecret },
    });
    expect(() => readConfiguration([...args, '--access-secret-file', join(folder, 'none')], {})).toThrow(
      /^accessSecretFile cannot be read: ENOENT/,
    );
  });

  it('prints itself without secrets and passwords', () => {
    const task = readConfiguration(['config', 'print', ...given.slice(1)], {});

    const text = task.kind === 'print' ? task.text : '';
    expect(JSON.parse(text)).toMatchObject({ accessSecret: '***', port: 8888, logLevel: 'info' });
    expect(text).not.toMatch(/:pass|the-secret/);
  });

  it.each([
    [['start', '--accses-secret=abc'], /unknown option '--accses-secret'/],
    [['start', 'x'], /too many arguments/],
    [['strat'], /unknown command 'strat'/],
    [['start', '--port'], /'--port <port>' argument missing/],
    [['start'], /^Say database: --database <url>, or IM_PLATFORM_DATABASE. See --help.$/],
    [['migrate'], /^Say database/],
    [['migrate', '--port', '1'], /unknown option '--port'/],
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
    for (const { flag, env } of programOptions) {
      expect(JSON.stringify(help)).toContain(flag);
      expect(JSON.stringify(help).replaceAll(/\\n +/g, ' ')).toContain(env);
    }
    expect(readConfiguration([], {})).toMatchObject({ text: expect.stringContaining('migrate') as string });
  });

  it('is in the README as it is in the code', async () => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    const rows = programOptions.map(({ flag, env, name, about }) => {
      const value = usual(name) === '' ? '' : `\`${usual(name)}\``;
      return `| \`${flag}\` | \`${env}\` | ${value} | ${about} |`;
    });
    const inReadme = readme
      .split('\n')
      .filter((line) => line.startsWith('| `--'))
      .map((line) => line.replace(/ +/g, ' '));
    expect(inReadme).toEqual(rows.map((row) => row.replace(/ +/g, ' ')));
  });
});

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { optionTables, withOptionTables } from 'im-common/internal/program';
import { asDocumented, documentedDefaults, onCleanup } from 'im-test/support';
import { describe, expect, test } from 'vitest';
import { program, readConfiguration, type Configuration } from '../src/program/configuration.ts';
import { serverDefaults } from '../src/options/resolve-options.ts';

type Env = Record<string, string>;

const enough = ['--redis', 'redis://127.0.0.1:6379', '--jwt-secret', 'very-secret'];

function run(args: readonly string[], env: Env = {}): Configuration {
  const request = readConfiguration(args, env);
  if (request.kind !== 'run') throw new Error(request.text);
  return request;
}

function printed(args: readonly string[], env: Env = {}): string {
  const request = readConfiguration(args, env);
  if (request.kind !== 'print') throw new Error('It wants to run.');
  return request.text;
}

function refusal(args: readonly string[], env: Env = {}): string {
  try {
    readConfiguration(args, env);
  } catch (error) {
    expect(error).toMatchObject({ code: 'INVALID_OPTION' });
    return (error as Error).message;
  }
  throw new Error('It was accepted.');
}

async function file(name: string, content: string | object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'im-configuration-'));
  onCleanup(() => rm(folder, { recursive: true }));
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('strength', () => {
  test('an address and a secret are enough', () => {
    const { settings, serverOptions, warnings } = run(enough);
    expect(warnings).toEqual([]);
    expect(settings).toMatchObject({ port: 8878, workers: 1, adminHost: '127.0.0.1', logLevel: 'info' });
    expect(settings.adminPort).toBeUndefined();
    expect(serverOptions).toMatchObject({
      redis: { url: 'redis://127.0.0.1:6379', keyPrefix: '' },
      jwtSecret: ['very-secret'],
      proof: serverDefaults.proof,
    });
  });

  test('a flag beats the environment, which beats the file, which beats the default', async () => {
    const config = await file('im.json', { port: 1, path: '/file', proof: 'written', host: 'file' });
    const env = { IM_CONFIG: config, IM_PORT: '2', IM_PATH: '/env', IM_PROOF: '' };
    const { settings } = run([...enough, '--port', '3'], env);
    expect(settings).toMatchObject({
      port: 3,
      path: '/env',
      proof: 'written',
      host: 'file',
      drainMs: 10_000,
    });
  });

  test('--config beats IM_CONFIG', async () => {
    const [one, two] = await Promise.all([file('1.json', { port: 1 }), file('2.json', { port: 2 })]);
    expect(run([...enough, '--config', two], { IM_CONFIG: one }).settings.port).toBe(2);
  });

  test('a boolean flag can be switched off again', () => {
    const env = { IM_TRUST_PROXY: 'true' };
    expect(run(enough, env).settings.trustProxy).toBe(true);
    expect(run([...enough, '--trust-proxy', 'false'], env).settings.trustProxy).toBe(false);
    expect(run([...enough, '--trust-proxy']).settings.trustProxy).toBe(true);
    expect(run(['--trust-proxy', ...enough]).settings.trustProxy).toBe(true);
    expect(run([...enough, '--trust-proxy', '2']).settings.trustProxy).toBe(2);
    expect(run([...enough, '--trust-proxy', '10.0.0.0/8, loopback']).settings.trustProxy).toEqual([
      '10.0.0.0/8',
      'loopback',
    ]);
  });
});

describe('values', () => {
  test('lists are split at commas, and flags add up', () => {
    expect(run([...enough, '--terminals', '-1,0, 7']).settings.terminals).toEqual([-1, 0, 7]);
    const origins = ['--allowed-origins', 'https://a.example', '--allowed-origins', 'https://b.example:81'];
    expect(run([...enough, ...origins]).settings.allowedOrigins).toEqual([
      'https://a.example',
      'https://b.example:81',
    ]);
  });

  test('a secret may hold commas, and several count in their order', async () => {
    const flags = [...enough.slice(0, 2), '--jwt-secret', 'new,er', '--jwt-secret', 'old'];
    expect(run(flags).serverOptions.jwtSecret).toEqual(['new,er', 'old']);
    const env = { IM_JWT_SECRET: 'n,w', IM_JWT_SECRET_PREVIOUS: 'old' };
    expect(run(enough.slice(0, 2), env).serverOptions.jwtSecret).toEqual(['n,w', 'old']);
    const config = await file('im.json', { jwtSecret: ['a', 'b'] });
    expect(run([...enough.slice(0, 2), '--config', config]).serverOptions.jwtSecret).toEqual(['a', 'b']);
  });

  test('files are read, and their paths in the JSON file start at its folder', async () => {
    const secrets = await file('secrets', 'new\nold\n');
    const config = join(secrets, '../im.json');
    await writeFile(config, '{"jwtSecretFile": "secrets", "tlsCert": "secrets", "tlsKey": "secrets"}');
    const { serverOptions } = run([...enough.slice(0, 2), '--config', config]);
    expect(serverOptions).toMatchObject({
      jwtSecret: ['new', 'old'],
      tls: { cert: 'new\nold\n', key: 'new\nold\n' },
    });
    const key = run([...enough.slice(0, 2), '--jwt-public-key-file', secrets]);
    expect(key.serverOptions).toMatchObject({ jwtPublicKey: 'new\nold\n' });
  });

  test('nothing of the program alone reaches the server', () => {
    const { serverOptions } = run([...enough, '--admin-port', '1', '--workers', '2']);
    const known = new Set([...Object.keys(serverDefaults), 'redis', 'jwtSecret']);
    expect(Object.keys(serverOptions).filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('what is wrong names itself', () => {
  test.each([
    [['--proof', 'maybe'], {}, 'flag --proof is "maybe"; expected written or pong.'],
    [[], { IM_PROOF: 'maybe' }, 'environment IM_PROOF is "maybe"; expected written or pong.'],
    [['--port', '70000'], {}, 'flag --port is "70000"; expected a whole number from 0 to 65535.'],
    [['--port', '1e3'], {}, 'flag --port is "1e3"; expected a whole number from 0 to 65535.'],
    [['--path', 'im'], {}, 'flag --path is "im"; expected a path that starts with "/".'],
    [['--terminals', '0,web'], {}, 'flag --terminals is "0,web"; expected whole numbers with commas'],
    [['--log-level', 'loud'], {}, 'expected debug, info, warn, error or silent.'],
    [
      ['--trust-proxy', 'yes'],
      {},
      'flag --trust-proxy is "yes"; expected a number of proxies from 1 to 32, networks such as 10.0.0.0/8,loopback, true (one) or false.',
    ],
    [['--port'], {}, 'flag --port <port> has no value.'],
    [['--prot', '1'], {}, 'flag --prot is unknown; did you mean --port?'],
    [['--admin_port=1'], {}, 'flag --admin_port is unknown; did you mean --admin-port?'],
    [['--frobnicate'], {}, 'flag --frobnicate is unknown; see --help.'],
    [['8878'], {}, 'There is a value on the command line without a flag before it.'],
    [['--tls-cert', 'x.pem'], {}, 'flag --tls-cert is given without tlsKey; expected both or none.'],
    [
      ['--sse', '--workers', '2'],
      {},
      'With sse a process has its port alone; expected workers 1, or sse off.',
    ],
    [['--jwt-secret-file', 'x'], {}, 'flag --jwt-secret and flag --jwt-secret-file are both given'],
  ])('%j %j', (args, env, message) => {
    expect(refusal([...enough, ...args], env as Env)).toContain(message);
  });

  test.each([
    [{ proof: 'maybe' }, 'im.json: proof is "maybe"; expected written or pong.'],
    [{ port: '8878' }, 'im.json: port is "8878"; expected a whole number from 0 to 65535.'],
    [{ terminals: [0, null] }, 'im.json: terminals is [0,null]; expected whole numbers'],
    [{ prrof: 'pong' }, 'im.json: prrof is unknown; did you mean proof?'],
    [{ 'admin-port': 1 }, 'im.json: admin-port is unknown; did you mean adminPort?'],
    [{ constructor: 1 }, 'im.json: constructor is unknown; see --help.'],
    [[], 'im.json holds no JSON object'],
    ['{"port": 1,}', 'im.json cannot be read as JSON: at position 11'],
    ['', 'im.json cannot be read as JSON: it ends too early'],
    ['{"__proto__": {"port": 1}}', 'im.json: __proto__ is unknown'],
  ])('the file %j', async (content, message) => {
    expect(refusal([...enough, '--config', await file('im.json', content)])).toContain(message);
  });

  test('all at once, wherever they came from', async () => {
    const config = await file('im.json', { proof: 1 });
    const problems = refusal([...enough, '--port', 'x', '--config', config], { IM_PATH: 'y' }).split('\n');
    expect(problems).toHaveLength(3);
  });

  test('a file that is not there', () => {
    expect(refusal([...enough, '--config', 'nowhere.json'])).toMatch(/^nowhere\.json cannot be read.*ENOENT/);
    const args = [...enough.slice(0, 2), '--jwt-secret-file', 'nowhere'];
    expect(refusal(args)).toMatch(/^flag --jwt-secret-file cannot be read: ENOENT/);
  });

  test('an empty file of secrets', async () => {
    const empty = await file('secrets', '\n');
    const args = [...enough.slice(0, 2), '--jwt-secret-file', empty];
    expect(refusal(args)).toBe('flag --jwt-secret-file names an empty file; expected a secret per line.');
  });

  test('what is missing says how to give it', () => {
    expect(refusal([])).toContain('Say where Redis is: --redis redis://127.0.0.1:6379, or IM_REDIS.');
    expect(refusal(enough.slice(0, 2))).toContain(
      'there is no default secret): --jwt-secret …, or IM_JWT_SECRET.',
    );
  });

  test('a misspelt variable has no effect and is mentioned; those of others are not', () => {
    const env = {
      IM_PROOFF: 'written',
      IM_CLI_KEY_PREFIX: 'x',
      IM_SOMETHING_OF_YOURS: '1',
      IM_HOME: '/',
      IMPORT: '1',
    };
    expect(run(enough, env).warnings).toEqual([
      'environment IM_PROOFF has no effect; did you mean IM_PROOF?',
    ]);
  });
});

describe('secrets', () => {
  test.each([
    [['--jwt-secret', '']],
    [['--jwt-secrte=hush-hush']],
    [['--jwt-secrte', 'hush-hush']],
    [['hush-hush']],
    [['--redis', 'http://user:hush-hush@host']],
    [['--redis', 'http://user:hush-hush/with@slash@host']],
    [['--redis', 'redis://user:hush/hush@host']],
  ])('%j is refused without showing it', (args) => {
    expect(refusal([...enough, ...args])).not.toContain('hush');
  });

  test('a broken file is not quoted', async () => {
    const config = await file('im.json', '{"jwtSecret": hush-hush}');
    expect(refusal([...enough, '--config', config])).not.toContain('hush');
  });

  test('--print-config hides them', () => {
    const args = ['--print-config', '--jwt-secret', 'hush', '--redis', 'redis://me:hush@host/1'];
    const text = printed(args, { IM_JWT_SECRET_PREVIOUS: 'hush' });
    expect(text).not.toContain('hush');
    expect(JSON.parse(text)).toMatchObject({ port: 8878, jwtSecret: '***', redis: 'redis://me:***@host/1' });
  });

  test("box-im's published one, and one of less than 32 bytes, are refused in production", () => {
    const flags = (...secrets: string[]): string[] => [
      ...enough.slice(0, 2),
      ...secrets.flatMap((secret) => ['--jwt-secret', secret]),
    ];
    const [good, short] = ['x'.repeat(32), 'y'.repeat(31)];
    const env = { NODE_ENV: 'production' };

    expect(run(flags(good), env).serverOptions.jwtSecret).toEqual([good]);
    expect(run(flags('é'.repeat(16)), env).warnings).toEqual([]);
    expect(refusal(flags(good, 'MIIBIjANBgkq'), env)).toContain('published sample secret');
    expect(refusal(flags(good, short), env)).toMatch(
      /^jwtSecret has 31 bytes of at least 32: .*openssl rand/,
    );
    expect(refusal(flags(short), env)).not.toContain('yyy');
    expect(run(flags(short), { NODE_ENV: 'development' }).serverOptions.jwtSecret).toEqual([short]);
  });
});

describe('what is written about options', () => {
  test('the README has the table (npm run options)', async () => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    expect(readme).toBe(withOptionTables(readme, optionTables(program)));
  });

  test('doc comments have its defaults', async () => {
    const documented = await documentedDefaults(new URL('../src/options/options.ts', import.meta.url));
    const { logger, ...defaults } = serverDefaults;
    const inTable = Object.entries(defaults).map(([name, value]) => [name, asDocumented(value)]);
    expect(inTable.map(([name = '']) => [name, documented.get(name)])).toEqual(inTable);
  });

  test('--help has every flag and variable', () => {
    const help = printed(['--help']).replaceAll(/\n +/g, ' ');
    for (const text of [
      'Usage: im-server --redis <url> --jwt-secret <secret> [options]',
      '--tls-cert <file>',
    ])
      expect(help).toContain(text);
    expect(help).toContain('[default 30, env IM_MAX_LOGINS_PER_USER, file maxLoginsPerUser]');
  });
});

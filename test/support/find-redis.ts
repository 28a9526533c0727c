import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const whatToDo =
  'Install Redis 6.2 or newer (https://redis.io/docs/latest/operate/oss_and_stack/install/), or set REDIS_URL to a running one.';

let found: Promise<string> | undefined;

/** The path of a `redis-server` of version 6.2 or newer, installed with apt first where that is possible. */
export function findRedis(): Promise<string> {
  found ??= findOrInstall();
  return found;
}

/** Throws unless `version` is 6.2 or newer; `where` names the server in the message. */
export function requireRedisVersion(version: string | undefined, where: string): void {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  if (major > 6 || (major === 6 && minor >= 2)) return;
  throw new Error(`${where} is Redis ${version ?? 'of unknown version'}, expected 6.2 or newer. ${whatToDo}`);
}

async function findOrInstall(): Promise<string> {
  const path = (await lookUp('redis-server')) ?? (await install());
  const { stdout } = await run(path, ['--version']);
  requireRedisVersion(/v=([\d.]+)/.exec(stdout)?.[1], path);
  return path;
}

async function lookUp(program: string): Promise<string | undefined> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
  for (const folder of folders) {
    const path = join(folder, program);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

// The package would start a service on port 6379; a policy-rc.d that answers 101 forbids that.
const installWithApt = `
set -e
if command -v redis-server >/dev/null; then exit 0; fi
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 1' INT TERM
  printf '#!/bin/sh\\nexit 101\\n' >"$policy"
  chmod 755 "$policy"
fi
apt-get update
apt-get install -y --no-install-recommends redis-server
`;

async function install(): Promise<string> {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || (await lookUp('apt-get')) === undefined) {
    throw new Error(`No redis-server on PATH, in /usr/bin or /usr/local/bin. ${whatToDo}`);
  }
  console.log('redis-server is not installed: installing it with apt-get');
  // Several test processes may get here at once: the lock lets one install, and the others find it done.
  const lock = join(tmpdir(), 'im-test-install-redis.lock');
  try {
    await run('flock', [lock, 'sh', '-c', installWithApt], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  } catch (cause) {
    throw new Error(`apt-get could not install redis-server. ${whatToDo}`, { cause });
  }
  const path = await lookUp('redis-server');
  if (path === undefined) throw new Error(`apt-get installed no redis-server. ${whatToDo}`);
  return path;
}

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Program } from './find-program.ts';
import { findProgram } from './install-programs.ts';

const run = promisify(execFile);

const whatToDo =
  'Install Redis 6.2 or newer (https://redis.io/docs/latest/operate/oss_and_stack/install/), or set REDIS_URL to a running one.';

export const redisProgram: Program = { names: ['redis-server'], packageName: 'redis-server', whatToDo };

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
  const path = await findProgram(redisProgram);
  const { stdout } = await run(path, ['--version']);
  requireRedisVersion(/v=([\d.]+)/.exec(stdout)?.[1], path);
  return path;
}

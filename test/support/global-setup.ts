import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { bundlePage } from '../../scripts/bundle-page.ts';
import { chromiumPrograms } from './chromium.ts';
import type { Program } from './find-program.ts';
import { mariaDbProgram } from './find-mariadb.ts';
import { redisProgram } from './find-redis.ts';
import { installMissing } from './install-programs.ts';
import { dropKeptDatabases } from './mysql-database.ts';
import { makeProgramFiles } from './program-files.ts';
import { promtoolProgram } from './prometheus.ts';
import { makeRunFolder } from './run-folder.ts';
import { sharedMysql } from './shared-mysql.ts';
import { sharedRedis } from './shared-redis.ts';
import type { SharedServer } from './shared-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The Redis that all test files share: `REDIS_URL`, or one started for this run. */
    redisUrl: string;
    /** The MariaDB or MySQL that all test files share: `MYSQL_URL`, or one started for this run. */
    mysqlUrl: string;
    /** For files that are made once in a run. */
    runFolder: string;
  }
}

const { env } = process;

/**
 * vitest's `globalSetup`: what tests need is installed before any of them runs, then one Redis and one MariaDB are
 * started for the whole run. Returns its teardown.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await installMissing(neededPrograms(project)).catch(giveUp);
  const runFolder = await makeRunFolder();
  const starting = [sharedRedis(env['REDIS_URL']), sharedMysql(env['MYSQL_URL'])] as const;
  try {
    // Else four files make the page at once.
    const makingPage = isWholeRun(project) && bundlePage();
    const [redis, mysql] = await Promise.all([
      ...starting,
      makeProgramFiles(join(runFolder, 'programs')),
      makingPage,
    ]);
    project.provide('redisUrl', redis.url);
    project.provide('mysqlUrl', mysql.url);
    project.provide('runFolder', runFolder);
    return async () => {
      await dropKeptDatabases(mysql.url, runFolder);
      await stopAll(starting);
    };
  } catch (error) {
    await stopAll(starting);
    return giveUp(error);
  }
}

/** All of them for a whole run; for a few files what every run starts. The rest is looked for when it is needed. */
function neededPrograms(project: TestProject): Program[] {
  const isWhole = isWholeRun(project);
  const unlessGiven = (name: string, ...programs: readonly Program[]): readonly Program[] =>
    env[name] ? [] : programs;
  return [
    ...(isWhole ? [redisProgram] : unlessGiven('REDIS_URL', redisProgram)),
    ...(isWhole ? [mariaDbProgram] : unlessGiven('MYSQL_URL', mariaDbProgram)),
    ...(isWhole ? [...unlessGiven('CHROME_PATH', ...chromiumPrograms), promtoolProgram] : []),
  ];
}

function isWholeRun({ vitest }: TestProject): boolean {
  return (vitest as { filenamePattern?: unknown }).filenamePattern === undefined;
}

/** Vitest would say that there are no tests, and show where in our code we noticed. What is to be done is in the message. */
function giveUp(error: unknown): never {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

async function stopAll(starting: readonly Promise<SharedServer>[]): Promise<void> {
  const results = await Promise.allSettled(starting);
  const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  await Promise.all(started.map((server) => server.stop()));
}

// The log of whole runs: test/whole-runs.jsonl, a line for each, the newest last. It says when the second try in CI may go.
import { execFileSync } from 'node:child_process';
import { appendFile, readFile } from 'node:fs/promises';

/** The parts of vitest's JSON report that are read here. */
export interface Report {
  readonly numPassedTests: number;
  /** Milliseconds, as all times here. */
  readonly startTime: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly endTime: number;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

interface Failure {
  readonly name: string;
  readonly messages: readonly string[];
}

interface WholeRun {
  readonly at: string;
  readonly commit: string;
  readonly passed: number;
  /** Those too that passed when they were tried once more. */
  readonly failed: readonly string[];
  readonly seconds: number;
}

const log = 'test/whole-runs.jsonl';
const wanted = 20;

/** The tests that failed, if only in their first try, with what they said. */
export function failuresIn({ testResults }: Pick<Report, 'testResults'>): Failure[] {
  return testResults.flatMap(({ name, status, assertionResults }) => {
    const tests = assertionResults.filter(
      (test) => test.status === 'failed' || test.failureMessages.length > 0,
    );
    // A file that does not load has no tests.
    return status === 'failed' && tests.length === 0
      ? [{ name, messages: [] }]
      : tests.map(({ fullName, failureMessages }) => ({ name: fullName, messages: failureMessages }));
  });
}

export function failedIn(report: Pick<Report, 'testResults'>): string[] {
  return failuresIn(report).map(({ name }) => name);
}

/** What differs from the last commit belongs to none. */
export function hasChanges(): boolean {
  return git('status', '--porcelain')
    .split('\n')
    .some((line) => line !== '' && !line.endsWith(` ${log}`));
}

export async function writeDown(report: Report, failed: readonly string[], commit = 'HEAD'): Promise<void> {
  const { numPassedTests: passed, startTime, testResults } = report;
  const end = Math.max(startTime, ...testResults.map(({ endTime }) => endTime));
  const run: WholeRun = {
    at: `${new Date(startTime).toISOString().slice(0, 16)}Z`,
    commit: git('rev-parse', '--short', commit).trim(),
    passed,
    failed,
    seconds: Math.round((end - startTime) / 1_000),
  };
  await appendFile(log, `${JSON.stringify(run)}\n`);
}

/** How many whole runs in a row, up to the newest, were green, and what follows from it. */
export async function standing(): Promise<string> {
  const lines = (await readFile(log, 'utf8')).split('\n').filter((line) => line !== '');
  const runs = lines.map((line) => JSON.parse(line) as WholeRun);
  const green = runs.length - 1 - runs.findLastIndex(({ failed }) => failed.length > 0);
  const what = green < wanted ? `it takes ${wanted} for` : 'this is the time for';
  return `${green} whole runs in a row were green, of ${runs.length} that are written down; ${what} CI to try nothing twice.`;
}

function git(...args: string[]): string {
  return execFileSync('git', ['-c', 'safe.directory=*', ...args], { encoding: 'utf8' });
}

import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, onTestFinished, TestRunner } from 'vitest';

type Cleanup = () => unknown;

const fileCleanups: Cleanup[] = [];
const inTestFile = registerAtFileEnd();
const ownCleanups = new AsyncLocalStorage<Cleanup[]>();

/**
 * Runs `cleanup` when the running test ends; called outside a test (in `beforeAll`, at the top of a file) when the
 * test file ends. Last registered runs first. Outside vitest's workers it does nothing: there the caller stops what
 * it started.
 */
export function onCleanup(cleanup: Cleanup): void {
  const own = ownCleanups.getStore();
  if (own) {
    own.push(cleanup);
  } else if (TestRunner.getCurrentTest() !== undefined) {
    onTestFinished(async () => {
      await cleanup();
    });
  } else if (inTestFile) {
    fileCleanups.push(cleanup);
  }
}

/** Runs a test that has others beside it: of these vitest cannot tell which one is running, and so whose a cleanup is. */
export async function withOwnCleanups(test: () => Promise<void>): Promise<void> {
  const cleanups: Cleanup[] = [];
  try {
    await ownCleanups.run(cleanups, test);
  } finally {
    for (const cleanup of cleanups.reverse()) await cleanup();
  }
}

// vitest forgets an afterAll that is called from within beforeAll, so one is registered when a test file imports us.
// That needs a fresh module per test file: vitest's default, `isolate: true`.
function registerAtFileEnd(): boolean {
  try {
    afterAll(async () => {
      for (const cleanup of fileCleanups.splice(0).reverse()) await cleanup();
    });
    return true;
  } catch {
    return false; // a global setup, or a plain script
  }
}

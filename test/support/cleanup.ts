import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, beforeAll, onTestFinished, TestRunner } from 'vitest';

type Cleanup = () => unknown;

const fileCleanups: Cleanup[] = [];
let inTestFile = false;
const ownCleanups = new AsyncLocalStorage<Cleanup[]>();
let withOwn = 0;

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

/** Runs `cleanup` when the test file ends, also when a test registers it. */
export function onFileCleanup(cleanup: Cleanup): void {
  fileCleanups.push(cleanup);
}

/** Runs a test that has others beside it: of these vitest cannot tell which one is running, and so whose a cleanup is. */
export async function withOwnCleanups(test: () => Promise<void>): Promise<void> {
  const cleanups: Cleanup[] = [];
  withOwn += 1;
  try {
    await ownCleanups.run(cleanups, test);
  } finally {
    for (const cleanup of cleanups.reverse()) await cleanup();
    withOwn -= 1;
    // While it is in use Node follows each promise and callback of the process, and the files after this one would pay for it.
    if (withOwn === 0) ownCleanups.disable();
  }
}

/**
 * Called once by each test file (`test-file.ts` is in `setupFiles`), as files share a process and its modules. Vitest would
 * forget an afterAll that is called from within beforeAll.
 */
export function cleanUpAtFileEnd(): void {
  inTestFile = true;
  // A test that is over its time limit goes on, and may start things when its file has ended: those of the next must not fail for it.
  const late = fileCleanups.splice(0).reverse();
  if (late.length > 0) {
    beforeAll(async () => {
      for (const cleanup of late) await Promise.resolve(cleanup()).catch(console.error);
    });
  }
  afterAll(async () => {
    for (const cleanup of fileCleanups.splice(0).reverse()) await cleanup();
  });
}

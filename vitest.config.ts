import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';
import { legacyDecorators } from './test/support/legacy-decorators.ts';
import { LongestFirst } from './test/support/longest-first.ts';

// Our own packages are read from their source, so tests need no build before them. Of others what Node itself takes: what some have for
// bundlers (`module`) it cannot load.
const conditions = ['im-source', ...defaultServerConditions.filter((condition) => condition !== 'module')];

export default defineConfig({
  plugins: [legacyDecorators],
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  // Node 20 cannot run standard decorators; for this target esbuild lowers them.
  esbuild: { target: 'es2022' },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/test-file.ts'],
    pool: 'forks',
    // A file does not load again what the one before it has loaded in its process. What a test changes it puts back itself.
    isolate: false,
    // Twice the cores of CI: most of what tests do is to wait, for time and for other processes.
    maxWorkers: 4,
    maxConcurrency: 2,
    // A platform makes much that soon goes. With more room for it than Node gives, tests of im-platform cost a tenth less CPU (decision 052).
    // A file that was not changed since the last run is not compiled again. In CI nothing is older than the run.
    experimental: { fsModuleCache: !process.env['CI'] },
    execArgv: ['--min-semi-space-size=32', '--max-semi-space-size=64'],
    sequence: { sequencer: LongestFirst },
    // What is waited for comes in moments. The limits are for a machine that has much else to do, and for what never comes.
    testTimeout: 90_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    passWithNoTests: false,
    // Faults are injected into real processes on a shared machine: in CI one of them may miss its time once. It is shown.
    retry: process.env['CI'] ? 1 : 0,
    reporters: ['default'],
    typecheck: {
      enabled: true,
      // Only these and what they use. `npm run types` reports the rest.
      tsconfig: './tsconfig.type-tests.json',
      include: ['packages/*/test/**/*.test-d.ts'],
      ignoreSourceErrors: true,
    },
  },
});

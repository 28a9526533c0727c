import { describe, test } from 'vitest';
import { withOwnCleanups } from '../../support/cleanup.ts';
import { newSeed } from '../kit/random.ts';
import { runRow, type Row } from './row.ts';

/** Each row as a test, in its small size. `npm run faults -- <row>` is the same in its full size. */
export function rowTests(...rows: readonly Row[]): void {
  for (const row of rows) test(row.holds, { timeout: 240_000 }, () => withOwnCleanups(() => runInSmall(row)));
}

/** The same for rows that mostly wait: two of them run at a time. */
export function rowTestsSideBySide(...rows: readonly Row[]): void {
  describe('side by side', { concurrent: true }, () => {
    rowTests(...rows);
  });
}

async function runInSmall(row: Row): Promise<void> {
  // Four files run at a time.
  await runRow(row, { times: row.inTest, seed: newSeed(), ...row.loadInTest, patience: 4 });
}

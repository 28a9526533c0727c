// What outlives a restart, in one file, whole after a kill. A desk of many agents takes a database instead.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Case } from './cases.ts';

export interface Kept {
  /** Signs who is who, and transcripts. */
  readonly secret: string;
  /** At which the platform tells what is said. */
  webhook?: { readonly id: string; readonly secret: string };
  cases: readonly Case[];
}

export function openKept(file: string): {
  readonly kept: Kept;
  readonly keep: (changes: Partial<Kept>) => void;
} {
  const fresh = (): Kept => ({ secret: randomBytes(32).toString('base64'), cases: [] });
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Kept) : fresh();
  const keep = (changes: Partial<Kept>): void => {
    Object.assign(kept, changes);
    writeFileSync(`${file}.new`, JSON.stringify(kept), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  keep({});
  return { kept, keep };
}

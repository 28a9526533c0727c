import { readFileSync } from 'node:fs';
import { invalidOption } from '../checks/index.ts';
import type { Given } from './sources.ts';

// What options name that are paths of files.

/** What is in the file that an option names. */
export function readNamedFile({ value, from }: Given): string {
  try {
    return readFileSync(String(value), 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw invalidOption(`${from} cannot be read: ${reason}.`, cause);
  }
}

/** One secret on each line of it. */
export function readSecrets(given: Given): string[] {
  const secrets = readNamedFile(given)
    .split(/\r?\n/)
    .filter((line) => line !== '');
  if (secrets.length > 0) return secrets;
  throw invalidOption(`${given.from} names an empty file; expected a secret per line.`);
}

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

/** The secrets that one option gives, or the lines of the file that another one names; undefined when neither does. */
export function secretsOf(
  given: ReadonlyMap<string, Given>,
  name: string,
  fileName: string,
): readonly string[] | undefined {
  const [secrets, file] = [given.get(name), given.get(fileName)];
  if (secrets && file)
    throw invalidOption(`${secrets.from} and ${file.from} are both given; expected one of them.`);
  // Read by the kind of secrets.
  return file ? readSecrets(file) : (secrets?.value as readonly string[] | undefined);
}

function readSecrets(given: Given): string[] {
  const secrets = readNamedFile(given)
    .split(/\r?\n/)
    .filter((line) => line !== '');
  if (secrets.length > 0) return secrets;
  throw invalidOption(`${given.from} names an empty file; expected a secret per line.`);
}

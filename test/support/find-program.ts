import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

// Where packages put programs; the folders for servers are not on the PATH of every user, nor always on root's.
const usual = ['/usr/bin', '/usr/local/bin', '/usr/sbin', '/usr/local/sbin', '/bin', '/sbin'];

/** A program that tests run, and how one comes by it. */
export interface Program {
  /** Any of them will do. */
  readonly names: readonly [string, ...string[]];
  /** Debian's package that holds it. */
  readonly packageName: string;
  /** For whoever has no apt. */
  readonly whatToDo: string;
  /** Tests do without it. @default they do not */
  readonly isOptional?: boolean;
}

/** The path of the program, on PATH or in one of the usual folders, /usr/bin and /usr/sbin among them. */
export async function lookUp({ names }: Pick<Program, 'names'>): Promise<string | undefined> {
  for (const name of names) {
    for (const folder of programFolders()) {
      const path = join(folder, name);
      if (await isExecutable(path)) return path;
    }
  }
  return undefined;
}

/** The path of a program that may be here or not. */
export function findProgram(name: string): Promise<string | undefined> {
  return lookUp({ names: [name] });
}

export function programFolders(): string[] {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...new Set([...onPath, ...usual])];
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

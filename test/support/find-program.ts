import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The path of a program on PATH, in /usr/bin or in /usr/local/bin. */
export async function lookUp(program: string): Promise<string | undefined> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
  for (const folder of folders) {
    const path = join(folder, program);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

export interface Installable {
  readonly name: string;
  /** Installs it with apt-get, for sh; does nothing when it is there. */
  readonly script: string;
  /** For whoever is not root on Debian. */
  readonly whatToDo: string;
}

/** Installs a program as root on Debian and gives its path; elsewhere throws, saying what to do. */
export async function installProgram({ name, script, whatToDo }: Installable): Promise<string> {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || (await lookUp('apt-get')) === undefined) {
    throw new Error(`No ${name} on PATH, in /usr/bin or /usr/local/bin. ${whatToDo}`);
  }
  console.log(`${name} is not installed: installing it with apt-get`);
  // Several test processes may get here at once: the lock lets one install, and the others find it done.
  const lock = join(tmpdir(), `im-test-install-${name}.lock`);
  try {
    await run('flock', [lock, 'sh', '-c', script], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  } catch (cause) {
    throw new Error(`apt-get could not install ${name}. ${whatToDo}`, { cause });
  }
  const path = await lookUp(name);
  if (path === undefined) throw new Error(`apt-get installed no ${name}. ${whatToDo}`);
  return path;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

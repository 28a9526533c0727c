import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

// Where packages put programs; the folders for servers are not on the PATH of every user, nor always on root's.
const usual = ['/usr/bin', '/usr/local/bin', '/usr/sbin', '/usr/local/sbin', '/bin', '/sbin'];

/** The path of a program on PATH or in one of the usual folders, /usr/bin and /usr/sbin among them. */
export async function lookUp(program: string): Promise<string | undefined> {
  for (const folder of folders()) {
    const path = join(folder, program);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

export interface Installable {
  readonly name: string;
  /** Debian's package that holds it. */
  readonly packageName: string;
  /** For whoever is not root on Debian. */
  readonly whatToDo: string;
}

// Arguments: program, package. A package of a server would start it as a service, on its usual port; a policy-rc.d
// that answers 101 forbids that.
const installWithApt = `
set -e
if command -v "$1" >/dev/null; then exit 0; fi
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 1' INT TERM
  printf '#!/bin/sh\\nexit 101\\n' >"$policy"
  chmod 755 "$policy"
fi
apt-get update
apt-get install -y --no-install-recommends "$2"
`;

/** Installs a program as root on Debian and gives its path; elsewhere throws, saying what to do. */
export async function installProgram({ name, packageName, whatToDo }: Installable): Promise<string> {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || (await lookUp('apt-get')) === undefined) {
    throw new Error(`No ${name} on PATH or in ${usual.join(', ')}. ${whatToDo}`);
  }
  console.log(`${name} is not installed: installing it with apt-get`);
  // Several test processes may get here at once: the lock lets one install, and the others find it done. It is one for
  // all programs, as apt-get and the policy are.
  const lock = join(tmpdir(), 'im-test-install.lock');
  try {
    await run('flock', [lock, 'sh', '-c', installWithApt, 'sh', name, packageName], {
      env: { ...process.env, PATH: folders().join(delimiter), DEBIAN_FRONTEND: 'noninteractive' },
      maxBuffer: 64 * 1024 * 1024, // a talkative apt-get must not be killed half way
    });
  } catch (cause) {
    throw new Error(`apt-get could not install ${packageName}. ${whatToDo}`, { cause });
  }
  const path = await lookUp(name);
  if (path === undefined) throw new Error(`apt-get installed no ${name}. ${whatToDo}`);
  return path;
}

function folders(): string[] {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...new Set([...onPath, ...usual])];
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { lookUp, programFolders, type Program } from './find-program.ts';

const run = promisify(execFile);

// Arguments, each list as one word: programs, packages, and packages that not every apt knows. A package of a server would
// start it as a service, on its usual port; a policy-rc.d that answers 101 forbids that.
const installWithApt = `
set -e
missing=
for program in $1; do command -v "$program" >/dev/null || missing=yes; done
if [ -z "$missing" ]; then exit 0; fi
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 1' INT TERM
  printf '#!/bin/sh\\nexit 101\\n' >"$policy"
  chmod 755 "$policy"
fi
apt-get update
packages=$2
for package in $3; do
  if apt-cache show "$package" >/dev/null 2>&1; then packages="$packages $package"; fi
done
apt-get install -y --no-install-recommends $packages
`;

/** The path of the program, which is installed first, with what is given with it, where that is needed and possible. */
export async function findProgram(program: Program, ...others: readonly Program[]): Promise<string> {
  const path = await lookUp(program);
  if (path !== undefined) return path;
  await installMissing([program, ...others]);
  return (await lookUp(program)) ?? fail(`apt-get installed no ${program.names[0]}. ${program.whatToDo}`);
}

/**
 * Installs, as root on Debian and in one step, what is missing; elsewhere throws, saying what that is and what to do. Of what tests can do
 * without it says only that.
 */
export async function installMissing(programs: readonly Program[]): Promise<void> {
  const missing = await missingOf(programs);
  const needed = missing.filter(isNeeded);
  if (missing.length === 0) return;
  const hasApt = (await lookUp({ names: ['apt-get'] })) !== undefined;
  if (hasApt && process.getuid?.() === 0)
    await install(missing).catch((error: unknown) => {
      if (needed.length > 0) throw error;
    });
  else if (needed.length > 0) fail(howToInstall(needed, hasApt));
  for (const { names, whatToDo } of await missingOf(missing.filter((program) => !isNeeded(program))))
    console.log(`${names[0]} is not installed. ${whatToDo}`);
}

async function missingOf(programs: readonly Program[]): Promise<Program[]> {
  const paths = await Promise.all(programs.map(lookUp));
  return programs.filter((_, index) => paths[index] === undefined);
}

function isNeeded({ isOptional = false }: Program): boolean {
  return !isOptional;
}

export function howToInstall(missing: readonly Program[], hasApt: boolean): string {
  const lines = missing.map(({ names, whatToDo }) => `  ${names.join(' or ')}. ${whatToDo}`);
  const command = `apt-get update && apt-get install -y --no-install-recommends ${packagesOf(missing)}`;
  return [
    'The tests run these programs, which are not installed:',
    ...['', ...lines, ''],
    ...(hasApt ? ['This installs what is missing, as root:', '', `  ${command}`, ''] : []),
  ].join('\n');
}

async function install(missing: readonly Program[]): Promise<void> {
  const packages = packagesOf(missing);
  const needed = packagesOf(missing.filter(isNeeded));
  const optional = packagesOf(missing.filter((program) => !isNeeded(program)));
  console.log(`Installing ${packages} with apt-get, once: the tests need it. That takes a minute or two.`);
  // Several test processes may get here at once: the lock lets one install, and the others find it done.
  const lock = join(tmpdir(), 'im-test-install.lock');
  const names = missing.map((program) => program.names[0]).join(' ');
  try {
    await run('flock', [lock, 'sh', '-c', installWithApt, 'sh', names, needed, optional], {
      env: { ...process.env, PATH: programFolders().join(delimiter), DEBIAN_FRONTEND: 'noninteractive' },
      maxBuffer: 64 * 1024 * 1024, // a talkative apt-get must not be killed half way
    });
  } catch (cause) {
    const said = ((cause as { stderr?: string }).stderr ?? '').trim().split('\n').slice(-5).join('\n');
    throw new Error(`apt-get could not install ${packages}:\n${said}\n\n${howToInstall(missing, true)}`, {
      cause,
    });
  }
}

function packagesOf(programs: readonly Program[]): string {
  return programs.map(({ packageName }) => packageName).join(' ');
}

function fail(message: string): never {
  throw new Error(message);
}

// npm run shell [-- FILE…]: carries out what the documents show of a shell (pages.ts), as it stands there, in a network of its own with Redis,
// sentinels, a cluster, MariaDB and NATS under the names that the documents give them, and the registry of npm. Needs Linux, root, and these programs;
// `npm run build` first.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ownArguments } from '../own-arguments.ts';
import { shellCodes } from '../shell-codes.ts';
import { openOutside } from './door.ts';
import { pages, type Page } from './pages.ts';
import { serving } from './serving.ts';
import { authoritiesIn, buildTown } from './town.ts';

async function runAll(folder: string, wanted: readonly string[]): Promise<void> {
  await buildTown(folder);
  const those = pages.filter(({ file }) => wanted.length === 0 || wanted.includes(file));
  let failed = 0;
  for (const page of those) if (!(await runPage(page, folder))) failed += 1;
  console.log(failed === 0 ? 'All that is to run does.' : `${failed} pages do not run.`);
  // Whatever is served ends with this process.
  process.exit(failed === 0 ? 0 : 1);
}

async function runPage(page: Page, folder: string): Promise<boolean> {
  const own = mkdtempSync(join(folder, `${page.file.replaceAll('/', '-')}-`));
  symlinkSync(resolve('node_modules'), join(own, 'node_modules'));
  for (const [name, line] of page.programs ?? [])
    writeFileSync(join(own, name), programWith(page.file, line));
  const script = join(own, 'page.sh');
  writeFileSync(script, scriptOf(page));
  const env = {
    PATH: `${resolve('node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
    HOME: own,
    PAGE: own,
    REPOSITORY: resolve('.'),
    NODE_EXTRA_CA_CERTS: authoritiesIn(folder),
    ...(process.env['CHROME_PATH'] && { CHROME_PATH: process.env['CHROME_PATH'] }),
    // What npm has here it need not fetch.
    npm_config_cache: join(homedir(), '.npm'),
    npm_config_prefer_offline: 'true',
    npm_config_update_notifier: 'false',
  };
  const began = performance.now();
  const { error, said } = await execute('bash', ['-eu', script], { cwd: own, env, timeout: 1_800_000 });
  const seconds = Math.round((performance.now() - began) / 1_000);
  console.log(`${error ? 'BAD ' : 'good'}  ${page.file} (${seconds} s)`);
  if (error) console.log(said.replaceAll(/^/gm, '      '));
  return !error;
}

interface Executed {
  readonly error: Error | null;
  readonly said: string;
}

function execute(program: string, args: readonly string[], options: object): Promise<Executed> {
  return new Promise((resolve) => {
    execFile(program, args, { encoding: 'utf8', maxBuffer: 1e8, ...options }, (error, stdout, stderr) => {
      resolve({ error, said: `${stdout}\n${stderr}` });
    });
  });
}

/** That the document shows. */
function programWith(file: string, line: string): string {
  const fences = readFileSync(file, 'utf8').matchAll(/^```[jt]s\n(.*?)^```/gms);
  const code = Array.from(fences, ([, found = '']) => found).find((found) => found.includes(line));
  if (code === undefined) throw new Error(`${file} shows no program with ${line}`);
  return code;
}

/** Whoever serves until it is ended is put behind and waited for. The last one ends first, by what Ctrl-C does. */
const helpers = `
# What one page has left there is none of the next one's: tokens that it has revoked, messages that wait.
redis-cli flushall >/dev/null
served=() endings=()
serve() { serve_until '"msg":"started"' 0 "$@"; }
serve_until() {
  local -; { set +x; } 2>/dev/null
  local ready=$1 log="$PAGE/served-\${#served[@]}.log"
  endings+=("$2")
  shift 2
  setsid env --default-signal=INT "$@" >"$log" 2>&1 &
  served+=($!)
  for _ in $(seq 1200); do
    grep -qE "$ready" "$log" && return
    kill -0 $! 2>/dev/null || { echo "ended: $*"; cat "$log"; exit 1; }
    sleep 0.1
  done
  echo "never started: $*"; tail -n 40 "$PAGE"/served-*.log; exit 1
}
end_all() {
  local -; { set +x; } 2>/dev/null
  local index ending
  for ((index = \${#served[@]} - 1; index >= 0; index--)); do
    kill -INT -- "-\${served[index]}" 2>/dev/null || true
    ending=0; wait "\${served[index]}" || ending=$?
    [ "$ending" = "\${endings[index]}" ] || { echo "ended with $ending:"; cat "$PAGE/served-$index.log"; exit 1; }
    # What npm has started may end after it.
    for _ in $(seq 300); do kill -0 -- "-\${served[index]}" 2>/dev/null || continue 2; sleep 0.1; done
    echo "never ended:"; cat "$PAGE/served-$index.log"; exit 1
  done
  served=() endings=()
}
trap 'for one in "\${served[@]}"; do kill -9 -- "-$one" 2>/dev/null || true; done' EXIT
clone() {
  mkdir "$PAGE/im" "$PAGE/upper" "$PAGE/work"
  mount -t overlay overlay -o "lowerdir=$REPOSITORY,upperdir=$PAGE/upper,workdir=$PAGE/work" "$PAGE/im"
  cd "$PAGE/im"
}
`;

function scriptOf({ file, only, clone, before = '', after = '', values = [], goesOn }: Page): string {
  const codes = shellCodes(readFileSync(file, 'utf8')).filter(
    ({ code, isSession }) => !isSession && (only?.test(code) ?? true),
  );
  if (codes.length === 0) throw new Error(`${file} shows nothing of a shell that is to be run.`);
  const parts = codes.map(({ code }) => {
    const filled = values.reduce(
      (text, [what, by]) => text.replaceAll(what, by),
      code.replaceAll(/\\\n\s*/g, ' '),
    );
    const lines = filled.split('\n').map((line) => served(line));
    return ['set -x', ...lines, '{ set +x; } 2>/dev/null', ...(goesOn ? [] : ['end_all'])].join('\n');
  });
  const place = clone ? 'clone' : '';
  return [helpers, place, before, ...parts, after, 'end_all', ''].join('\n');
}

function served(line: string): string {
  const found = serving.find(({ form }) => form.test(line));
  if (!found) return line;
  const { ready, ending } = found;
  return `serve_until '${ready}' ${ending} ${line.replace(/^npx (?=im-)| &$/g, '')}`;
}

const [inside, town = '', ...files] = process.argv.slice(2);
const isInside = inside === '--inside';
// Those inside have been looked at.
const { positionals: wanted } = isInside
  ? { positionals: files }
  : ownArguments({ name: 'shell', takes: 'files' });

if (isInside) await runAll(town, files);
else {
  const folder = mkdtempSync(join(tmpdir(), 'im-shell-'));
  openOutside(folder);
  const own = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  // A shell comes first: it takes leave of those whose parent has ended.
  const first = ['bash', '-c', '"$@"; exit $?', 'bash'];
  const command = [
    ...first,
    process.execPath,
    ...process.execArgv,
    process.argv[1] ?? '',
    '--inside',
    folder,
  ];
  const child = spawn('unshare', [...own, ...command, ...wanted], { stdio: 'inherit' });
  child.once('error', (error) => {
    throw new Error('This needs Linux, and unshare of util-linux.', { cause: error });
  });
  const [status] = (await once(child, 'exit')) as [number | null];
  rmSync(folder, { recursive: true, force: true });
  process.exitCode = status ?? 1;
}

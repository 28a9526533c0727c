// npm run shell [-- FILE…]: carries out what the documents show of a shell (pages.ts), as it stands there, in a network of its own with Redis,
// sentinels, a cluster, MariaDB and NATS under the names that the documents give them. Needs Linux, root, and these programs; `npm run build` first.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ownArguments } from '../own-arguments.ts';
import { shellCodes } from '../shell-codes.ts';
import { pages, type Page } from './pages.ts';
import { buildTown, certificateIn } from './town.ts';

async function runAll(folder: string, wanted: readonly string[]): Promise<void> {
  await buildTown(folder);
  const those = pages.filter(({ file }) => wanted.length === 0 || wanted.includes(file));
  const failed = those.filter((page) => !runPage(page, folder)).length;
  console.log(failed === 0 ? 'All that is to run does.' : `${failed} pages do not run.`);
  // Whatever is served ends with this process.
  process.exit(failed === 0 ? 0 : 1);
}

function runPage(page: Page, folder: string): boolean {
  const own = join(folder, page.file.replaceAll('/', '-'));
  mkdirSync(own);
  symlinkSync(resolve('node_modules'), join(own, 'node_modules'));
  const script = join(own, 'page.sh');
  writeFileSync(script, scriptOf(page));
  const env = {
    PATH: `${resolve('node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
    HOME: own,
    REPOSITORY: resolve('.'),
    NODE_EXTRA_CA_CERTS: certificateIn(folder),
  };
  const { status, stdout, stderr } = spawnSync('bash', ['-eu', script], {
    ...{ cwd: own, env, encoding: 'utf8', timeout: 600_000 },
  });
  console.log(`${status === 0 ? 'good' : 'BAD '}  ${page.file}`);
  if (status !== 0) console.log(`${stdout}\n${stderr}`.replaceAll(/^/gm, '      '));
  return status === 0;
}

/** Whoever serves until it is ended is put behind, waited for, and is to end with 0. */
const helpers = `
served=()
serve() {
  local -; { set +x; } 2>/dev/null
  "$@" >>served.log 2>&1 &
  served+=($!)
  local before=\${#served[@]}
  for _ in $(seq 300); do
    [ "$(grep -c '"msg":"started"' served.log)" -ge "$before" ] && return
    kill -0 $! 2>/dev/null || { echo "ended: $*"; cat served.log; exit 1; }
    sleep 0.1
  done
  echo "never started: $*"; cat served.log; exit 1
}
end_all() {
  local -; { set +x; } 2>/dev/null
  local pid
  for pid in "\${served[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "\${served[@]}"; do wait "$pid"; done
  served=(); : >served.log
}
: >served.log
trap '[ \${#served[@]} -eq 0 ] || kill -9 "\${served[@]}"' EXIT
`;

const serving =
  /^(npx im-server|im-server|(npx )?im-(platform|gateway) start|node --conditions=im-source --import tsx packages\/im-server)\b/;

function scriptOf({ file, only, before = '', after = '', values = [], goesOn }: Page): string {
  const codes = shellCodes(readFileSync(file, 'utf8')).filter(
    ({ code, isSession }) => !isSession && (only?.test(code) ?? true),
  );
  if (codes.length === 0) throw new Error(`${file} shows nothing of a shell that is to be run.`);
  const parts = codes.map(({ code }) => {
    const filled = values.reduce(
      (text, [what, by]) => text.replaceAll(what, by),
      code.replaceAll(/\\\n\s*/g, ' '),
    );
    const lines = filled
      .split('\n')
      .map((line) => (serving.test(line) ? `serve ${line.replace(/^npx | &$/g, '')}` : line));
    return ['set -x', ...lines, '{ set +x; } 2>/dev/null', ...(goesOn ? [] : ['end_all'])].join('\n');
  });
  return [helpers, before, ...parts, after, 'end_all', ''].join('\n');
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
  const own = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const command = [process.execPath, ...process.execArgv, process.argv[1] ?? '', '--inside', folder];
  const { status, error } = spawnSync('unshare', [...own, ...command, ...wanted], {
    stdio: 'inherit',
  });
  rmSync(folder, { recursive: true, force: true });
  if (error) throw new Error('This needs Linux, and unshare of util-linux.', { cause: error });
  process.exitCode = status ?? 1;
}

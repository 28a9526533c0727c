// `npm run site` builds the docs site from the Markdown of the repository into dist/site, looks at all its links and searches it; `npm run site -- dev`
// serves it as one edits it, `npm run site -- preview` serves what was built. `--base /im/` where it is not at the top of its host. VitePress and
// TypeDoc are installed when this first runs.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { describeGateway, describePlatform } from '../api-descriptions.ts';
import { installTools, toolsFolder } from '../install-tools.ts';
import { ownArguments } from '../own-arguments.ts';
import { deadLinksOf } from './dead-links.ts';
import { listOfDecisions, sourcePages } from './made-pages.ts';
import { openApiPage, type ApiDescription } from './openapi-page.ts';
import { madeFolder } from './places.ts';
import { searchIn } from './search.ts';

interface Manifest {
  readonly exports?: Readonly<Record<string, { readonly 'im-source': string }>>;
}

const { positionals, values } = ownArguments({
  name: 'site',
  takes: 'dev or preview',
  options: { base: { type: 'string', default: '/' }, port: { type: 'string' }, host: { type: 'string' } },
});
const [command = 'build'] = positionals;
const tools = join(toolsFolder, 'site');
const built = 'dist/site';
await installTools(tools);
if (command !== 'preview') await makePages();
const options = Object.entries(values).map(([name, value]) => `--${name}=${value}`);
run('vitepress', [command, tools, ...options]);
if (command === 'build') {
  const { pages, links, dead } = await deadLinksOf(built, values.base);
  for (const link of dead) console.error(link);
  console.log(
    `${pages} pages in ${built}, ${links} links: ${dead.length === 0 ? 'good' : `${dead.length} are dead`}`,
  );
  const { found, problems } = await searchIn(built, values.base, 'drain');
  for (const problem of problems) console.error(problem);
  console.log(`The search finds ${found.length} for "drain", without a network`);
  if (dead.length + problems.length > 0) process.exitCode = 1;
}

async function makePages(): Promise<void> {
  // Those of the reference take a while, and are looked at one by one only where the whole is built.
  const hasReference = existsSync(join(madeFolder, 'api/index.md'));
  if (command === 'build' || !hasReference) {
    await rm(madeFolder, { recursive: true, force: true });
    run('typedoc', ['--options', join(tools, 'typedoc.json'), ...(await doors())]);
  }
  const listing = ['-c', 'safe.directory=*', 'ls-files', '--cached', '--others', '--exclude-standard'];
  const listed = execFileSync('git', listing, { encoding: 'utf8' }).split('\n');
  const files = listed.filter((file) => file !== '' && existsSync(file)).sort();
  const pages = [
    ...sourcePages(files),
    listOfDecisions(files),
    ['v1.md', await platformPage()] as const,
    ['gateway-api.md', await gatewayPage()] as const,
  ];
  for (const [page, text] of pages) {
    const path = join(madeFolder, page);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}

/** What packages offer to others than each other. */
async function doors(): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir('packages')) {
    const manifest = JSON.parse(await readFile(`packages/${name}/package.json`, 'utf8')) as Manifest;
    for (const [door, { 'im-source': source }] of Object.entries(manifest.exports ?? {}))
      if (!door.startsWith('./internal/')) found.push(join('packages', name, source));
  }
  return found;
}

async function platformPage(): Promise<string> {
  const opening =
    'What a running im-platform says of itself at `/v1/openapi.json`; at `/docs` it shows the same, to try.';
  return openApiPage(
    'The API of im-platform',
    opening,
    JSON.parse(await describePlatform()) as ApiDescription,
  );
}

async function gatewayPage(): Promise<string> {
  const opening = 'What a running im-gateway says of itself at `/openapi.json`.';
  return openApiPage('The API of im-gateway', opening, JSON.parse(await describeGateway()) as ApiDescription);
}

function run(program: string, args: readonly string[]): void {
  const path = [join(tools, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
  const { status } = spawnSync(program, args, {
    env: { ...process.env, PATH: path },
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}

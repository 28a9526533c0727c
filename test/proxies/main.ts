// npm run proxies [-- nginx|haproxy]: runs deploy/nginx.conf and deploy/haproxy.cfg, with other ports, before two push servers and two
// platforms, and restarts each of them while devices are told things and people write. Both proxies must be installed.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram, freePort, selfSigned } from 'im-test/support';
import { ownArguments } from '../../scripts/own-arguments.ts';
import { Scope } from '../faults/kit/scope.ts';
import { makeProgramFiles } from '../support/program-files.ts';
import { makeRunFolder } from '../support/run-folder.ts';
import { spawnTied } from '../support/tied-process.ts';
import { restartPlatforms, restartPushServers, uploadWhole, whereFrom } from './checks.ts';
import { asNginxMain } from './nginx-main.ts';
import { startSites, type Site } from './sites.ts';

const [wanted] = ownArguments({ name: 'proxies', takes: 'nginx or haproxy' }).positionals;
const proxies = ['nginx', 'haproxy'].filter((name) => wanted === undefined || wanted === name);
if (proxies.length === 0) throw new Error('Usage: npm run proxies [-- nginx|haproxy]');
await makeProgramFiles(await makeRunFolder());
// Its certificate is signed by nobody.
process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
process.removeAllListeners('warning');
for (const name of proxies) {
  const program = await findProgram(name);
  if (program === undefined)
    throw new Error(
      `${name} is not installed. On Debian: apt-get install ${name === 'nginx' ? 'nginx-light' : name}`,
    );
  await using scope = new Scope();
  const site = await startSites(scope);
  const url = await startProxy(scope, { name, program, site });
  console.log(`${name}: ${await whereFrom(url)}`);
  console.log(`${name}: ${await uploadWhole(url)}`);
  console.log(`${name}: ${await restartPushServers(scope, url, site)}`);
  console.log(`${name}: ${await restartPlatforms(url, site)}`);
}
process.exit(0);

interface ProxyStart {
  readonly name: string;
  readonly program: string;
  readonly site: Site;
}

/** Runs the file of deploy/, and resolves with where it listens. */
async function startProxy(scope: Scope, { name, program, site }: ProxyStart): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `im-${name}-`));
  scope.onEnd(() => rm(folder, { recursive: true }));
  const { cert, key } = await selfSigned();
  const [certFile, keyFile, bothFile] = ['cert.pem', 'key.pem', 'both.pem'].map((file) => join(folder, file));
  for (const [file, content] of [
    [certFile, cert],
    [keyFile, key],
    [bothFile, Buffer.concat([cert, key])],
  ] as const)
    await writeFile(file ?? '', content);
  const port = await freePort();
  const isNginx = name === 'nginx';
  const replaced: readonly (readonly [string, string])[] = [
    ...site.addresses,
    ['/etc/ssl/im/fullchain-and-key.pem', bothFile ?? ''],
    ['/etc/ssl/im/fullchain.pem', certFile ?? ''],
    ['/etc/ssl/im/key.pem', keyFile ?? ''],
    // Of as many descriptors as a test may have.
    ['maxconn 200000', 'maxconn 2000'],
    isNginx ? ['listen 443', `listen 127.0.0.1:${port}`] : ['bind :443', `bind 127.0.0.1:${port}`],
  ];
  const shipped = await readFile(`deploy/${isNginx ? 'nginx.conf' : 'haproxy.cfg'}`, 'utf8');
  // All at once: a port that was put in must not be taken for one that is to be replaced.
  const text = shipped.replace(new RegExp(replaced.map(([from]) => from).join('|'), 'g'), (from) => {
    return replaced.find(([known]) => known === from)?.[1] ?? from;
  });
  const file = join(folder, 'proxy.conf');
  await writeFile(file, isNginx ? asNginxMain(text, folder) : text);
  const child = spawnTied({
    program,
    args: isNginx ? ['-c', file, '-p', folder] : ['-f', file],
    cwd: folder,
  });
  scope.onEnd(() => {
    child.signal('SIGTERM');
    return child.ended;
  });
  const url = `https://127.0.0.1:${port}`;
  for (;;) {
    if (!child.isRunning()) throw new Error(`${name} ended:\n${child.output}`);
    const answer = await fetch(`${url}/v1/sessions`, { method: 'POST' }).catch(() => undefined);
    if (answer && answer.status < 500) return url;
    await sleep(50);
  }
}

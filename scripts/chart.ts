// npm run chart: renders deploy/helm/im by helm with little, with everything and with what is wrong, and has each manifest read by
// Kubernetes' own types, where an unknown field is an error. Needs helm and Go; neither is needed for anything else here.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownArguments } from './own-arguments.ts';

ownArguments({ name: 'chart' });
const chart = 'deploy/helm/im';
/** A helm from the registry of Go takes its cluster for an old one when nothing is said. */
const template = ['template', 'im', chart, '--kube-version', '1.30.0'];
const least = { redis: 'redis://redis:6379', existingSecret: 'im' };

const good: Readonly<Record<string, object>> = {
  'as little as it takes': least,
  'push servers alone': { ...least, platform: { enabled: false } },
  everything: {
    ...least,
    image: { repository: 'registry.example.com/im', tag: '1.2.3', pullSecrets: ['registry'] },
    server: {
      publicUrl: 'wss://push.example.com/im',
      drainMs: 60_000,
      env: { IM_SSE: 'true' },
      autoscaling: { enabled: true },
    },
    platform: { publicUrl: 'https://chat.example.com', existingClaim: 'files' },
    gateway: { enabled: true },
    ingress: { enabled: true, host: 'chat.example.com', tlsSecret: 'tls', annotations: { a: 'b' } },
    networkPolicy: {
      enabled: true,
      from: [{ podSelector: {} }],
      metricsFrom: [{ namespaceSelector: { matchLabels: { name: 'monitoring' } } }],
    },
    serviceMonitor: { enabled: true, labels: { release: 'prometheus' } },
  },
};

const refused: Readonly<Record<string, object>> = {
  'redis: where Redis is': { existingSecret: 'im' },
  'existingSecret: the name': { redis: 'redis://redis:6379' },
  publicUrl: { ...least, server: { publicUrl: 'https://push.example.com/im' } },
  replica: { ...least, server: { replica: 3 } },
};

function run(
  program: string,
  args: readonly string[],
  input = '',
  cwd = '.',
): { status: number; said: string } {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', input, cwd });
  if (error)
    throw new Error(`${program} cannot be run: ${error.message}. docs/deploy.md says how to come by it.`);
  return { status: status ?? 1, said: status === 0 ? stdout : stdout + stderr };
}

const folder = await mkdtemp(join(tmpdir(), 'im-chart-'));
try {
  const values = join(folder, 'values.json');
  const helm = async (
    command: readonly string[],
    content: object,
  ): Promise<{ status: number; said: string }> => {
    await writeFile(values, JSON.stringify(content));
    return run('helm', [...command, '--values', values]);
  };
  const problems: string[] = [];
  for (const [name, content] of Object.entries(good)) {
    const lint = await helm(['lint', '--strict', chart], content);
    const rendered = await helm(template, content);
    if (lint.status !== 0 || rendered.status !== 0) {
      problems.push(`${name}: ${lint.said}${rendered.said}`);
      continue;
    }
    const pods = rendered.said.match(/^ +containers:$/gm)?.length ?? 0;
    if (pods !== rendered.said.match(/^ +enableServiceLinks: false$/gm)?.length)
      problems.push(`${name}: a pod gets variables that Kubernetes names as our options.`);
    const read = run('go', ['run', '.'], rendered.said, 'tools/chart');
    if (read.status !== 0) problems.push(`${name}: ${read.said}`);
    else console.log(`${name}: ${read.said.trim().split('\n').join(', ')}`);
  }
  for (const [why, content] of Object.entries(refused)) {
    const { status, said } = await helm(template, content);
    if (status === 0 || !said.includes(why)) problems.push(`It should be refused because of ${why}: ${said}`);
  }
  console.log(
    `${Object.keys(refused).length} wrong ones: ${problems.length === 0 ? 'refused' : 'see below'}`,
  );
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true });
}

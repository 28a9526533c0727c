import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readDockerignore } from '../../scripts/images/docker-ignore.ts';
import { readDockerfile } from '../../scripts/images/dockerfile.ts';

// What can be told of the images without making them. `npm run images` makes them, and starts what comes of it.

const root = fileURLToPath(new URL('../../', import.meta.url));
const text = await readFile(`${root}Dockerfile`, 'utf8');
const stages = readDockerfile(text);

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** A package of ours and those of ours that it needs. */
async function withOurs(name: string): Promise<string[]> {
  const manifest = await readFile(`${root}packages/${name}/package.json`, 'utf8');
  const { dependencies = {} } = JSON.parse(manifest) as Manifest;
  const ours = Object.keys(dependencies).filter((other) => other.startsWith('im-'));
  const needed = await Promise.all(ours.map(withOurs));
  return [...new Set([name, ...needed.flat()])].sort();
}

describe.each(['im-server', 'im-platform', 'im-gateway'])('the image of %s', (name) => {
  const stage = stages.find((one) => one.name === name)!;

  test('has the packages of ours that it needs, and no others', async () => {
    const copied = stage.steps.flatMap(({ name: kind, text: what }) =>
      kind === 'COPY' ? (/ \.\/packages\/(\S+)$/.exec(what)?.[1] ?? []) : [],
    );

    expect(copied.sort()).toEqual(await withOurs(name));
  });

  test('is a program without a shell, of a user without rights, which says how it is', () => {
    const { entrypoint, user, healthcheck } = stage.settings;

    expect(entrypoint).toEqual(['node', `packages/${name}/bin/${name}.js`]);
    expect(user).toBe('1000:1000');
    expect(healthcheck.join(' ')).toContain('/healthz');
  });
});

test('they have a Node that is tested', async () => {
  const [, major = ''] = /^ARG NODE=(\d+)-/m.exec(text) ?? [];
  const nodes = await readFile(`${root}tools/nodes/package.json`, 'utf8');

  expect(nodes).toContain(`"node-${major}-linux-x64"`);
});

test('what is built from is sent, and nothing that a folder has beside it', async () => {
  const isSent = readDockerignore(await readFile(`${root}.dockerignore`, 'utf8'));
  const listed = execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '*package.json'], {
    cwd: root,
    encoding: 'utf8',
  });
  const workspaces = listed
    .split('\n')
    .filter((path) => /^((packages|examples)\/[^/]+|test|bench)\/package/.test(path));

  expect(workspaces.length).toBeGreaterThan(10);
  for (const path of [
    ...workspaces,
    'package-lock.json',
    'packages/im-web/index.html',
    'scripts/build-page.ts',
  ])
    expect(isSent(path), path).toBe(true);
  for (const path of [
    ...[
      '.env',
      '.git/config',
      'deploy/compose/.env',
      'data/im.db',
      'node_modules/ws/index.js',
      'packages/im-server/.env',
    ],
    ...[
      'packages/im-server/dist/main.js',
      'packages/im-gateway/node_modules/ajv/package.json',
      'secrets.txt',
    ],
    ...['packages/im-server/test/support.ts', 'test/support/index.ts', 'examples/nest/app.module.ts'],
  ])
    expect(isSent(path), path).toBe(false);
});

test.each(['HEALTHCHECK CMD curl http://localhost', 'SHELL ["bash"]', 'ENTRYPOINT node main.js'])(
  'what no step of ours may be is refused: %s',
  (line) => {
    expect(() => readDockerfile(`FROM node:24 AS one\n${line}\n`)).toThrow();
  },
);

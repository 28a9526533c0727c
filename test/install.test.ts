import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onCleanup } from 'im-test/support';
import { expect, test } from 'vitest';

// `npm install && npm start` on a machine with Node, npm and nothing else.

interface Locked {
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

const root = fileURLToPath(new URL('../', import.meta.url));
const lock = JSON.parse(await readFile(`${root}package-lock.json`, 'utf8')) as {
  packages: Record<string, Locked>;
};
const installed = Object.entries(lock.packages).filter(
  ([path, { link }]) => path.includes('node_modules/') && !link,
);

test('nothing is compiled or loaded from elsewhere', () => {
  const withScripts = installed.filter(([, { hasInstallScript }]) => hasInstallScript);

  // They look whether the binary runs that npm has put beside them.
  expect(withScripts.map(([path]) => path.replace(/.*node_modules\//, '')).sort()).toEqual([
    '@photostructure/sqlite',
    'esbuild',
  ]);
});

test.each(['x64', 'arm64'])('binaries for Linux on %s are locked, for glibc and musl', async (cpu) => {
  const names = installed.map(([path]) => path.replace(/.*node_modules\//, ''));
  const sqlite = `${root}node_modules/@photostructure/sqlite/prebuilds/linux-${cpu}`;

  expect(names).toEqual(
    expect.arrayContaining([
      ...[`@img/sharp-linux-${cpu}`, `@img/sharp-linuxmusl-${cpu}`],
      ...[`@node-rs/argon2-linux-${cpu}-gnu`, `@node-rs/argon2-linux-${cpu}-musl`],
      ...[`@rollup/rollup-linux-${cpu}-gnu`, `@rollup/rollup-linux-${cpu}-musl`],
      `@esbuild/linux-${cpu}`,
    ]),
  );
  expect((await readdir(sqlite)).map((file) => file.replace(/.*\.(\w+)\.node/, '$1')).sort()).toEqual([
    'glibc',
    'musl',
  ]);
});

test.each(['im-server', 'im-platform'])(
  'npx %s of a clone says that it is to be built first',
  async (name) => {
    const manifest = await readFile(`${root}packages/${name}/package.json`, 'utf8');
    const file = (JSON.parse(manifest) as { bin: Record<string, string> }).bin[name] ?? '';
    const unbuilt = await mkdtemp(join(tmpdir(), 'im-test-unbuilt-'));
    onCleanup(() => rm(unbuilt, { recursive: true, force: true }));
    await cp(join(root, 'packages', name, file), join(unbuilt, file));
    await cp(join(root, 'packages', name, 'package.json'), join(unbuilt, 'package.json'));

    // It is there, and may be run: npm links only what it finds.
    await expect(promisify(execFile)(join(unbuilt, file))).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('npm run build') as string,
    });
  },
);

// `npm run reacts`: the packed im-device with the Reacts that its README names, each installed by npm as users do it: the page of examples/pages
// compiles with the types of that React, somebody uses it in Chromium, and Node renders the hooks. The suite has the newest one alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { visitShop } from '../test/device/support/shop-page.ts';
import { Project } from '../test/packed/project.ts';
import { launchChromium } from '../test/support/chromium.ts';
import { ownArguments } from './own-arguments.ts';

const { positionals } = ownArguments({ name: 'reacts', takes: 'versions' });
const versions = positionals.length > 0 ? positionals : ['18.2.0', '18.3.1', '19.0.0', '19.3.1'];
const expected = '{"notices":1,"connections":1,"connectionsAfterReturn":2}';

const ours = ['im-common', 'im-client', 'im-server', 'im-embedded', 'im-device'];
const project = await Project.create(ours, ['esbuild', 'vue']);
const browser = await launchChromium();
try {
  await copyPages();
  for (const version of versions) {
    const [major = ''] = version.split('.');
    await project.install(
      `react@${version}`,
      `react-dom@${version}`,
      `@types/react@${major}`,
      `@types/react-dom@${major}`,
    );
    await project.tool('@native/typescript/bin/tsc', ['-p', 'pages']);
    const said = await project.node([await project.copy('react-on-server.js', 'on-server/react.js')]);
    if (said !== `${version}: offline 0\n`) throw new Error(`React ${version} rendered on a server: ${said}`);
    const visit = JSON.stringify(await visitPages());
    if (visit !== expected) throw new Error(`React ${version} in Chromium: ${visit}; expected ${expected}.`);
    console.log(`React ${version}: types, on a server, in Chromium`);
  }
} finally {
  await browser.close();
  await project.remove();
}

async function copyPages(): Promise<void> {
  const folder = join(project.folder, 'pages');
  await cp('examples/pages', folder, { recursive: true });
  const file = join(folder, 'pages.ts');
  // The sources, which packages do not have.
  await writeFile(file, (await readFile(file, 'utf8')).replace("conditions: ['im-source'],", ''));
  const compilerOptions = {
    ...{
      target: 'es2022',
      lib: ['es2022', 'dom'],
      module: 'esnext',
      moduleResolution: 'bundler',
      jsx: 'react-jsx',
    },
    ...{ strict: true, noEmit: true, types: [], allowImportingTsExtensions: true },
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['react.tsx'] }));
}

async function visitPages() {
  const args = ['--import', createRequire(import.meta.url).resolve('tsx'), 'pages/pages.ts'];
  const child = spawn(process.execPath, args, {
    cwd: project.folder,
    env: { PATH: process.env['PATH'], PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  try {
    for await (const line of createInterface(child.stdout)) {
      const url = /React at (\S+)/.exec(line)?.[1];
      if (url !== undefined) return await visitShop(await (await browser.newContext()).newPage(), url);
    }
    throw new Error('examples/pages has ended.');
  } finally {
    child.kill();
    await ended;
  }
}

// `npm run jest`: the packed packages in tests of jest, in each of the ways that the README of im-client names. The suite
// has the other users of packages (test/packed); jest is installed when this first runs.
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Project } from '../test/packed/project.ts';
import { installTools, toolsFolder } from './install-tools.ts';

const tools = join(toolsFolder, 'jest');
const library = (name: string): string => join(tools, 'node_modules', name);
const transformIgnorePatterns = ['/node_modules/(?!(im-\\w+|jose)/)'];

interface Way {
  readonly test: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly manifest: object;
  readonly tsconfig?: object;
}

const ways: Readonly<Record<string, Way>> = {
  'ES modules': {
    test: 'send.test.js',
    env: { NODE_OPTIONS: '--experimental-vm-modules' },
    manifest: { type: 'module', jest: { transform: {} } },
  },
  'CommonJS by ts-jest': {
    test: 'send.test.ts',
    manifest: { jest: { transform: { '^.+\\.(t|j)s$': library('ts-jest') }, transformIgnorePatterns } },
    // Of `nest new`.
    tsconfig: {
      compilerOptions: {
        ...{ module: 'nodenext', moduleResolution: 'nodenext', target: 'ES2023', isolatedModules: true },
        ...{ esModuleInterop: true, emitDecoratorMetadata: true, experimentalDecorators: true },
      },
    },
  },
  'CommonJS by Babel': {
    test: 'send.test.js',
    manifest: {
      jest: {
        transform: {
          '\\.js$': [
            library('babel-jest'),
            { plugins: [library('@babel/plugin-transform-modules-commonjs')] },
          ],
        },
        transformIgnorePatterns,
      },
    },
  },
};

await installTools(tools);
const project = await Project.create();
try {
  for (const [way, { test, env = {}, manifest, tsconfig = {} }] of Object.entries(ways)) {
    const program = await project.copy('send-in-jest.js', `${way.replaceAll(' ', '-')}/${test}`);
    const folder = dirname(program);
    const config = join(folder, 'package.json');
    await writeFile(config, JSON.stringify(manifest));
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
    const said = await project.node([library('jest/bin/jest.js'), '--config', config], env);
    console.log(`${way}: ${/Tests: .*/.exec(said)?.[0] ?? said}`);
  }
} finally {
  await project.remove();
}

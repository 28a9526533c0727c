// `npm run jest`: the packed packages in tests of jest, in each of the ways that the README of im-client names. The suite
// has the other users of packages (test/packed); jest is installed when this first runs.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Project } from '../test/packed/project.ts';
import { installTools, toolsFolder } from './install-tools.ts';
import { ownArguments } from './own-arguments.ts';

const tools = join(toolsFolder, 'jest');
const library = (name: string): string => join(tools, 'node_modules', name);
/** Not im-embedded: there is `import.meta` in im-server. */
const inCommonJs = ['kit-in-jest'];
const transformIgnorePatterns = ['/node_modules/(?!(im-\\w+|jose)/)'];

interface Way {
  /** Of `test/packed/users`. */
  readonly tests: readonly string[];
  readonly ending: 'js' | 'ts';
  readonly env?: Readonly<Record<string, string>>;
  readonly manifest: object;
  readonly tsconfig?: object;
}

const ways: Readonly<Record<string, Way>> = {
  'ES modules': {
    tests: ['send-in-jest', 'kit-in-jest'],
    ending: 'js',
    env: { NODE_OPTIONS: '--experimental-vm-modules' },
    manifest: { type: 'module', jest: { transform: {} } },
  },
  'CommonJS by ts-jest': {
    tests: inCommonJs,
    ending: 'ts',
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
    tests: inCommonJs,
    ending: 'js',
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

ownArguments({ name: 'jest' });
await installTools(tools);
const project = await Project.create();
try {
  for (const [way, { tests, ending, env = {}, manifest, tsconfig = {} }] of Object.entries(ways)) {
    const name = way.replaceAll(' ', '-');
    for (const test of tests) await project.copy(`${test}.js`, `${name}/${test}.test.${ending}`);
    const folder = join(project.folder, name);
    const config = join(folder, 'package.json');
    await writeFile(config, JSON.stringify(manifest));
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
    const said = await project.node([library('jest/bin/jest.js'), '--config', config], env);
    console.log(`${way}: ${/Tests: .*/.exec(said)?.[0] ?? said}`);
  }
} finally {
  await project.remove();
}

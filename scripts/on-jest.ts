// `npm run jest`: the packed packages in tests of jest, in both of the ways that the README of im-client names. The suite
// has the other users of packages (test/packed); jest is installed when this first runs.
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Project } from '../test/packed/project.ts';
import { installTools, toolsFolder } from './install-tools.ts';

const tools = join(toolsFolder, 'jest');
const library = (name: string): string => join(tools, 'node_modules', name);

const ways = {
  'ES modules': {
    env: { NODE_OPTIONS: '--experimental-vm-modules' },
    manifest: { type: 'module', jest: { transform: {} } },
  },
  'CommonJS by Babel': {
    env: {},
    manifest: {
      jest: {
        transform: {
          '\\.js$': [
            library('babel-jest'),
            { plugins: [library('@babel/plugin-transform-modules-commonjs')] },
          ],
        },
        transformIgnorePatterns: ['/node_modules/(?!(im-\\w+|jose)/)'],
      },
    },
  },
};

await installTools(tools);
const project = await Project.create();
try {
  for (const [way, { env, manifest }] of Object.entries(ways)) {
    const program = await project.copy('send-in-jest.js', `${way.replaceAll(' ', '-')}/send.test.js`);
    const config = join(dirname(program), 'package.json');
    await writeFile(config, JSON.stringify(manifest));
    const said = await project.node([library('jest/bin/jest.js'), '--config', config], env);
    console.log(`${way}: ${/Tests: .*/.exec(said)?.[0] ?? said}`);
  }
} finally {
  await project.remove();
}

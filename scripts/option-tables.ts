// `npm run options`: the READMEs of the programs get the options that their tables have. A test of each compares the two.
import { readFile, writeFile } from 'node:fs/promises';
import { optionTables, withOptionTables } from 'im-common/internal/program';
import { program as cli } from '../packages/im-cli/src/configuration.ts';
import { program as gateway } from '../packages/im-gateway/src/configuration.ts';
import { program as platform } from '../packages/im-platform/src/configuration.ts';
import { program as server } from '../packages/im-server/src/program/configuration.ts';
import { ownArguments } from './own-arguments.ts';

ownArguments({ name: 'options' });
const programs = { 'im-cli': cli, 'im-gateway': gateway, 'im-platform': platform, 'im-server': server };
for (const [folder, program] of Object.entries(programs)) {
  const path = `packages/${folder}/README.md`;
  const readme = await readFile(path, 'utf8');
  await writeFile(path, withOptionTables(readme, optionTables(program)));
}

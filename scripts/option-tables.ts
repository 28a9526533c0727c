// `npm run options`: the READMEs of the programs get the options that their tables have. A test of each compares the two.
import { readFile, writeFile } from 'node:fs/promises';
import { optionTables, withOptionTables } from 'im-common/internal/program';
import { program as gateway } from '../packages/im-gateway/src/configuration.ts';
import { program as platform } from '../packages/im-platform/src/configuration.ts';
import { program as server } from '../packages/im-server/src/program/configuration.ts';

for (const program of [gateway, platform, server]) {
  const path = `packages/${program.name}/README.md`;
  const readme = await readFile(path, 'utf8');
  await writeFile(path, withOptionTables(readme, optionTables(program)));
}

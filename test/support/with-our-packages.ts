// Runs a program that stands in a README, as CommonJS, in this script: our packages are in it, and what V8 made of them is kept
// (see `launch-program.ts`). What else the program asks for is what it finds where it stands. Argument: its file.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';

const ours: Readonly<Record<string, () => Promise<unknown>>> = {
  'im-chat': () => import('im-chat'),
  'im-client': () => import('im-client'),
  'im-client/testing': () => import('im-client/testing'),
  'im-common/token': () => import('im-common/token'),
  'im-device': () => import('im-device'),
  'im-embedded': () => import('im-embedded'),
  'im-nest': () => import('im-nest'),
  'im-platform': () => import('im-platform'),
  'im-server': () => import('im-server'),
};

const file = process.argv[2] ?? '';
const text = readFileSync(file, 'utf8');
const loaded = new Map<string, unknown>();
for (const [, name = ''] of text.matchAll(/\brequire\("([^"]+)"\)/g)) {
  const load = ours[name];
  if (load) loaded.set(name, await load());
  else if (name.startsWith('im-')) throw new Error(`with-our-packages.ts has no ${name}`);
}
const ofOthers = createRequire(file);
const run = compileFunction(text, ['require', 'exports'], { filename: file }) as (
  require: (name: string) => unknown,
  exports: object,
) => void;
run((name) => loaded.get(name) ?? ofOthers(name), {});

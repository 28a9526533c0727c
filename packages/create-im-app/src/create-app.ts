import { randomBytes } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { templates, type Template, type TemplateName } from './templates.ts';

/** Wrong use; the message says what to do. */
export class CreateAppError extends Error {
  override readonly name: string = 'CreateAppError';
}

export interface App {
  /** As it was given. The name of the package is the last part of it. */
  readonly folder: string;
  readonly template: TemplateName;
}

const ownFolder = fileURLToPath(new URL('../', import.meta.url));

/** What npm takes as the name of a package. */
const nameForm = /^[a-z0-9][a-z0-9._-]{0,213}$/;
/** What is there before anything is: a repository, and what editors and systems leave. */
const isNothing = /^(\.git|\.DS_Store|\.idea|\.vscode)$/;

/** Writes a project into an empty folder, which is made where it is not there. */
export async function createApp({ folder, template }: App): Promise<void> {
  const path = resolve(folder);
  const name = basename(path);
  if (!nameForm.test(name))
    throw new CreateAppError(
      `"${name}" cannot be the name of a package: it begins with a small letter or a digit, and has small letters, digits, ".", "_" and "-" only. Choose another folder.`,
    );
  const there = await readdir(path).catch(nothingIfMissing);
  const file = there.find((entry) => !isNothing.test(entry));
  if (file !== undefined)
    throw new CreateAppError(
      `The folder ${folder} is not empty: it has ${file}. Choose another one, or empty it.`,
    );
  await mkdir(path, { recursive: true });
  for (const part of ['common', template])
    await cp(join(ownFolder, 'templates', part), path, { recursive: true });
  // npm leaves a .gitignore out of packages.
  await rename(join(path, 'gitignore'), join(path, '.gitignore'));
  if (template === 'nest') await forNest(path);
  const chosen = templates[template];
  await writeFile(join(path, 'package.json'), `${JSON.stringify(await manifestOf(name, chosen), null, 2)}\n`);
  await writeFile(join(path, 'README.md'), readmeOf(name, chosen));
  // Its own in each project, and in none of the files that are committed.
  const secret = (): string => randomBytes(32).toString('base64url');
  const env = `JWT_SECRET=${secret()}\nREFRESH_SECRET=${secret()}\n`;
  await writeFile(join(path, '.env'), env, { mode: 0o600 });
}

function nothingIfMissing(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  if (error.code === 'ENOTDIR') throw new CreateAppError('There is a file of this name. Choose another one.');
  throw error;
}

/** It has the decorators of old, and needs to know the types of what is injected. */
async function forNest(path: string): Promise<void> {
  const file = join(path, 'tsconfig.json');
  const config = JSON.parse(await readFile(file, 'utf8')) as { compilerOptions: object };
  const compilerOptions = {
    ...config.compilerOptions,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
  };
  await writeFile(file, `${JSON.stringify({ ...config, compilerOptions }, null, 2)}\n`);
}

async function manifestOf(name: string, template: Template): Promise<object> {
  const { version } = JSON.parse(await readFile(join(ownFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const ours = Object.fromEntries(template.ours.map((each) => [each, version]));
  return {
    name,
    private: true,
    version: '0.0.0',
    type: 'module',
    engines: { node: '>=20.19' },
    scripts: {
      build: 'tsc',
      start: 'tsc && node --env-file=.env dist/main.js',
      test: 'tsc && node --test dist/missed.test.js',
    },
    dependencies: { ...ours, ...template.dependencies },
    devDependencies: { '@types/node': '^20.19.0', typescript: '^6.0.2', ...template.devDependencies },
  };
}

function readmeOf(name: string, { about, needs, port, believes }: Template): string {
  const before = needs === undefined ? '' : `It needs ${needs}.\n\n`;
  const sessions =
    believes === undefined
      ? ''
      : ` Who is signed in is a number in the address of the page so far: \`${believes}\` says where\nyour sessions belong.`;
  return `# ${name}

Pushes to users, wherever they are connected: ${about}.

${before}\`\`\`sh
npm install
npm start     # then open http://localhost:${port}
\`\`\`

\`npm test\` runs the test of the listener in \`src/missed.ts\`, which hears what became of messages; without Redis and without a server.

Secrets are in \`.env\`, which is not to be committed.${sessions}
`;
}

import { cp, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readDockerignore } from './docker-ignore.ts';
import type { Settings, Stage, Step } from './dockerfile.ts';
import { run, runInRoot } from './namespace.ts';

export interface Built {
  readonly root: string;
  readonly settings: Settings;
  /** Of what was put upon the base, in bytes. */
  readonly bytes: number;
}

/** Where the stages are made, and of what. */
export interface Workshop {
  /** A root with Node and npm, which stands for every image from elsewhere. */
  readonly base: string;
  /** For the stages. */
  readonly folder: string;
  /** Of npm, for RUN. */
  readonly env: Readonly<Record<string, string>>;
}

/** Makes all stages, each as a layer upon the one that it is FROM. */
export async function buildStages(
  stages: readonly Stage[],
  workshop: Workshop,
  say: (line: string) => void,
): Promise<Map<string, Built>> {
  const made = new Map<string, Built & { readonly layers: string }>();
  for (const { name, from, steps, settings } of stages) {
    const [upper, root, work] = ['upper', 'root', 'work'].map((part) =>
      join(workshop.folder, name, part),
    ) as [string, string, string];
    for (const part of [upper, root, work]) await mkdir(part, { recursive: true });
    const below = made.get(from)?.layers ?? workshop.base;
    run('mount', [
      '-t',
      'overlay',
      'overlay',
      '-o',
      `lowerdir=${below},upperdir=${upper},workdir=${work}`,
      root,
    ]);
    let folder = made.get(from)?.settings.workdir ?? '/';
    for (const step of steps) {
      if (step.name === 'WORKDIR') {
        folder = step.text;
        await mkdir(join(root, folder), { recursive: true });
      } else if (step.name === 'COPY') await copy(step, { root, folder, made });
      else {
        // npm reaches its registry as it does here.
        const env = { ...settings.env, ...workshop.env, HOME: '/root' };
        runInRoot(root, { ...settings, user: '0:0', workdir: folder, env }, ['sh', '-ec', step.text]);
      }
    }
    const bytes = Number(run('du', ['-sb', upper]).split('\t')[0]);
    made.set(name, { root, settings, bytes, layers: `${upper}:${below}` });
    say(`${name}: ${(bytes / 1e6).toFixed(0)} MB upon ${from}`);
  }
  return made;
}

interface Place {
  readonly root: string;
  readonly folder: string;
  readonly made: ReadonlyMap<string, Built>;
}

async function copy({ text, flags }: Step, { root, folder, made }: Place): Promise<void> {
  const [source = '', target = ''] = text.split(' ');
  const to = join(root, target.startsWith('/') ? '' : folder, target);
  const { from, chown } = flags;
  await mkdir(dirname(to), { recursive: true });
  if (from === undefined) await copyRepository(to);
  else {
    const stage = made.get(from);
    if (!stage) throw new Error(`COPY --from=${from}: there is no such stage.`);
    // Into what is there, or as something new: both as Docker has it for a folder.
    run('cp', ['-aT', join(stage.root, source), to]);
  }
  if (chown !== undefined) run('chown', ['-R', chown, to]);
}

/** What git knows of it, and .dockerignore lets through. */
async function copyRepository(to: string): Promise<void> {
  const isSent = readDockerignore(await readFile('.dockerignore', 'utf8'));
  const listed = run('git', ['-c', 'safe.directory=*', 'ls-files']).split('\n');
  for (const file of listed.filter((one) => one !== '' && isSent(one)))
    await cp(file, join(to, file), { preserveTimestamps: true });
}

// As much of a Dockerfile as ours has. What is not known here is an error, and never left out.

export interface Step {
  readonly name: 'COPY' | 'RUN' | 'WORKDIR';
  /** What stands behind its name, without flags. */
  readonly text: string;
  readonly flags: Readonly<Record<string, string>>;
}

export interface Stage {
  readonly name: string;
  /** An earlier stage, or an image. */
  readonly from: string;
  readonly steps: readonly Step[];
  readonly settings: Settings;
}

/** How a container of it is started. */
export interface Settings {
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
  readonly workdir: string;
  readonly ports: readonly string[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly healthcheck: readonly string[];
}

const none: Settings = {
  env: {},
  user: '0:0',
  workdir: '/',
  ports: [],
  entrypoint: [],
  cmd: [],
  healthcheck: [],
};

export function readDockerfile(text: string): Stage[] {
  const args = new Map<string, string>();
  const stages: (Stage & { steps: Step[]; settings: Settings })[] = [];
  for (const { name, flags, text: all } of instructionsOf(text)) {
    const rest = all.replaceAll(/\$\{(\w+)\}/g, (known, arg: string) => args.get(arg) ?? known);
    const stage = stages.at(-1);
    if (name === 'ARG') {
      const [arg = '', value = ''] = rest.split('=');
      args.set(arg, value);
    } else if (name === 'FROM') {
      const [, from = '', own = ''] = /^(\S+) AS (\S+)$/.exec(rest) ?? [];
      if (own === '')
        throw new Error(`FROM ${rest}: every stage needs a name here, as in FROM image AS name.`);
      const parent = stages.find((one) => one.name === from);
      stages.push({ name: own, from, steps: [], settings: parent?.settings ?? none });
    } else if (stage === undefined) throw new Error(`${name} ${rest}: it stands before the first FROM.`);
    else if (name === 'COPY' || name === 'RUN') stage.steps.push({ name, text: rest, flags });
    else {
      if (name === 'WORKDIR') stage.steps.push({ name, text: rest, flags });
      Object.assign(stage, { settings: { ...stage.settings, ...settingOf(name, rest, stage.settings) } });
    }
  }
  return stages;
}

function settingOf(name: string, text: string, { env }: Settings): Partial<Settings> {
  switch (name) {
    case 'ENV':
      return { env: { ...env, ...variablesOf(text) } };
    case 'WORKDIR':
      return { workdir: text };
    case 'USER':
      return { user: text };
    case 'EXPOSE':
      return { ports: text.split(' ') };
    case 'ENTRYPOINT':
      return { entrypoint: words(text) };
    case 'CMD':
      return { cmd: words(text) };
    case 'HEALTHCHECK':
      return { healthcheck: words(text.replace(/^CMD /, '')) };
    case 'VOLUME':
      return {};
    default:
      throw new Error(`${name} is not known to scripts/images/dockerfile.ts.`);
  }
}

function variablesOf(text: string): Record<string, string> {
  const pairs = text.split(/\s+/).map((pair) => pair.split('=') as [string, string]);
  return Object.fromEntries(pairs);
}

/** The form without a shell, which is the one that hands signals on. */
function words(text: string): string[] {
  if (!text.startsWith('['))
    throw new Error(`${text}: write it as an array, or a shell stands before the program.`);
  return JSON.parse(text) as string[];
}

function instructionsOf(text: string): (Omit<Step, 'name'> & { readonly name: string })[] {
  const whole = text.replaceAll(/^\s*#.*\n/gm, '').replaceAll(/\\\n\s*/g, '');
  return whole
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', flagText = '', rest = ''] = /^(\w+) ((?:--\S+ )*)\s*(.*)$/.exec(line) ?? [];
      const flags = Array.from(flagText.matchAll(/--([\w-]+)=(\S+)/g), ([, key = '', value = '']) => [
        key,
        value,
      ]);
      return { name, flags: Object.fromEntries(flags) as Record<string, string>, text: rest };
    });
}

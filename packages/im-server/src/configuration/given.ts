import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { hidePassword } from 'im-common/internal/bus';
import { nearest, suggestion } from 'im-common/internal/checks';
import type { CommandLine } from './command.ts';
import { programOptions, type NamedOption, type SettingName } from './option-table.ts';

/** A value and where it came from, e.g. `flag --proof`, `environment IM_PROOF` or `im.json: proof`. */
export interface Given {
  readonly value: unknown;
  readonly from: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What one source says, and what is wrong with it. */
export interface Source {
  readonly given: ReadonlyMap<SettingName, Given>;
  readonly problems: readonly string[];
}

export function fromFlags({ texts }: CommandLine): Source {
  return gather((option) => {
    const given = (texts.get(option.flag) ?? []).map((text) => ({ text, from: `flag ${option.flag}` }));
    return fromTexts(option, given);
  });
}

/** A variable that is set to nothing counts as absent. */
export function fromEnvironment(env: Environment): Source {
  return gather((option) => {
    const given = option.env.flatMap((name) => {
      const text = env[name] ?? '';
      return text === '' ? [] : [{ text, from: `environment ${name}` }];
    });
    return fromTexts(option, given);
  });
}

/** Variables that are probably meant for us and have no effect. Others that start with IM_ belong to somebody else. */
export function misspelt(env: Environment): string[] {
  const known = ['CONFIG', ...programOptions.flatMap((option) => option.env.map((name) => name.slice(3)))];
  return Object.keys(env)
    .filter((name) => name.startsWith('IM_') && !known.includes(name.slice(3)))
    .flatMap((name) => {
      const near = nearest(name.slice(3), known);
      return near === undefined ? [] : [`environment ${name} has no effect; did you mean IM_${near}?`];
    });
}

export function fromFile(path: string): Source {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return nothingBut(`${path} cannot be read as JSON: ${reasonOf(error)}.`);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    return nothingBut(`${path} holds no JSON object; expected {"port": 8878, …}.`);
  }
  const values = new Map<string, unknown>(Object.entries(content));
  const source = gather((option) => {
    if (!values.has(option.name)) return undefined;
    const from = `${path}: ${option.name}`;
    const value = option.kind.read(values.get(option.name));
    if (value === undefined) return wrong(option, from, values.get(option.name));
    return {
      value: option.isFile && typeof value === 'string' ? resolve(dirname(path), value) : value,
      from,
    };
  });
  const known = programOptions.map((option) => option.name);
  const unknown = [...values.keys()].filter((key) => !known.some((name) => name === key));
  return {
    given: source.given,
    problems: [
      ...unknown.map((key) => `${path}: ${key} is unknown${suggestion(key, known, '; see --help.')}`),
      ...source.problems,
    ],
  };
}

function nothingBut(problem: string): Source {
  return { given: new Map(), problems: [problem] };
}

/** JSON.parse quotes what it could not read, and that may be a secret; the place is enough. */
function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError)
    return /at position \d+.*/.exec(error.message)?.[0] ?? 'it ends too early';
  return error instanceof Error ? error.message : String(error);
}

/** Undefined: not given. A text: what is wrong. */
function gather(read: (option: NamedOption) => Given | string | undefined): Source {
  const given = new Map<SettingName, Given>();
  const problems: string[] = [];
  for (const option of programOptions) {
    const answer = read(option);
    if (typeof answer === 'string') problems.push(answer);
    else if (answer) given.set(option.name, answer);
  }
  return { given, problems };
}

function fromTexts(
  option: NamedOption,
  texts: readonly { readonly text: string; readonly from: string }[],
): Given | string | undefined {
  const values: unknown[] = [];
  for (const { text, from } of texts) {
    const value = option.kind.fromText(text);
    if (value === undefined) return wrong(option, from, text);
    values.push(value);
  }
  const last = texts.at(-1);
  if (!last) return undefined;
  return { value: option.kind.join ? option.kind.join(values) : values.at(-1), from: last.from };
}

function wrong(option: NamedOption, from: string, value: unknown): string {
  const shown = option.hides === 'value' ? 'not usable' : hidePassword(JSON.stringify(value)).slice(0, 200);
  return `${from} is ${shown}; expected ${option.kind.expected}.`;
}

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { nearest, showOr, suggestion, type TextKind } from '../checks/index.ts';
import { namedRows, type Environment, type NamedRow, type Program } from './program.ts';

/** A value and where it came from, e.g. `flag --proof`, `environment IM_PROOF` or `im.json: proof`. */
export interface Given {
  readonly value: unknown;
  readonly from: string;
}

/** What one source says, and what is wrong with it. */
export interface Source {
  readonly given: ReadonlyMap<string, Given>;
  readonly problems: readonly string[];
}

export function fromFlags(rows: readonly NamedRow[], texts: ReadonlyMap<string, readonly string[]>): Source {
  return gather(rows, (row) => {
    const given = (texts.get(row.flag) ?? []).map((text) => ({ text, from: `flag ${row.flag}` }));
    return fromTexts(row, given);
  });
}

/** A variable that is set to nothing counts as absent. */
export function fromEnvironment(rows: readonly NamedRow[], env: Environment): Source {
  return gather(rows, (row) => {
    const given = row.env.flatMap((name) => {
      const text = env[name] ?? '';
      return text === '' ? [] : [{ text, from: `environment ${name}` }];
    });
    return fromTexts(row, given);
  });
}

/** `rows` are those that count; the file may hold all that the program knows. */
export function fromFile(path: string, rows: readonly NamedRow[], known: readonly string[]): Source {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return nothingBut(`${path} cannot be read as JSON: ${placeOf(error)}.`);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    return nothingBut(`${path} holds no JSON object; expected {"port": 8878, …}.`);
  const values = new Map<string, unknown>(Object.entries(content));
  const { given, problems } = gather(rows, (row) => {
    if (!values.has(row.name)) return undefined;
    const from = `${path}: ${row.name}`;
    const value = row.kind.read(values.get(row.name));
    if (value === undefined) return wrong(row.kind, from, values.get(row.name), row.kind.expected);
    return { value: row.isFile && typeof value === 'string' ? resolve(dirname(path), value) : value, from };
  });
  const unknown = [...values.keys()].filter((key) => !known.includes(key));
  const unknownOnes = unknown.map(
    (key) => `${path}: ${key} is unknown${suggestion(key, known, '; see --help.')}`,
  );
  return { given, problems: [...unknownOnes, ...problems] };
}

/** Of programs of ours: they begin as those of im-server do, and are no slips of its. */
const otherPrefixes = ['IM_CLI_', 'IM_GATEWAY_', 'IM_PLATFORM_'];

/**
 * Variables that are probably meant for this program and have no effect. What begins with IM_ alone may belong to another
 * program, and is only mentioned when it looks like a slip.
 */
export function misspelt(program: Program, env: Environment): string[] {
  const { name, envPrefix } = program;
  const known = [`${envPrefix}CONFIG`, ...namedRows(program).flatMap((row) => row.env)];
  const isOursAlone = envPrefix === `${name.replaceAll('-', '_').toUpperCase()}_`;
  return Object.keys(env)
    .filter((variable) => variable.startsWith(envPrefix) && !known.includes(variable))
    .filter((variable) => !otherPrefixes.some((other) => other !== envPrefix && variable.startsWith(other)))
    .flatMap((variable) => {
      const near = nearest(
        variable.slice(envPrefix.length),
        known.map((one) => one.slice(envPrefix.length)),
      );
      if (near !== undefined)
        return [`environment ${variable} has no effect; did you mean ${envPrefix}${near}?`];
      return isOursAlone ? [`environment ${variable} has no effect; see --help`] : [];
    });
}

function nothingBut(problem: string): Source {
  return { given: new Map(), problems: [problem] };
}

/** JSON.parse quotes what it could not read, and that may be a secret; the place is enough. */
function placeOf(error: unknown): string {
  if (error instanceof SyntaxError)
    return /at position \d+.*/.exec(error.message)?.[0] ?? 'it ends too early';
  return error instanceof Error ? error.message : String(error);
}

/** Undefined: not given. A text: what is wrong. */
function gather(rows: readonly NamedRow[], read: (row: NamedRow) => Given | string | undefined): Source {
  const given = new Map<string, Given>();
  const problems: string[] = [];
  for (const row of rows) {
    const answer = read(row);
    if (typeof answer === 'string') problems.push(answer);
    else if (answer) given.set(row.name, answer);
  }
  return { given, problems };
}

function fromTexts(
  { kind }: NamedRow,
  texts: readonly { readonly text: string; readonly from: string }[],
): Given | string | undefined {
  const values: unknown[] = [];
  for (const { text, from } of texts) {
    const value = kind.fromText(text);
    if (value === undefined) return wrong(kind, from, text, kind.expectedText ?? kind.expected);
    values.push(value);
  }
  const last = texts.at(-1);
  return last && { value: kind.join ? kind.join(values) : values.at(-1), from: last.from };
}

function wrong(kind: TextKind<unknown>, from: string, value: unknown, expected: string): string {
  const shown = showOr(value, kind, (visible) => JSON.stringify(visible).slice(0, 200));
  return `${from} is ${shown}; expected ${expected}.`;
}

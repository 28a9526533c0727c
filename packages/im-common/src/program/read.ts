import { readFileSync } from 'node:fs';
import { defaultsOf, hidePassword, invalidOption, type Rows } from '../checks/index.ts';
import { readArguments, type Arguments } from './arguments.ts';
import { helpOf } from './help.ts';
import { namedRows, rowsOf, type Environment, type NamedRow, type Program } from './program.ts';
import { fromEnvironment, fromFile, fromFlags, misspelt, type Given } from './sources.ts';

/** Asked for an answer on stdout. */
export interface Printed {
  readonly kind: 'print';
  readonly text: string;
}

/** Asked to do something. */
export interface Called<Settings> {
  readonly kind: 'run';
  readonly command: string;
  readonly settings: Settings;
  /** What was given, and where. */
  readonly given: ReadonlyMap<string, Given>;
  /** Not wrong, but to be logged. */
  readonly warnings: readonly string[];
}

/**
 * Puts flags, environment and JSON file together, in that order of strength, over the defaults. Throws an INVALID_OPTION
 * that names every wrong option, where it came from and what is allowed, a line for each; never a secret.
 */
export function readProgram<Settings>(
  program: Program,
  args: readonly string[],
  env: Environment,
): Printed | Called<Settings> {
  const read = readArguments(program, args);
  const { commandName, command, texts, values } = read;
  if (texts.has('--version')) return { kind: 'print', text: `${versionOf(program)}\n` };
  if (texts.has('--help') || commandName === undefined)
    return { kind: 'print', text: helpOf(program, commandName, command) };

  const rows = rowsOf(program, command);
  const given = gather(program, rows, read, env);
  const settings = settingsOf({ ...program.table, ...command.flags }, given);
  if (texts.has('--print-config') || commandName === 'config print')
    return { kind: 'print', text: print(namedRows(program), settings) };
  const { argument } = command;
  if (argument && !argument.isOptional && values.length === 0)
    throw invalidOption(`Say <${argument.name}>. See --help.`);
  // Each value was read by the kind that its row has for its name.
  return {
    kind: 'run',
    command: commandName,
    settings: {
      ...settings,
      ...(argument && { [argument.name]: argument.isList ? values : values[0] }),
    } as Settings,
    given,
    warnings: misspelt(program, env),
  };
}

function gather(
  program: Program,
  rows: readonly NamedRow[],
  { texts }: Arguments,
  env: Environment,
): ReadonlyMap<string, Given> {
  const file = texts.get('--config')?.at(-1) ?? env[`${program.envPrefix}CONFIG`] ?? '';
  const known = namedRows(program).map(({ name }) => name);
  const weakestFirst = [
    ...(file === '' ? [] : [fromFile(file, rows, known)]),
    fromEnvironment(rows, env),
    fromFlags(rows, texts),
  ];
  const problems = weakestFirst.flatMap((source) => source.problems);
  if (problems.length > 0) throw invalidOption(problems.join('\n'));
  return new Map(weakestFirst.flatMap((source) => [...source.given]));
}

function settingsOf(table: Rows, given: ReadonlyMap<string, Given>): Readonly<Record<string, unknown>> {
  const values = [...given].map(([name, { value }]) => [name, value] as const);
  return { ...defaultsOf(table), ...Object.fromEntries<unknown>(values) };
}

function print(rows: readonly NamedRow[], settings: Readonly<Record<string, unknown>>): string {
  const shown = rows.map(({ name, kind: { hides } }) => {
    const value = settings[name];
    if (hides === undefined || value === undefined) return [name, value];
    return [name, hides === 'password' && typeof value === 'string' ? hidePassword(value) : '***'];
  });
  return `${JSON.stringify(Object.fromEntries(shown), undefined, 2)}\n`;
}

function versionOf({ manifest }: Program): string {
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

import { invalidOption, type ProgramRow, type Row, type Rows } from '../checks/index.ts';

/** What there is to know about a program before it runs. */
export interface Program {
  readonly name: string;
  /** In the help, a sentence. */
  readonly about: string;
  /** What it cannot do without, in the first line of the help. */
  readonly usage?: string;
  /** How its environment variables begin. */
  readonly envPrefix: string;
  readonly table: Rows;
  /** Its package.json, where its version stands. */
  readonly manifest: URL;
  /** False: it has no `start`; its commands do something and end. @default true */
  readonly serves?: boolean;
  /** Beside `config print`, which all have, and `start`. A program with commands of its own wants to be told which. */
  readonly commands?: Readonly<Record<string, Command>>;
}

/** Something to do other than to serve. */
export interface Command {
  readonly about: string;
  /** The options of the program that count here. */
  readonly options: readonly string[];
  /** Flags of this command alone, which are in no environment and in no file. */
  readonly flags?: Rows;
  readonly argument?: Argument;
}

/** What stands on the command line without a flag before it. */
export interface Argument {
  readonly name: string;
  readonly about: string;
  /** It may be left out. */
  readonly isOptional?: true;
  /** There may be more of them: the setting is the list. */
  readonly isList?: true;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** An option with its names everywhere. In the file it has the name that it has in the table. */
export interface NamedRow extends ProgramRow<unknown> {
  readonly name: string;
  readonly flag: string;
  readonly env: readonly string[];
}

/** All its commands by their names. */
export function commandsOf({ table, commands, serves = true }: Program): Readonly<Record<string, Command>> {
  const options = Object.keys(table);
  return {
    ...(serves && { start: { about: 'Serve, until SIGTERM or SIGINT.', options } }),
    ...commands,
    'config print': { about: 'Print the resulting options as JSON, secrets hidden.', options },
  };
}

/** The options of a program that can be written as text, in the order of their groups. */
export function namedRows({ table, envPrefix }: Pick<Program, 'table' | 'envPrefix'>): readonly NamedRow[] {
  return Object.entries(table).flatMap(([name, row]) => {
    const env = envPrefix + inWords(name, '_').toUpperCase();
    return nameRow(name, row, (second) => [env, ...(second === undefined ? [] : [second])]);
  });
}

/** The error about an option that must be given: `Say where Redis is: --redis <url>, or IM_REDIS.` */
export function missing(program: Program, wanted: string, what: string, example?: string): Error {
  const row = namedRows(program).find(({ name }) => name === wanted);
  const places = row ? `${row.flag} ${example ?? row.kind.placeholder}, or ${row.env[0] ?? ''}` : wanted;
  return invalidOption(`Say ${what}: ${places}. See --help.`);
}

/** The flags that a command has. */
export function rowsOf(program: Program, { options, flags = {} }: Command): readonly NamedRow[] {
  const own = Object.entries(flags).flatMap(([name, row]) => nameRow(name, row, () => []));
  return [...own, ...namedRows(program).filter(({ name }) => options.includes(name))];
}

/** A default as text; empty when there is none that fits into a line. */
export function usual({ default: value }: Pick<NamedRow, 'default'>): string {
  if (Array.isArray(value)) return value.join(',');
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : '';
}

/** Without a value such a flag means true. */
export function mayBeBare({ kind }: Pick<NamedRow, 'kind'>): boolean {
  return kind.placeholder === '' || kind.placeholder.startsWith('[');
}

function nameRow(
  name: string,
  row: Row<unknown>,
  env: (second: string | undefined) => readonly string[],
): NamedRow[] {
  if (row.only === 'library') return [];
  return [{ ...row, name, flag: `--${inWords(name, '-')}`, env: env(row.secondEnv) }];
}

function inWords(name: string, separator: string): string {
  return name.replace(/[A-Z]/g, (letter) => separator + letter.toLowerCase());
}

import { readOptions, type Kinds, type Refuse } from './fields.ts';
import type { Kind, TextKind } from './kinds.ts';

// All that there is to know about options stands in one table, a row for each. The checks of a `create…` function come
// from it, and, by im-common/internal/program, the flags, environment, file, help and README of the program.

/** An option of the library alone: nobody can write its value as text. */
interface LibraryRow<T> {
  readonly only: 'library';
  readonly kind: Kind<T>;
  readonly default?: T;
}

/** An option of the program, and of the library too unless it says otherwise. */
export interface ProgramRow<T> {
  readonly only?: 'program';
  readonly kind: TextKind<T>;
  /** Its heading in the help and in the README. */
  readonly group: string;
  /** For the help and the README: what it means, and what more of it costs. */
  readonly about: string;
  readonly default?: T;
  /** A path; in the JSON file it starts at that file's folder. */
  readonly isFile?: true;
  /** A variable that adds to the first one. */
  readonly secondEnv?: string;
}

export type Row<T> = LibraryRow<T> | ProgramRow<T>;

/** A table whose names and types do not matter. */
export type Rows = Readonly<Record<string, Row<unknown>>>;

/**
 * The table of a library with options `Library`, whose program has further ones, `Program`. It does not compile without a row
 * for each, of its type, with a default unless it is among `WithoutDefault`. The interfaces are written out rather than
 * derived from the table, as editors show their doc comments.
 */
export type OptionTable<Library, Program, WithoutDefault extends keyof (Library & Program)> = {
  readonly [Name in keyof (Library & Program)]-?: Row<Value<Library & Program, Name>> &
    (Name extends keyof Library ? { readonly only?: 'library' } : { readonly only: 'program' }) &
    (Name extends WithoutDefault ? unknown : { readonly default: Value<Library & Program, Name> });
};

type Value<Options, Name extends keyof Options> = NonNullable<Options[Name]>;

/** Puts rows under a heading. */
export function inGroup<const Group extends Readonly<Record<string, object>>>(
  group: string,
  rows: Group,
): { readonly [Name in keyof Group]: Group[Name] & { readonly group: string } } {
  const entries = Object.entries(rows).map(([name, row]) => [name, { ...row, group }] as const);
  return Object.fromEntries(entries) as {
    readonly [Name in keyof Group]: Group[Name] & { readonly group: string };
  };
}

/** Options with every default filled in. */
export type Complete<Options, WithoutDefault extends keyof Options> = {
  readonly [Name in Exclude<keyof Options, WithoutDefault>]-?: Value<Options, Name>;
} & Pick<Options, WithoutDefault>;

export function defaultsOf(table: Rows, names: readonly string[] = Object.keys(table)): object {
  const defaults = names.map((name) => [name, table[name]?.default] as const);
  return Object.fromEntries(defaults.filter(([, value]) => value !== undefined));
}

/** The names of what the library may be given. */
export function libraryNames(table: Rows): string[] {
  return Object.keys(table).filter((name) => table[name]?.only !== 'program');
}

/** What a `create…` function was given, over the defaults. Refuses all that is wrong at once, a line for each. */
export function readTable(what: string, value: unknown, table: Rows, refuse: Refuse): object {
  const names = libraryNames(table);
  const kinds = Object.fromEntries(names.map((name) => [name, table[name]?.kind]));
  const given = readOptions(what, value, kinds as Kinds<Record<string, unknown>>, refuse);
  return { ...defaultsOf(table, names), ...given };
}

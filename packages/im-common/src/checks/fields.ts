import type { Kind } from './kinds.ts';
import { show } from './show.ts';
import { suggestion } from './suggest.ts';

/** Makes the error of the package that was called, of what is wrong. */
export type Refuse = (problem: string, cause?: unknown) => Error;

/**
 * The fields that an object of a caller's may have. What callers pass may be anything: JavaScript knows no types, and
 * objects have getters and change while they are read. So each field is read once, and all else is refused by its name.
 */
export class Fields<Name extends string> {
  readonly #what: string;
  readonly #names: readonly Name[];
  readonly #known: ReadonlySet<string>;
  readonly #refuse: Refuse;
  readonly #copy: (value: Readonly<Record<Name, unknown>>) => Record<Name, unknown>;

  /**
   * `what` begins messages: "a private message". `copy` reads each of the fields once, for objects that come by the
   * hundred thousand: written out it is several times as fast.
   */
  constructor(
    what: string,
    names: readonly Name[],
    refuse: Refuse,
    copy: (value: Readonly<Record<Name, unknown>>) => Record<Name, unknown> = (value) => pick(value, names),
  ) {
    this.#what = what;
    this.#names = names;
    this.#known = new Set(names);
    this.#refuse = refuse;
    this.#copy = copy;
  }

  /** A copy with each of the fields; undefined for those that are not there. */
  read(value: unknown): Record<Name, unknown> {
    let copy: Record<Name, unknown> | undefined;
    let unknown: string | undefined;
    try {
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
        for (const key in value) {
          if (!this.#known.has(key) && Object.hasOwn(value, key)) unknown ??= key;
        }
        copy = this.#copy(value as Readonly<Record<Name, unknown>>);
      }
    } catch (cause) {
      throw this.#refuse(`${this.#unreadable(value)} cannot be read: ${reasonOf(cause)}.`, cause);
    }
    if (copy && unknown === undefined) return copy;
    const names = this.#names.join(', ');
    if (unknown === undefined) {
      // A text may be an address with a password in it.
      const shown = typeof value === 'string' ? 'a text' : show(value);
      throw this.#refuse(`${this.#what} is ${shown}; expected an object with ${names}.`);
    }
    const hint = suggestion(unknown, this.#names, `; known: ${names}.`);
    throw this.#refuse(`${show(unknown)} is unknown in ${this.#what}${hint}`);
  }

  /** The field that throws, if one does. */
  #unreadable(value: unknown): string {
    const culprit = this.#names.find((name) => {
      try {
        Reflect.get(value as object, name);
        return false;
      } catch {
        return true;
      }
    });
    return culprit ?? this.#what;
  }
}

function pick<Name extends string>(
  value: Readonly<Record<Name, unknown>>,
  names: readonly Name[],
): Record<Name, unknown> {
  return Object.fromEntries(names.map((name) => [name, value[name]])) as Record<Name, unknown>;
}

/** What code of a caller's threw, in words. It may be as strange as the rest. */
export function reasonOf(cause: unknown): string {
  try {
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-conversion -- a caller's getter may give anything
    if (cause instanceof Error) return String(cause.message);
  } catch {
    // said below
  }
  return 'it throws';
}

/** A kind for each of the options; a new one does not compile without. */
export type Kinds<Options> = {
  readonly [Name in keyof Options]-?: Kind<NonNullable<Options[Name]>>;
};

type Given<Options> = { -readonly [Name in keyof Options]?: Exclude<Options[Name], undefined> };

/** Reads options by their kinds: those that are given, each once. Refuses all that are wrong at once, a line for each. */
export function readOptions<Options extends object>(
  what: string,
  value: unknown,
  kinds: Kinds<Options>,
  refuse: Refuse,
): Given<Options> {
  const names = Object.keys(kinds) as (keyof Options & string)[];
  const fields = new Fields(what, names, refuse).read(value);
  const given: Given<Options> = {};
  const problems: string[] = [];
  for (const name of names) {
    if (fields[name] === undefined) continue;
    const read = readValue(kinds[name], fields[name]);
    if (read === undefined) problems.push(wrongOption(name, fields[name], kinds[name]));
    else given[name] = read as Given<Options>[typeof name];
  }
  if (problems.length > 0) throw refuse(problems.join('\n'));
  return given;
}

export function wrongOption(name: string, value: unknown, kind: Kind<unknown>): string {
  return `The option ${name} is ${showOr(value, kind, show)}; expected ${kind.expected}.`;
}

/** A value that was not good, unless it may hold a secret. */
export function showOr<T>(value: T, { hides }: Kind<unknown>, shown: (value: T) => string): string {
  const isHidden = hides === 'value' ? value !== undefined : hides !== undefined && typeof value === 'string';
  return isHidden ? 'not usable' : shown(value);
}

function readValue<T>(kind: Kind<T>, value: unknown): T | undefined {
  try {
    return kind.read(value);
  } catch {
    return undefined; // it has getters that throw
  }
}

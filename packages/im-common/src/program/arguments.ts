import { parseArgs } from 'node:util';
import { boolean, file, invalidOption, suggestion, type TextKind } from '../checks/index.ts';
import { commandsOf, mayBeBare, rowsOf, type Command, type Program } from './program.ts';

/** What stood on the command line. */
export interface Arguments {
  /** Undefined when none is named and the program has several. */
  readonly commandName: string | undefined;
  readonly command: Command;
  /** Texts by flag, as often as each was given. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
  readonly argument: string | undefined;
}

interface Flag {
  readonly flag: string;
  readonly about: string;
  readonly kind: TextKind<unknown>;
  /** What follows the prefix of the program's variables. */
  readonly envName?: string;
}

/** Takes no value. */
const bare: TextKind<boolean> = { ...boolean, placeholder: '' };

/** Flags of every program. */
export const flagsOfAll: readonly Flag[] = [
  {
    flag: '--config',
    kind: file,
    envName: 'CONFIG',
    about: 'JSON file with options by the names in brackets.',
  },
  {
    flag: '--print-config',
    kind: bare,
    about: 'Print the resulting options as JSON, secrets hidden, and exit.',
  },
  { flag: '--version', kind: bare, about: 'Print the version and exit.' },
  { flag: '--help', kind: bare, about: 'Print this and exit.' },
];

/** Takes the command line apart, or throws an INVALID_OPTION that names what is wrong. Never shows a value: it may be a secret. */
export function readArguments(program: Program, args: readonly string[]): Arguments {
  const { commandName, command, rest } = findCommand(program, args);
  const flags = [...rowsOf(program, command), ...flagsOfAll];
  const texts = new Map<string, string[]>();
  const values: string[] = [];
  for (const { flag, text } of split(rest, flags)) {
    if (flag === undefined) values.push(text ?? '');
    else texts.set(flag, [...(texts.get(flag) ?? []), textOf(flag, text, flags)]);
  }
  const [argument] = values;
  if (values.length > (command.argument ? 1 : 0))
    throw invalidOption('There is a value on the command line without a flag before it.');
  return { commandName, command, texts, argument };
}

type Found = Pick<Arguments, 'commandName' | 'command'> & { readonly rest: readonly string[] };

function findCommand(program: Program, args: readonly string[]): Found {
  const all = Object.entries(commandsOf(program));
  const named = all.find(([name]) => name.split(' ').every((word, index) => args[index] === word));
  if (named)
    return { commandName: named[0], command: named[1], rest: args.slice(named[0].split(' ').length) };
  const [start] = all;
  if (!program.commands && start) return { commandName: start[0], command: start[1], rest: args };
  const [word = '-'] = args;
  if (word.startsWith('-'))
    return { commandName: undefined, command: { about: '', options: [] }, rest: args };
  const hint = suggestion(
    word,
    all.map(([name]) => name),
    '; see --help.',
  );
  throw invalidOption(`There is no such command${hint}`);
}

interface Piece {
  /** Absent for a value without one. */
  readonly flag?: string;
  readonly text: string | undefined;
}

function split(args: readonly string[], flags: readonly Flag[]): readonly Piece[] {
  const types = flags.map(
    (one) => [one.flag.slice(2), { type: mayBeBare(one) ? 'boolean' : 'string' }] as const,
  );
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(types),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const pieces: Piece[] = [];
  for (const token of tokens) {
    if (token.kind === 'option') pieces.push({ flag: token.rawName, text: token.value });
    if (token.kind !== 'positional') continue;
    const before = pieces.at(-1);
    // `--trust-proxy false`, of the flags that may be bare.
    const isItsValue = before?.flag !== undefined && before.text === undefined;
    if (isItsValue && kindOf(before.flag, flags)?.placeholder !== '')
      pieces.splice(-1, 1, { ...before, text: token.value });
    else pieces.push({ text: token.value });
  }
  return pieces;
}

function kindOf(flag: string | undefined, flags: readonly Flag[]): TextKind<unknown> | undefined {
  return flags.find((one) => one.flag === flag)?.kind;
}

function textOf(flag: string, text: string | undefined, flags: readonly Flag[]): string {
  const kind = kindOf(flag, flags);
  if (!kind) {
    const known = flags.map((one) => one.flag);
    throw invalidOption(`flag ${flag} is unknown${suggestion(flag, known, '; see --help.')}`);
  }
  if (text === undefined && !mayBeBare({ kind }))
    throw invalidOption(`flag ${flag} ${kind.placeholder} has no value.`);
  return text ?? 'true';
}

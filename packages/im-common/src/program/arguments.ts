import { parseArgs } from 'node:util';
import { bare, file, invalidOption, suggestion, type TextKind } from '../checks/index.ts';
import { commandsOf, mayBeBare, rowsOf, type Command, type Program } from './program.ts';

/** What stood on the command line. */
export interface Arguments {
  /** Undefined when none is named and the program has several. */
  readonly commandName: string | undefined;
  readonly command: Command;
  /** Texts by flag, as often as each was given. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
  /** What stood there without a flag before it. */
  readonly values: readonly string[];
}

interface Flag {
  readonly flag: string;
  readonly about: string;
  readonly kind: TextKind<unknown>;
  /** What follows the prefix of the program's variables. */
  readonly envName?: string;
}

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
  for (const { flag, text } of split(rest, flags, command.argument !== undefined)) {
    if (flag === undefined) values.push(text ?? '');
    else texts.set(flag, [...(texts.get(flag) ?? []), textOf(flag, text, flags)]);
  }
  const most = command.argument ? (command.argument.isList ? Infinity : 1) : 0;
  if (values.length > most)
    throw invalidOption('There is a value on the command line without a flag before it.');
  return { commandName, command, texts, values };
}

type Found = Pick<Arguments, 'commandName' | 'command'> & { readonly rest: readonly string[] };

function findCommand(program: Program, args: readonly string[]): Found {
  const all = Object.entries(commandsOf(program));
  const named = all.find(([name]) => name.split(' ').every((word, index) => args[index] === word));
  if (named)
    return { commandName: named[0], command: named[1], rest: args.slice(named[0].split(' ').length) };
  const [start] = all;
  if (!program.commands && start) return { commandName: start[0], command: start[1], rest: args };
  const none = { commandName: undefined, command: { about: '', options: [] } };
  const [word] = args;
  if (word === undefined) return { ...none, rest: args };
  if (word.startsWith('-') && !flagsOfAll.some(({ flag }) => flag === word.replace(/=.*/s, '')))
    throw invalidOption(`The command comes first: ${program.name} <command> [options]. See --help.`);
  if (word.startsWith('-')) return { ...none, rest: args };
  const names = all.map(([name]) => name);
  const longer = names.filter((name) => name.startsWith(`${word} `));
  if (longer.length > 0 && args.includes('--help')) return { ...none, rest: ['--help'] };
  if (longer.length > 0) throw invalidOption(`Say which command: ${longer.join(', ')}. See --help.`);
  const hint = suggestion(word, names, '; see --help.');
  throw invalidOption(`There is no such command${hint}`);
}

interface Piece {
  /** Absent for a value without one. */
  readonly flag?: string;
  readonly text: string | undefined;
}

/** All our flags begin with two dashes: where `takesValues`, what has one is a value, as the user id -5 is, unless it looks like a short flag. */
function isValue(text: string | undefined, takesValues: boolean): text is string {
  return takesValues && text !== undefined && /^-(?:\d|[^-].)/.test(text);
}

function split(args: readonly string[], flags: readonly Flag[], takesValues: boolean): readonly Piece[] {
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
  let lastValueAt = -1;
  for (const token of tokens) {
    const whole = args[token.index];
    if (token.kind === 'option' && isValue(whole, takesValues)) {
      // It was taken apart into letters.
      if (token.index !== lastValueAt) pieces.push({ text: whole });
      lastValueAt = token.index;
      continue;
    }
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

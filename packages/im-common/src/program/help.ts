import { flagsOfAll } from './arguments.ts';
import {
  commandsOf,
  rowsOf,
  usual,
  type Argument,
  type Command,
  type NamedRow,
  type Program,
} from './program.ts';

const width = 110;

interface Section {
  readonly title: string;
  readonly entries: readonly (readonly [name: string, about: string])[];
}

/** What `--help` says: about a command, or about all of them when none is named. */
export function helpOf(program: Program, commandName: string | undefined, command: Command): string {
  const { name, about, commands, usage = '' } = program;
  if (commandName === undefined) {
    const entries = Object.entries(commandsOf(program)).map(([word, one]) => [word, one.about] as const);
    const [first = ''] = Object.keys(commandsOf(program));
    const more = `${name} ${first} --help has the options of ${first}; so with each command.`;
    return layOut(`${name} <command>`, `${about}\n${more}`, [
      { title: 'Commands', entries },
      general(program),
    ]);
  }
  const { argument } = command;
  const rows = rowsOf(program, command);
  const groups = [...new Set(rows.map(({ group }) => group))].map((title) => ({
    title,
    entries: rows.filter(({ group }) => group === title).map(entryOf),
  }));
  const place = argument ? placeOf(argument) : '';
  const call = [name, commands ? commandName : usage, place].filter(Boolean).join(' ');
  return layOut(call, commands ? command.about : about, [
    ...(argument ? [{ title: 'Argument', entries: [[place, argument.about] as const] }] : []),
    ...groups,
    general(program),
  ]);
}

/** As people write it: `<user>`, `[user]`, `<user>…`. */
function placeOf({ name, isOptional, isList }: Argument): string {
  return `${isOptional ? `[${name}]` : `<${name}>`}${isList ? '…' : ''}`;
}

function entryOf({ flag, kind, about, env, name, ...row }: NamedRow): Section['entries'][number] {
  const value = usual(row);
  const places = env.length > 0 ? [`env ${env.join(' and ')}`, `file ${name}`] : [];
  const facts = [...(value === '' ? [] : [`default ${value}`]), ...places].join(', ');
  return [`${flag} ${kind.placeholder}`, facts === '' ? about : `${about} [${facts}]`];
}

function general({ envPrefix }: Program): Section {
  const entries = flagsOfAll.map(({ flag, kind, about, envName }) => {
    const names = kind.placeholder === '' ? flag : `${flag} ${kind.placeholder}`;
    return [names, envName === undefined ? about : `${about} [env ${envPrefix}${envName}]`] as const;
  });
  return { title: 'Program', entries };
}

function layOut(call: string, about: string, sections: readonly Section[]): string {
  const column = 2 + Math.max(...sections.flatMap(({ entries }) => entries.map(([name]) => name.length)));
  const blocks = sections.map(({ title, entries }) => {
    const lines = entries.map(([name, text]) => `  ${name.padEnd(column)}${wrap(text, 2 + column)}`);
    return [`${title}:`, ...lines].join('\n');
  });
  const strength = [
    'A flag is stronger than the environment, that is stronger than the file.',
    'Where an option and the same with -file are both given, by whichever way, nothing starts.',
  ].join('\n');
  return `${[`Usage: ${call} [options]`, about, ...blocks, strength].join('\n\n')}\n`;
}

function wrap(text: string, column: number): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && column + line.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join(`\n${' '.repeat(column)}`);
}

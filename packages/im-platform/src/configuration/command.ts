import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { PlatformError } from '../platform-error.ts';
import { programOptions, usual, type NamedOption, type SettingName } from './option-table.ts';

export const taskNames = [
  'start',
  'migrate',
  'rollback',
  'seed',
  'invite',
  'remove-file',
  'end-sessions',
  'config print',
] as const;

export type TaskName = (typeof taskNames)[number];

/** What stood on the command line. */
export interface CommandLine {
  readonly task: TaskName;
  readonly texts: ReadonlyMap<SettingName, string>;
  /** Of the accounts that `seed` makes. */
  readonly password: string | undefined;
  /** What `invite` makes: accounts that it opens, and days that it holds. */
  readonly uses: string;
  readonly days: string;
  /** Of the file that `remove-file` removes. */
  readonly address: string;
  /** Whose sessions `end-sessions` ends. */
  readonly user: string | undefined;
  readonly isEverybody: boolean;
}

/** `--help` and `--version`, in their words. */
export interface Printed {
  readonly text: string;
}

/** Reads commands and flags, or throws an INVALID_OPTION that names the wrong one. Never shows a value: it may be a secret. */
export function readCommandLine(args: readonly string[]): CommandLine | Printed {
  const texts = new Map<SettingName, string>();
  let task: TaskName = 'start';
  let password: string | undefined;
  let [uses, days] = ['1', '7'];
  let address = '';
  let user: string | undefined;
  let isEverybody = false;
  let printed = '';

  const program = new Command('im-platform')
    .description('A chat platform: HTTP in front, a database behind, im-client for what must arrive at once.')
    .version(readVersion(), '--version', 'Print the version and exit.')
    .helpOption('--help', 'Print this and exit.')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined, writeOut: (text) => (printed += text) });
  const add = (parent: Command, name: string, chosen: TaskName, about: string): Command => {
    const command = parent
      .command(name)
      .description(about)
      .configureHelp({ helpWidth: 110, optionDescription: ({ description }) => description })
      .addHelpText('after', 'A flag is stronger than the environment.')
      .action(() => {
        task = chosen;
      });
    const names = namesOf(chosen);
    for (const option of programOptions) {
      if (names.includes(option.name))
        command.addOption(toFlag(option, (text) => texts.set(option.name, text)));
    }
    return command;
  };
  add(program, 'start', 'start', 'Serve, until SIGTERM or SIGINT.');
  add(program, 'migrate', 'migrate', 'Bring the database up to date.');
  add(program, 'rollback', 'rollback', 'Take the last batch of migrations back.');
  add(
    program,
    'seed',
    'seed',
    'Put accounts, friends and groups to try things with into the database.',
  ).option(
    '--password <password>',
    'Of all these accounts. Needed when NODE_ENV is production.',
    (text) => (password = text),
  );
  add(program, 'invite', 'invite', 'Make an invitation to open an account, and print its code.')
    .option('--uses <number>', 'How many accounts it opens. [default 1]', (text) => (uses = text))
    .option('--days <number>', 'How long it holds. [default 7]', (text) => (days = text));
  add(program, 'remove-file', 'remove-file', 'Remove an uploaded file, whoever shows it.').argument(
    '<address>',
    'Where it is shown, or what of that follows /files/.',
    (text) => (address = text),
  );
  add(
    program,
    'end-sessions',
    'end-sessions',
    'End all sessions of a user or of everybody, sockets included.',
  )
    .option('--user <id>', 'Whose: the id of the account.', (text) => (user = text))
    .option('--everybody', 'Of all users.', () => (isEverybody = true));
  add(
    program.command('config').description('About the configuration.'),
    'print',
    'config print',
    'Print the resulting options as JSON, secrets hidden.',
  );

  try {
    program.parse([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander's help for an absent command is no success to it.
    if (error.exitCode === 0 || error.code === 'commander.help')
      return { text: printed || program.helpInformation() };
    // `--access-secrt=…` is an unknown flag as a whole.
    const message = error.message.replace(/^error: /, '').replace(/(--[\w-]+)=[^']*/s, '$1');
    throw new PlatformError('INVALID_OPTION', message, { cause: error });
  }
  return { task, texts, password, uses, days, address, user, isEverybody };
}

const allNames = programOptions.map(({ name }) => name);

/** The options that count for a command. */
function namesOf(task: TaskName): readonly string[] {
  if (task === 'start' || task === 'config print') return allNames;
  if (task === 'end-sessions') return ['database', 'redis', 'keyPrefix', 'service', 'accessTtlS', 'logLevel'];
  if (task === 'remove-file') return ['database', 'filesDir', 'logLevel'];
  return ['database', 'logLevel'];
}

function toFlag(option: NamedOption, take: (text: string) => void): Option {
  const flag = new Option(`${option.flag} ${option.kind.placeholder}`, describe(option))
    .helpGroup(`${option.group}:`)
    .argParser(take);
  return flag.optional ? flag.preset('true') : flag;
}

function describe({ name, about, env }: NamedOption): string {
  const value = usual(name);
  return `${about} [${value === '' ? '' : `default ${value}, `}env ${env}]`;
}

function readVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}

import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { ImError } from 'im-common';
import { suggestion } from 'im-common/internal/checks';
import { defaults, programOptions, type NamedOption } from './option-table.ts';

/** What stood on the command line. */
export interface CommandLine {
  /** Texts by flag, as often as each was given. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
  readonly configFile: string | undefined;
  readonly printConfig: boolean;
  /** Asked for with --help or --version. */
  readonly answer: string | undefined;
}

/** Reads the flags, or throws an INVALID_OPTION that names the wrong one. Never shows a value: it may be a secret. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const texts = new Map<string, string[]>();
  const command = createCommand((flag, text) => texts.set(flag, [...(texts.get(flag) ?? []), text]));
  refuseUnknown(command, parse(command, args));
  const { config, printConfig, help, version } = command.opts<{
    config?: string;
    printConfig?: true;
    help?: true;
    version?: true;
  }>();
  return {
    texts,
    configFile: config,
    printConfig: printConfig === true,
    answer: help ? command.helpInformation() : version ? `${readVersion()}\n` : undefined,
  };
}

function createCommand(take: (flag: string, text: string) => void): Command {
  const command = new Command('im-server')
    .description(
      'The push server: holds device connections, pulls its own Redis lists, pushes over WebSocket, posts results back.',
    )
    .usage('--redis <url> --jwt-secret <secret> [options]')
    .helpOption(false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .configureHelp({ helpWidth: 110, optionDescription: ({ description }) => description })
    .optionsGroup('Program:')
    .option('--config <file>', 'JSON file with options by the names in brackets. [env IM_CONFIG]')
    .option('--print-config', 'Print the resulting options as JSON, secrets hidden, and exit.')
    .option('--version', 'Print the version and exit.')
    .option('--help', 'Print this and exit.')
    .addHelpText('after', 'A flag is stronger than the environment, that is stronger than the file.');
  for (const option of programOptions) {
    const flag = new Option(`${option.flag} ${option.kind.placeholder}`, describe(option))
      .helpGroup(`${option.group}:`)
      .argParser((text) => take(option.flag, text));
    command.addOption(flag.optional ? flag.preset('true') : flag);
  }
  return command;
}

function describe(option: NamedOption): string {
  const value = defaults[option.name];
  const usual = value === undefined || value === '' ? '' : `default ${String(value)}, `;
  return `${option.about} [${usual}env ${option.env.join(' and ')}, file ${option.name}]`;
}

function parse(command: Command, args: readonly string[]): readonly string[] {
  try {
    const { operands, unknown } = command.parseOptions([...args]);
    return [...unknown, ...operands];
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // The one thing that commander is left to find wrong.
    const flag = /--[\w-]+ [^']+/.exec(error.message)?.[0] ?? '';
    throw new ImError('INVALID_OPTION', `flag ${flag} has no value.`, { cause: error });
  }
}

function refuseUnknown(command: Command, leftover: readonly string[]): void {
  const flag = leftover.find((arg) => arg.startsWith('-'))?.replace(/=.*/s, '');
  if (flag !== undefined) {
    const known = command.options.map((option) => option.long ?? option.flags);
    throw new ImError('INVALID_OPTION', `flag ${flag} is unknown${suggestion(flag, known, '; see --help.')}`);
  }
  if (leftover.length > 0) {
    throw new ImError('INVALID_OPTION', 'There is a value on the command line without a flag before it.');
  }
}

function readVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}

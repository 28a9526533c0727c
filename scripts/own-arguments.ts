import { parseArgs, type ParseArgsConfig } from 'node:util';

type OptionTable = NonNullable<ParseArgsConfig['options']>;

export interface OwnCommand<Options extends OptionTable> {
  /** As `npm run` has it. */
  readonly name: string;
  /** What it takes beside options, in words. @default nothing */
  readonly takes?: string;
  readonly options?: Options;
}

/**
 * What stands after `npm run name --`. With `--help` the program ends with one line that says what there is, and so it does, with code 2, with
 * what there is not.
 */
export function ownArguments<const Options extends OptionTable = OptionTable>({
  name,
  takes,
  options,
}: OwnCommand<Options>): ReturnType<typeof parseArgs<{ options: Options; allowPositionals: true }>> {
  const usage = usageOf(name, takes, options ?? {});
  if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs({ options: options ?? ({} as Options), allowPositionals: takes !== undefined });
  } catch (error) {
    // Node goes on about arguments that begin with a dash.
    const [wrong = ''] = (error as Error).message.split('. ');
    console.error(`${wrong}. ${usage}`);
    process.exit(2);
  }
}

function usageOf(name: string, takes: string | undefined, options: OptionTable): string {
  const shown = Object.entries(options).map(([option, { type, default: usual, multiple }]) => {
    const value = type === 'boolean' ? '' : ` ${usual === undefined ? '…' : String(usual)}`;
    return `[--${option}${value}]${multiple ? '…' : ''}`;
  });
  const all = [...(takes === undefined ? [] : [`[${takes}]`]), ...shown];
  return `Usage: npm run ${name}${all.length > 0 ? ` -- ${all.join(' ')}` : ', and nothing more'}`;
}

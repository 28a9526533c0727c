import { invalidOption } from 'im-common/internal/checks';
import { completion } from 'im-common/internal/program';
import type { CliCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Options } from '../options.ts';

interface Called extends Options {
  readonly shell: string;
}

export const completionCommand: CliCommand = {
  about: 'Print what makes the shell complete commands and flags: source <(im completion bash)',
  options: [],
  argument: { name: 'shell', about: 'bash or zsh.' },
  async run({ out, program }, { shell }: Called) {
    if (shell !== 'bash' && shell !== 'zsh')
      throw invalidOption('The shell is not known; expected bash or zsh.');
    await out.raw(completion(program, shell));
    return exitCodes.done;
  },
};

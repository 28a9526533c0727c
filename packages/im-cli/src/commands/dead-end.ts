import type { WhichDeadLetters } from 'im-client';
import { bare, invalidOption } from 'im-common/internal/checks';
import { busOptions, type CliCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { letterList } from '../kinds.ts';
import type { Options } from '../options.ts';
import { counted } from '../output/words.ts';
import { own } from '../own.ts';
import { namedList } from './dead-read.ts';

interface Called extends Options {
  readonly of?: string;
  readonly all?: boolean;
  readonly id: readonly string[];
}

const common = {
  options: busOptions,
  argument: {
    name: 'id',
    about: 'Ids of letters, as "im dead list" shows them.',
    isOptional: true,
    isList: true,
  },
  flags: own('Command', {
    of: { kind: letterList, about: 'Whose, as "im dead list" names them.' },
    all: { kind: bare, about: 'All that are there.' },
  }),
} as const;

export const deadReplay: CliCommand = {
  ...common,
  about: 'Put the entries of dead letters back on the lists that they came from.',
  async run(context, called: Called) {
    const which = whichOf(called);
    const client = await context.client();
    const { kept, replayed, why } = await client.deadLetters.replay(which, { of: namedList(called.of) });
    const { out } = context;
    if (out.isJson) await out.json({ replayed, kept, why });
    else await out.line(`${counted(replayed, 'letter')} replayed, ${kept} kept.`);
    for (const reason of why) out.note(`kept: ${reason}.`);
    noteMissing(which, replayed + kept, (text) => out.note(text));
    return kept > 0 || replayed < leastOf(which) ? exitCodes.no : exitCodes.done;
  },
};

export const deadDrop: CliCommand = {
  ...common,
  about: 'Delete dead letters.',
  async run(context, called: Called) {
    const which = whichOf(called);
    const client = await context.client();
    const dropped = await client.deadLetters.discard(which, { of: namedList(called.of) });
    const { out } = context;
    if (out.isJson) await out.json({ dropped });
    else await out.line(`${counted(dropped, 'letter')} dropped.`);
    noteMissing(which, dropped, (text) => out.note(text));
    return dropped < leastOf(which) ? exitCodes.no : exitCodes.done;
  },
};

function whichOf({ all, id: ids, of }: Called): WhichDeadLetters {
  namedList(of);
  if (all && ids.length > 0) throw invalidOption('flag --all is given beside ids; expected one of them.');
  if (!all && ids.length === 0) throw invalidOption('Say which: <id>…, or --all. See --help.');
  return all ? 'all' : [...new Set(ids)];
}

function leastOf(which: WhichDeadLetters): number {
  return which === 'all' ? 0 : which.length;
}

function noteMissing(which: WhichDeadLetters, found: number, note: (text: string) => void): void {
  const missing = leastOf(which) - found;
  if (missing > 0) note(`${counted(missing, 'letter is', 'letters are')} not there.`);
}

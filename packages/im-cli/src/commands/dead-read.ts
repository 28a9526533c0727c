import type { DeadLetter } from 'im-client';
import { count, integer, invalidOption } from 'im-common/internal/checks';
import { busOptions, type CliCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { letterLists } from '../letter-lists.ts';
import { letterList } from '../kinds.ts';
import type { Options } from '../options.ts';
import { counted, moment } from '../output/words.ts';
import { own } from '../own.ts';

interface Listed extends Options {
  readonly of?: string;
  readonly limit: number;
  readonly before?: number;
}

const ofFlag = {
  of: {
    kind: letterList,
    about:
      'Whose: private, group or system for messages, result:<service> for results, and what "im dead list" names.',
  },
};

export const deadList: CliCommand = {
  about:
    'Dead letters: what could not be read, or taken; the newest first. Without --of which lists there are.',
  options: busOptions,
  flags: own('Command', {
    ...ofFlag,
    limit: { kind: integer('number', 1, 1_000), default: 20, about: 'So many at most.' },
    before: { kind: count, about: 'Older ones: the number that the page before ended with.' },
  }),
  async run(context, { before, limit, of }: Listed) {
    if (of === undefined) return listLists(context);
    const client = await context.client();
    const page = await client.deadLetters.read({ of, limit, before });
    const { out } = context;
    if (out.isJson) await out.json(page);
    else if (page.letters.length > 0) {
      const rows = page.letters.map(({ at, by, id, list, why }) => [id, moment(at), list, by, why]);
      await out.table(['id', 'at', 'came from', 'by', 'why'], rows);
    }
    if (!out.isJson && page.next !== undefined)
      out.note(`${page.next} older ones of ${page.total}: --before ${page.next}`);
    if (page.letters.length === 0) out.note(`There are no letters of ${of}.`);
    return page.letters.length > 0 ? exitCodes.done : exitCodes.no;
  },
};

async function listLists(context: Context): Promise<ExitCode> {
  const { out } = context;
  const lists = await letterLists(await context.bus());
  if (out.isJson) await out.json({ lists });
  else if (lists.length > 0)
    await out.table(
      ['of', 'letters'],
      lists.map(({ letters, of }) => [of, letters]),
    );
  else out.note('There are no dead letters.');
  return exitCodes.done;
}

interface Shown extends Options {
  readonly of?: string;
  readonly id: readonly string[];
}

export const deadShow: CliCommand = {
  about: 'All that is known of dead letters, and what they hold.',
  options: busOptions,
  argument: { name: 'id', about: 'Ids of letters, as "im dead list" shows them.', isList: true },
  flags: own('Command', ofFlag),
  async run(context, { id: ids, of }: Shown) {
    const found = await findLetters(context, namedList(of), new Set(ids));
    const { out } = context;
    for (const letter of found) {
      if (out.isJson) await out.json(letter);
      else for (const [name, value] of fieldsOf(letter)) await out.line(`${name.padEnd(6)}${value}`);
    }
    const missing = ids.length - found.length;
    if (missing > 0) out.note(`${counted(missing, 'letter is', 'letters are')} not there.`);
    return missing > 0 ? exitCodes.no : exitCodes.done;
  },
};

export function namedList(of: string | undefined): string {
  if (of !== undefined) return of;
  throw invalidOption('Say whose letters: --of <list>. "im dead list" says which lists there are.');
}

async function findLetters(context: Context, of: string, wanted: ReadonlySet<string>): Promise<DeadLetter[]> {
  const client = await context.client();
  const found: DeadLetter[] = [];
  let before: number | undefined;
  do {
    const page = await client.deadLetters.read({ of, limit: 1_000, before });
    found.push(...page.letters.filter(({ id }) => wanted.has(id)));
    before = page.next;
  } while (before !== undefined && found.length < wanted.size);
  return found;
}

function fieldsOf({ at, base64, by, id, list, text, why }: DeadLetter): [name: string, value: string][] {
  return [
    ['id', id],
    ['at', moment(at) ?? ''],
    ['list', list],
    ['by', by],
    ['why', why],
    base64 === undefined ? ['text', text ?? ''] : ['base64', ` ${base64}`],
  ];
}

import type { ByteText, DeadLetter, Lists } from 'im-common/bus';
import { deadLetterList, decodeDeadLetter, entryOf } from 'im-common/internal/bus';
import {
  choice,
  integer,
  invalidArgument,
  readOptions,
  show,
  text,
  type Kinds,
} from 'im-common/internal/checks';

export type { DeadLetter } from 'im-common/bus';

export interface DeadLettersOf {
  /**
   * Whose: `private`, `group` or `system` for messages that a server could not read, `result:{service}` for results that a
   * service could not take, `uplink:{service}` for what devices said and its handler could not take, `queue:user:banned` and the like for orders of im-platform. @default the results of this service
   */
  readonly of?: string | undefined;
}

export interface ReadDeadLettersOptions extends DeadLettersOf {
  /** Most letters in the page, 1,000 or fewer. @default 100 */
  readonly limit?: number | undefined;
  /** The `next` of the page before. @default the newest letters */
  readonly before?: number | undefined;
}

export interface DeadLetterPage {
  /** The newest first. */
  readonly letters: readonly DeadLetter[];
  /** How many there are in all. */
  readonly total: number;
  /** Where older ones begin. Absent on the last page. */
  readonly next?: number | undefined;
}

export interface ReplayedDeadLetters {
  /** So many are on their list again, and no dead letters any more. */
  readonly replayed: number;
  /** So many stay dead letters. */
  readonly kept: number;
  /** Why they stay, each reason once. */
  readonly why: readonly string[];
}

/** Ids of letters, or all that are there. */
export type WhichDeadLetters = readonly string[] | 'all';

/** Dead letters: entries that could not be read, or that no listener could take. The newest are kept for a week. */
export interface DeadLetters {
  /** A page of them. They stay where they are. */
  read(options?: ReadDeadLettersOptions): Promise<DeadLetterPage>;

  /**
   * Puts their entries back on the lists that they came from, the oldest first; messages for a server that is no more on the
   * list of another one, which sends them after their receivers. Two that replay the same letter at once do so once; one that
   * is broken off may have put entries back and kept their letters.
   */
  replay(which: WhichDeadLetters, options?: DeadLettersOf): Promise<ReplayedDeadLetters>;

  /** Deletes them. Resolves with how many there were. */
  discard(which: WhichDeadLetters, options?: DeadLettersOf): Promise<number>;
}

export interface DeadLettersDeps {
  readonly lists: Lists;
  /** Whose letters are meant when the caller does not say. */
  readonly of: string;
  /** Ids of the servers that are alive. */
  readonly liveServers: () => Promise<readonly number[]>;
  /** Carries a call out once the client has started. */
  readonly ask: <T>(question: () => Promise<T>) => Promise<T>;
}

interface Letter {
  readonly raw: ByteText;
  readonly letter: DeadLetter;
}

/** How many became dead letters no more, and how many of these by us; and why others did not. */
interface Done {
  readonly gone: number;
  readonly byUs: number;
  readonly why?: readonly string[];
}

const lettersPerCall = 200;
const mostPerPage = 1_000;
const resultsKeptMs = 24 * 3_600_000;
const longestList = 1_000_000;
/** Lists of messages, results and orders; never another key of Redis. */
const replayable = /^(im:(?:(?:message|result|queue):[a-z]+|uplink:[\w.-]+):)([\w.@:-]+)$/;

const ofKind = text('list', 'a text such as private or result:shop', /^[\w:.@-]+$/);
const ofKinds: Kinds<DeadLettersOf> = { of: ofKind };
const readKinds: Kinds<ReadDeadLettersOptions> = {
  of: ofKind,
  limit: integer('number', 1, mostPerPage),
  before: integer('number', 0),
};
const all = choice(['all']);

export function createDeadLetters(deps: DeadLettersDeps): DeadLetters {
  const { lists, ask } = deps;
  const listOf = ({ of = deps.of }: DeadLettersOf): string => deadLetterList(of);
  return {
    async read(options = {}) {
      const given = readOptions('the options of deadLetters.read', options, readKinds, invalidArgument);
      return ask(() => readPage(lists, listOf(given), given));
    },
    async replay(which, options = {}) {
      const given = readOptions('the options of deadLetters.replay', options, ofKinds, invalidArgument);
      const ids = readIds(which);
      return ask(() => replay(deps, listOf(given), ids));
    },
    async discard(which, options = {}) {
      const given = readOptions('the options of deadLetters.discard', options, ofKinds, invalidArgument);
      const ids = readIds(which);
      return ask(async () => {
        let count = 0;
        for await (const { byUs } of walk(lists, listOf(given), ids, (chosen, first) =>
          remove(lists, listOf(given), first, chosen),
        ))
          count += byUs;
        return count;
      });
    },
  };
}

function readIds(which: unknown): ReadonlySet<string> | 'all' {
  if (all.read(which)) return 'all';
  if (Array.isArray(which) && which.every((id) => typeof id === 'string')) return new Set<string>(which);
  throw invalidArgument(`The dead letters are ${show(which)}; expected a list of ids, or "all".`);
}

async function readPage(
  lists: Lists,
  list: string,
  options: ReadDeadLettersOptions,
): Promise<DeadLetterPage> {
  const { limit = 100, before = Infinity } = options;
  const total = await lists.length(list);
  // Counted from the oldest: new letters, and those of this page being replayed, move none of the next one.
  const end = Math.min(before, total);
  const first = Math.max(0, end - limit);
  const letters = (await lists.range(list, first, end - first)).map(decodeDeadLetter).toReversed();
  return first > 0 ? { letters, total, next: first } : { letters, total };
}

async function replay(
  { lists, liveServers }: DeadLettersDeps,
  list: string,
  ids: ReadonlySet<string> | 'all',
): Promise<ReplayedDeadLetters> {
  const servers = await liveServers();
  let replayed = 0;
  let kept = 0;
  const why = new Set<string>();
  const putBackAll = async (chosen: readonly Letter[], first: number): Promise<Done> => {
    const problems = await Promise.all(chosen.map(({ letter }) => putBack(lists, letter, servers)));
    const done = await remove(
      lists,
      list,
      first,
      chosen.filter((_, index) => problems[index] === undefined),
    );
    return { ...done, why: problems.filter((problem) => problem !== undefined) };
  };
  for await (const done of walk(lists, list, ids, putBackAll)) {
    replayed += done.byUs;
    kept += done.why?.length ?? 0;
    for (const problem of done.why ?? []) why.add(problem);
  }
  return { replayed, kept, why: [...why] };
}

/** Goes through the letters, the oldest first, a few at a time. Those that come meanwhile are not among them. */
async function* walk(
  lists: Lists,
  list: string,
  ids: ReadonlySet<string> | 'all',
  handle: (chosen: readonly Letter[], first: number) => Promise<Done>,
): AsyncGenerator<Done> {
  let left = await lists.length(list);
  let wanted = ids === 'all' ? Infinity : ids.size;
  let first = 0;
  while (left > 0 && wanted > 0) {
    const raws = await lists.range(list, first, Math.min(lettersPerCall, left));
    if (raws.length === 0) return;
    const chosen = raws
      .map((raw) => ({ raw, letter: decodeDeadLetter(raw) }))
      .filter(({ letter }) => ids === 'all' || ids.has(letter.id));
    const done = await handle(chosen, first);
    yield done;
    wanted -= chosen.length;
    left -= raws.length;
    first += raws.length - done.gone;
  }
}

async function remove(lists: Lists, list: string, first: number, chosen: readonly Letter[]): Promise<Done> {
  if (chosen.length === 0) return { gone: 0, byUs: 0 };
  const byUs = await lists.remove(
    list,
    first,
    chosen.map(({ raw }) => raw),
  );
  return { gone: chosen.length, byUs };
}

/** Returns why it cannot be put back. */
async function putBack(
  lists: Lists,
  letter: DeadLetter,
  servers: readonly number[],
): Promise<string | undefined> {
  const entry = entryOf(letter);
  if (entry === undefined || !replayable.test(letter.list)) return 'it does not say where it came from';
  const list = destination(letter.list, servers);
  if (list === undefined) return 'no server is alive that could take it';
  const outcome = await lists.put(list, {
    entries: [entry],
    // Under the letter's own name: another replay at the same time puts nothing more.
    producer: `letter-${letter.id}`,
    batchNumber: 1,
    maxLength: longestList,
    whenFull: 'refuse',
    ...(list.startsWith('im:result:') && { ttlMs: resultsKeptMs }),
  });
  return outcome.status === 'put' ? undefined : `${list} is ${outcome.status}`;
}

/** Where an entry goes. A message for a server that is no more goes to any other one, a result of one instance to all of them. */
function destination(list: string, servers: readonly number[]): string | undefined {
  const [, stem = '', of = ''] = replayable.exec(list) ?? [];
  if (!stem.startsWith('im:message:')) return stem + of.replace(/@.*/, '');
  const [anyServer] = servers;
  if (servers.includes(Number(of))) return list;
  return anyServer === undefined ? undefined : `${stem}${anyServer}`;
}

import type { Receipt, ReceiverOutcome, ServerOutcome } from 'im-client';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import type { Output } from '../output/output.ts';
import type { Cell } from '../output/table.ts';
import { counted, terminalWords } from '../output/words.ts';

interface Waits {
  /** False: nobody knows what becomes of it. */
  readonly waits: boolean;
}

/** Of a message to users: yes when each of them has it on some terminal, or it is kept for them. */
export async function tellResults(
  out: Output,
  receipt: Receipt,
  { users, waits }: Waits & { readonly users: readonly string[] },
): Promise<ExitCode> {
  const { kept, messageId, offline, queued, repeated } = receipt;
  if (!waits) {
    if (out.isJson) await out.json({ messageId, queued, offline, kept, repeated });
    else await out.line(`${messageId}: on its way to ${counted(queued.length, 'device')}.`);
    return queued.length + kept.length > 0 ? exitCodes.done : exitCodes.no;
  }
  const results = await receipt.results();
  if (out.isJson) await out.json({ messageId, results, repeated });
  else await out.table(['user', 'terminal', 'outcome', 'stage'], rowsOf(users, results));
  if (repeated.length > 0)
    out.note(
      `It was sent before under this id; results of ${counted(repeated.length, 'device')} went there.`,
    );
  const have = new Set([...results.filter(({ reason }) => arrives(reason)), ...repeated].map(({ id }) => id));
  return users.every((user) => have.has(user)) ? exitCodes.done : exitCodes.no;
}

/** Of a message to a topic or to everyone: yes when somebody has it, and nobody did not get it. */
export async function tellCounts(out: Output, receipt: Receipt, { waits }: Waits): Promise<ExitCode> {
  const { leftOut, messageId } = receipt;
  if (leftOut.length > 0)
    out.note(`Servers of box-im are left out, whose devices do not get it: ${leftOut.join(', ')}.`);
  if (!waits) {
    if (out.isJson) await out.json({ messageId, leftOut });
    else await out.line(`${messageId}: on its way.`);
    return exitCodes.done;
  }
  const counts = await receipt.counts();
  if (out.isJson) await out.json({ messageId, counts, leftOut });
  else if (counts.length > 0) await out.table(...tableOf(counts));
  if (counts.length === 0) out.note('No server had a device to give it to.');
  const got = (one: ServerOutcome): boolean => one.reason === undefined && one.count > 0;
  const failed = counts.some(({ reason }) => reason !== undefined);
  return counts.some(got) && !failed ? exitCodes.done : exitCodes.no;
}

/** Terminals that nobody is on are left out where the user is on another one. */
function rowsOf(users: readonly string[], results: readonly ReceiverOutcome[]): Cell[][] {
  return [...new Set(users)].flatMap((user) => {
    const own = results.filter(({ id }) => id === user);
    const here = own.filter(({ reason }) => reason !== 'NOT_ONLINE');
    if (here.length === 0) return [[user, '', outcomeOf('NOT_ONLINE'), '']];
    return here.map(({ reason, stage, terminal }) => [
      ...[user, terminalWords(terminal), outcomeOf(reason), stage],
    ]);
  });
}

/** Of a message to everyone results do not say which server had it. */
function tableOf(counts: readonly ServerOutcome[]): [head: string[], rows: Cell[][]] {
  const head = ['devices', 'outcome', 'stage'];
  const rows = counts.map(({ count, reason, stage }) => [count, outcomeOf(reason), stage]);
  if (counts.every(({ serverId }) => serverId === undefined)) return [head, rows];
  return [['server', ...head], rows.map((row, index) => [counts[index]?.serverId, ...row])];
}

function outcomeOf(reason: string | undefined): string {
  return reason ?? 'arrived';
}

function arrives(reason: string | undefined): boolean {
  return reason === undefined || reason === 'KEPT';
}

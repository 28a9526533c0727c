import type { Bus } from 'im-common/bus';
import { decodeTraceRecord, traceList, traceSteps, type TraceRecord } from 'im-common/internal/bus';
import { counted, lasting, terminalWords } from '../output/words.ts';

/** What is written down of one message. */
export interface TracedMessage {
  /** Of im-client; absent where a back end of box-im has named none. */
  readonly id?: string | undefined;
  readonly ownId?: string | undefined;
  readonly kind?: string | undefined;
  readonly sender?: string | undefined;
  /** In their order. */
  readonly steps: readonly TraceRecord[];
  /** Devices that were given it, and of which nothing is known yet. */
  readonly waiting: readonly Waiting[];
}

export interface Waiting {
  readonly user: string;
  readonly terminal: number;
  readonly sinceMs: number;
}

const mostAtOnce = 10_000;

/** All that is written down, the oldest message first. */
export async function readTraced({ kept, lists }: Bus): Promise<TracedMessage[]> {
  const [texts, now] = await Promise.all([lists.range(traceList, 0, mostAtOnce), kept.now()]);
  const byId = new Map<string, TraceRecord[]>();
  for (const text of texts) {
    const record = decodeTraceRecord(text);
    if (!record) continue;
    const { id = '' } = record;
    const steps = byId.get(id);
    if (steps) steps.push(record);
    else byId.set(id, [record]);
  }
  return Array.from(byId.values(), (steps) => messageOf(steps, now));
}

/** Several processes wrote it: it is put into its order by their clocks. */
function messageOf(records: readonly TraceRecord[], now: number): TracedMessage {
  const steps = records.toSorted(
    (one, other) => one.at - other.at || traceSteps.indexOf(one.step) - traceSteps.indexOf(other.step),
  );
  const first = (name: 'id' | 'ownId' | 'kind' | 'sender'): string | undefined =>
    steps.find((step) => step[name] !== undefined)?.[name];
  return {
    ...{ id: first('id'), ownId: first('ownId'), kind: first('kind'), sender: first('sender') },
    steps,
    waiting: waitingOf(steps, now),
  };
}

function waitingOf(steps: readonly TraceRecord[], now: number): Waiting[] {
  const given = new Map<string, Waiting>();
  for (const { at, step, terminal, user } of steps) {
    if (user === undefined || terminal === undefined) continue;
    if (step === 'given') given.set(`${user}:${terminal}`, { user, terminal, sinceMs: now - at });
    else given.delete(`${user}:${terminal}`);
  }
  return [...given.values()];
}

/** The users that it is for, as far as they are watched. */
export function usersOf({ steps }: TracedMessage): string[] {
  return [...new Set(steps.flatMap(({ user }) => user ?? []))];
}

/** What a step was, in words. */
export function wordsOf(record: TraceRecord): string {
  const { leftOut, others } = record;
  const more = [
    ...(others === undefined ? [] : [`so ${counted(others, 'other')}`]),
    ...(leftOut === undefined ? [] : [`${counted(leftOut, 'step')} before it left out`]),
  ];
  return [words[record.step](record), ...more].join('; ');
}

const words: Readonly<Record<TraceRecord['step'], (record: TraceRecord) => string>> = {
  sent: ({ kept = 0, ms = 0, offline = 0, queued, text }) =>
    queued === undefined
      ? `not sent: ${text ?? ''}`
      : [
          `sent in ${ms} ms, queued for ${counted(queued, 'device')}`,
          ...(offline > 0 ? [`${offline} not online`] : []),
          ...(kept > 0 ? [`kept for ${kept}`] : []),
        ].join(', '),
  taken: ({ attempt = 1, ms }) =>
    [
      ms === undefined ? 'taken' : `taken after ${ms} ms on the list`,
      ...(attempt > 1 ? [`attempt ${attempt}`] : []),
    ].join(', '),
  given: (record) => `given to the connection of ${whom(record)}`,
  ended: (record) => `${whom(record)}: ${endOf(record)}, ${record.ms ?? 0} ms after it was taken`,
  result: (record) => `result: ${whom(record)}: ${endOf(record)}`,
  listened: (record) => `listener ${record.text ?? ''}, ${record.ms ?? 0} ms, with ${whom(record)}`,
};

/** How far it came, and why not further. */
function endOf({ reason, stage = 'queued' }: TraceRecord): string {
  return reason === undefined ? stage : `${reason} (${stage})`;
}

function whom({ terminal, user = '' }: Pick<TraceRecord, 'terminal' | 'user'>): string {
  return terminal === undefined ? user : `${user} on ${terminalWords(terminal)}`;
}

/** The newest that is known of it. */
export function stateOf({ steps, waiting }: TracedMessage): string {
  const [first] = waiting;
  if (first) return `waits for ${whom(first)} since ${lasting(first.sinceMs)}`;
  const end = steps.findLast(({ stage }) => stage !== undefined);
  if (end) return endOf(end);
  return steps.at(-1)?.step ?? '';
}

import { serverGroup, traceNotice, decodeTraceOrder } from 'im-common/internal/bus';
import { busOptions, type CliCommand } from '../command.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import type { Context } from '../context.ts';
import type { Options } from '../options.ts';
import { lasting, moment, terminalWords } from '../output/words.ts';
import { readTraced, stateOf, usersOf, wordsOf, type TracedMessage } from '../trace/traced-message.ts';

interface Called extends Options {
  readonly message?: string;
}

export const trace: CliCommand = {
  about: 'What became of a message that was watched, step by step; without one, which messages were.',
  options: busOptions,
  argument: {
    name: 'message',
    about: 'Its id, as im-client has it; or what your application calls it, by a member of its data.',
    isOptional: true,
  },
  async run(context, { message }: Called) {
    const bus = await context.bus();
    const { out } = context;
    const all = await readTraced(bus);
    if (message === undefined) return list(context, all);
    const found = all.filter(({ id, ownId }) => id === message || ownId === message);
    for (const one of found) await (out.isJson ? out.json(one) : show(context, one));
    if (found.length > 0) return exitCodes.done;
    const { notices } = await bus.registry.view(serverGroup);
    const order = decodeTraceOrder(notices?.get(traceNotice) ?? '');
    out.note(
      order
        ? 'Nothing is known of it. It was sent before the watch began, or is none of those that are watched.'
        : 'Nothing is known of it, and no message is watched: im trace on --user <user>, and send it again.',
    );
    return exitCodes.no;
  },
};

async function list({ out }: Context, all: readonly TracedMessage[]): Promise<ExitCode> {
  if (out.isJson) await out.json({ messages: all.map((one) => ({ ...one, state: stateOf(one) })) });
  else if (all.length > 0)
    await out.table(
      ['id', 'own id', 'at', 'kind', 'from', 'to', 'state'],
      all.map((one) => {
        const { id, kind, ownId, sender, steps } = one;
        return [id, ownId, moment(steps[0]?.at), kind, sender, usersOf(one).join(' '), stateOf(one)];
      }),
    );
  else out.note('No message is known: im trace on --user <user> watches those of a user.');
  return all.length > 0 ? exitCodes.done : exitCodes.no;
}

async function show({ out }: Context, message: TracedMessage): Promise<void> {
  const { id = '-', kind = 'message', ownId, sender, steps, waiting } = message;
  const own = ownId === undefined ? '' : `, your ${ownId}`;
  await out.line(`${kind} ${id}${own}${sender === undefined ? '' : `, from ${sender}`}`);
  await out.table(
    ['at', 'after', 'by', 'what'],
    steps.map((step, index) => {
      const before = steps[index - 1];
      return [preciseMoment(step.at), before && `${step.at - before.at} ms`, step.by, wordsOf(step)];
    }),
  );
  for (const { sinceMs, terminal, user } of waiting)
    out.note(`${user} on ${terminalWords(terminal)} has not proved it, since ${lasting(sinceMs)}.`);
}

/** By the clock, in UTC and to the millisecond. */
function preciseMoment(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString().slice(11, 23);
}

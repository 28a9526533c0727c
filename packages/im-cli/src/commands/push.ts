import { jsonText, type ImClient, type Receipt } from 'im-client';
import { bare, count, integer, invalidOption, milliseconds, text } from 'im-common/internal/checks';
import { isTopicName, resultKinds, topicNameForm } from 'im-common/internal/bus';
import { busOptions, type CliCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { userId } from '../kinds.ts';
import type { Options } from '../options.ts';
import { own } from '../own.ts';
import { tellCounts, tellResults } from './push-results.ts';

interface Called extends Options {
  readonly user: readonly string[];
  readonly everyone?: boolean;
  readonly topic?: string;
  readonly data?: string;
  readonly sender?: string;
  readonly senderTerminal: number;
  readonly keepMs?: number;
  readonly keepMost?: number;
  readonly high?: boolean;
  readonly messageId?: string;
  readonly waitMs: number;
}

export const push: CliCommand = {
  about: 'Send a message, and say what became of it.',
  options: [...busOptions, 'service', 'terminals'],
  argument: { name: 'user', about: 'Ids of those who get it.', isOptional: true, isList: true },
  flags: {
    ...own('Receivers', {
      everyone: { kind: bare, about: 'Every device that is online.' },
      topic: { kind: text('topic', topicNameForm), about: 'The members of a topic. Takes a sender.' },
    }),
    ...own('Message', {
      data: { kind: text('json', 'JSON'), about: 'What devices get, as JSON; - reads it from stdin.' },
      sender: { kind: userId, about: 'The user who sends. Without one it is a system message.' },
      senderTerminal: {
        kind: integer('number', -(2 ** 31), 2 ** 31 - 1),
        default: -1,
        about: "The sender's terminal, which gets no copy.",
      },
      keepMs: { kind: milliseconds(1), about: 'Waits so long for devices that are away.' },
      keepMost: { kind: count, about: 'So many wait at most for one terminal.' },
      high: { kind: bare, about: 'Goes before all others that are not handed over yet.' },
      messageId: {
        kind: text('id', '1 to 64 characters out of A-Z a-z 0-9 _ . @ -', /^[\w.@-]{1,64}$/),
        about: 'Sending again with the same id, within four minutes, sends once.',
      },
      waitMs: {
        kind: milliseconds(0),
        default: 10_000,
        about: 'How long to wait for what becomes of it; 0: not at all.',
      },
    }),
  },
  async run(context, called: Called) {
    checkReceivers(called);
    const data = await readData(called.data, context);
    const { waitMs } = called;
    const client = await context.client({ ...(waitMs > 0 && { resultDeadlineMs: waitMs }) });
    // Results that nobody listens to would lie on the bus for a day. Those of a service that is named are for its listeners.
    if (called.service === undefined) for (const kind of resultKinds) client.on(kind, () => undefined);
    const receipt = await send(client, called, data);
    const namesReceivers = called.everyone !== true && called.topic === undefined;
    return namesReceivers
      ? tellResults(context.out, receipt, { users: called.user, waits: waitMs > 0 })
      : tellCounts(context.out, receipt, { waits: waitMs > 0 });
  },
};

function checkReceivers({ everyone, sender, topic, user }: Called): void {
  const named = [user.length > 0 && '<user>', everyone && '--everyone', topic !== undefined && '--topic'];
  const given = named.filter((one) => typeof one === 'string');
  if (given.length === 0)
    throw invalidOption('Say to whom: <user>…, --everyone or --topic <topic>. See --help.');
  if (given.length > 1)
    throw invalidOption(`${given.join(' and ')} are given together; expected one of them.`);
  if (topic !== undefined && !isTopicName(topic))
    throw invalidOption(`flag --topic is not usable; expected ${topicNameForm}.`);
  if (topic !== undefined && sender === undefined)
    throw invalidOption('A message to a topic has a sender: --sender <user>.');
  if (everyone && sender !== undefined)
    throw invalidOption('A message to everyone has no sender; expected --everyone without --sender.');
}

async function readData(given: string | undefined, { stdin }: Context): Promise<ReturnType<typeof jsonText>> {
  if (given === undefined) throw invalidOption(`Say what: --data <json>, such as --data '{"text":"hello"}'.`);
  if (given !== '-') return jsonText(given);
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return jsonText(Buffer.concat(chunks).toString());
}

function send(client: ImClient, called: Called, data: ReturnType<typeof jsonText>): Promise<Receipt> {
  const { high, keepMost, keepMs, messageId, sender, senderTerminal, topic, user, waitMs } = called;
  if (keepMost !== undefined && keepMs === undefined)
    throw invalidOption('flag --keep-most is given without --keep-ms; expected both.');
  const message = {
    ...{ data, sendResult: waitMs > 0, recvTerminals: called.terminals },
    ...(keepMs !== undefined && { keep: { forMs: keepMs, most: keepMost } }),
    ...(high && { priority: 'high' as const }),
    ...(messageId !== undefined && { messageId }),
  };
  if (sender === undefined)
    return client.sendSystemMessage({ ...message, recvIds: called.everyone ? 'everyone' : user });
  const from = { ...message, sender: { id: sender, terminal: senderTerminal } };
  if (topic !== undefined) return client.sendGroupMessage({ ...from, topic });
  const [only = '', ...others] = user;
  return others.length > 0
    ? client.sendGroupMessage({ ...from, recvIds: user })
    : client.sendPrivateMessage({ ...from, recvId: only });
}

import { encodeTraceOrder, longestTraceMs, serverGroup, traceNotice } from 'im-common/internal/bus';
import { invalidOption, list, text } from 'im-common/internal/checks';
import { busOptions, type CliCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { duration, userId } from '../kinds.ts';
import type { Options } from '../options.ts';
import { moment } from '../output/words.ts';
import { own } from '../own.ts';

interface Called extends Options {
  readonly user?: readonly string[];
  readonly message?: readonly string[];
  readonly for?: number;
  readonly idMember: string;
}

const mostNames = 20;
const usualMs = 600_000;
const messageId = text('id', '1 to 64 characters out of A-Z a-z 0-9 _ . @ -', /^[\w.@-]{1,64}$/);

export const traceOn: CliCommand = {
  about: 'Watch messages for a while: servers and services write down what becomes of them.',
  options: busOptions,
  flags: own('Command', {
    user: { kind: list('users', 'ids of users', userId), about: 'Messages to or from these.' },
    message: {
      kind: list('ids', 'ids of messages', messageId),
      about: 'Messages with these ids: those that your application brings itself (messageId).',
    },
    for: { kind: duration(longestTraceMs), about: 'How long: 90s, 10m, an hour at most. Without it 10m.' },
    idMember: {
      kind: text('name', 'the name of a member'),
      default: 'id',
      about: 'Where in the data your application has its own id, to find messages by.',
    },
  }),
  async run(context, called: Called) {
    const { for: forMs = usualMs, idMember, message: messageIds = [], user: users = [] } = called;
    if (users.length + messageIds.length === 0)
      throw invalidOption('Say which messages: --user <users>, or --message <ids>.');
    if (users.length > mostNames || messageIds.length > mostNames)
      throw invalidOption(`That are too many at once; expected ${mostNames} at most.`);
    const bus = await context.bus();
    const order = encodeTraceOrder({ users, messageIds, idMember, forMs });
    const before = await bus.registry.post(serverGroup, traceNotice, order, forMs);
    const until = (await bus.kept.now()) + forMs;
    const { out } = context;
    if (out.isJson) await out.json({ users, messageIds, idMember, until });
    else await out.line(`Watching until ${moment(until) ?? ''}. All know of it within seconds.`);
    if (before !== undefined && before !== order) out.note('What was watched before is not any more.');
    return exitCodes.done;
  },
};

export const traceOff: CliCommand = {
  about: 'Watch no messages any more. What is written down stays for an hour.',
  options: busOptions,
  async run(context) {
    const bus = await context.bus();
    const before = await bus.registry.post(serverGroup, traceNotice, '', 0);
    const { out } = context;
    if (out.isJson) await out.json({ wasOn: before !== undefined });
    else await out.line(before === undefined ? 'Nothing was watched.' : 'Nothing is watched any more.');
    return exitCodes.done;
  },
};

import { bare } from 'im-common/internal/checks';
import { busOptions, type CliCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import type { Options } from '../options.ts';
import { counted, terminalWords } from '../output/words.ts';
import { own } from '../own.ts';

interface Called extends Options {
  readonly user: readonly string[];
  readonly list?: boolean;
}

export const online: CliCommand = {
  about: 'Whether users are online, and on which terminals; without a user how many devices are.',
  options: [...busOptions, 'terminals'],
  argument: { name: 'user', about: 'Ids of users.', isOptional: true, isList: true },
  flags: own('Command', {
    list: { kind: bare, about: 'All devices that are online, a line for each.' },
  }),
  run(context, { list, user }: Called) {
    if (user.length > 0) return askFor(context, user);
    return list ? listAll(context) : countAll(context);
  },
};

async function askFor(context: Context, users: readonly string[]): Promise<ExitCode> {
  const client = await context.client();
  const found = await client.onlineTerminals(users);
  const rows = [...new Set(users)].map((id) => ({ id, terminals: found.get(id) ?? [] }));
  const { out } = context;
  if (out.isJson) await out.json({ users: rows });
  else
    await out.table(
      ['user', 'online on'],
      rows.map(({ id, terminals }) => [id, terminals.map(terminalWords).join(', ')]),
    );
  return rows.every(({ terminals }) => terminals.length > 0) ? exitCodes.done : exitCodes.no;
}

async function countAll(context: Context): Promise<ExitCode> {
  const client = await context.client();
  const [devices, servers] = await Promise.all([client.countOnline(), client.listServers()]);
  const { out } = context;
  if (out.isJson) await out.json({ devices, servers: servers.length });
  else
    await out.line(
      `${counted(devices, 'device is', 'devices are')} online; ${counted(servers.length, 'server')}.`,
    );
  return exitCodes.done;
}

/** A page at a time: there may be millions. */
async function listAll(context: Context): Promise<ExitCode> {
  const client = await context.client();
  const { out } = context;
  for await (const page of client.onlineDevices()) {
    for (const device of page) {
      if (out.isJson) await out.json(device);
      else await out.line(`${device.userId}  ${terminalWords(device.terminal)}  at ${device.server}`);
    }
  }
  return exitCodes.done;
}

import { busOptions, type CliCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Options } from '../options.ts';
import { moment, terminalWords } from '../output/words.ts';

interface Called extends Options {
  readonly user: string;
}

export const sessions: CliCommand = {
  about: 'Where a user is logged in.',
  options: [...busOptions, 'terminals'],
  argument: { name: 'user', about: 'The id of the user.' },
  async run(context, { user }: Called) {
    const client = await context.client();
    const found = await client.sessions(user);
    const { out } = context;
    if (out.isJson) await out.json({ sessions: found });
    else if (found.length > 0) {
      const rows = found.map(({ address, agent, devId, heardAt, server, session, since, terminal }) => [
        ...[terminalWords(terminal), server, session, moment(since), moment(heardAt), address, devId, agent],
      ]);
      await out.table(['terminal', 'server', 'session', 'since', 'heard', 'from', 'device', 'agent'], rows);
      if (found.some(({ session }) => session === undefined))
        out.note(
          'Servers say more of sessions with their option sessions, or while somebody listens to presence.',
        );
    } else out.note('The user is not online.');
    return found.length > 0 ? exitCodes.done : exitCodes.no;
  },
};

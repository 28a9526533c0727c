import type { ImClient } from 'im-client';
import { bare, invalidOption, text } from 'im-common/internal/checks';
import { busOptions, type CliCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Options } from '../options.ts';
import { terminalWords } from '../output/words.ts';
import { own } from '../own.ts';

interface Flags {
  readonly session?: string;
  readonly reason?: string;
  readonly revoke?: boolean;
}

interface Called extends Options, Flags {
  readonly user: string;
}

export const kick: CliCommand = {
  about: 'Close the devices of a user for good.',
  options: [...busOptions, 'terminals'],
  argument: { name: 'user', about: 'The id of the user.' },
  flags: own('Command', {
    session: { kind: text('id', 'the id of a session'), about: 'Only this one, as "im sessions" names it.' },
    reason: {
      kind: text('words', 'a text of 1 to 123 bytes'),
      about: 'What the devices are told, 123 bytes at most.',
    },
    revoke: {
      kind: bare,
      about: 'Refuse all tokens, too, that were issued until now: otherwise they let the devices in again.',
    },
  }),
  async run(context, called: Called) {
    const { revoke, session } = called;
    if (revoke && session !== undefined)
      throw invalidOption('flag --revoke and flag --session are both given; expected one of them.');
    if (revoke && called.reason !== undefined)
      throw invalidOption(
        'flag --reason is given beside flag --revoke, which tells devices a reason of its own.',
      );
    const client = await context.client();
    const terminals = await kickWith(client, called);
    const { out } = context;
    if (out.isJson) await out.json({ user: called.user, terminals, revoked: revoke === true });
    else if (terminals.length > 0)
      await out.line(`The order to close went out for ${terminals.map(terminalWords).join(', ')}.`);
    if (revoke && !out.isJson) await out.line('Tokens that were issued until now are refused.');
    if (terminals.length === 0)
      out.note(session === undefined ? 'The user is not online.' : 'The user has no such session.');
    return terminals.length > 0 || revoke ? exitCodes.done : exitCodes.no;
  },
};

/** The terminals that an order went out for. */
async function kickWith(client: ImClient, called: Called): Promise<number[]> {
  const { reason, revoke, session, terminals, user } = called;
  if (revoke) return client.revokeTokens(user, { issuedBefore: new Date(), terminals });
  if (session === undefined) return client.forceLogout(user, { reason, terminals });
  const found = (await client.sessions(user, { terminals })).find((one) => one.session === session);
  return found && (await client.endSession(found, { reason })) ? [found.terminal] : [];
}

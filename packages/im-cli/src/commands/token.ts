import { bare, integer, invalidOption, text } from 'im-common/internal/checks';
import { secretsOf } from 'im-common/internal/program';
import { createToken } from 'im-common/token';
import type { CliCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Options } from '../options.ts';
import { own } from '../own.ts';

interface Called extends Options {
  readonly user: string;
  readonly terminal: number;
  readonly lifeS: number;
  readonly session?: string;
  readonly withoutTime?: boolean;
}

export const token: CliCommand = {
  about: 'Print an access token for tests, signed with the secret of the servers.',
  options: ['jwtSecret', 'jwtSecretFile', 'json'],
  argument: { name: 'user', about: 'The id of the user who it is for.' },
  flags: own('Command', {
    terminal: {
      kind: integer('number', -(2 ** 31), 2 ** 31 - 1),
      default: 0,
      about: 'The terminal that it is for.',
    },
    lifeS: {
      kind: integer('seconds', -(2 ** 31), 2 ** 31 - 1),
      default: 3_600,
      about: 'How long it is good. One below 0 has ended already.',
    },
    session: {
      kind: text('id', 'letters, digits, _ and -, 64 at most', /^[\w-]{1,64}$/),
      about: 'Its claim sid.',
    },
    withoutTime: { kind: bare, about: 'It does not say when it was issued, as those of box-im.' },
  }),
  async run(context, { lifeS, session, terminal, user, withoutTime }: Called) {
    const { given, out } = context;
    const secrets = secretsOf(given, 'jwtSecret', 'jwtSecretFile');
    if (!secrets) throw context.missing('jwtSecret', 'what tokens are signed with');
    const [secret = '', ...more] = secrets;
    if (more.length > 0)
      throw invalidOption('There are several secrets; expected one, as a token has one signature.');
    const issuedAt = Date.now();
    const made = await createToken(secret, {
      ...{ userId: user, terminal, expiresInS: lifeS },
      ...(!withoutTime && { issuedAt }),
      ...(session !== undefined && { session }),
    });
    if (out.isJson)
      await out.json({ token: made, userId: user, terminal, expiresAt: issuedAt + lifeS * 1_000 });
    else await out.line(made);
    return exitCodes.done;
  },
};

import { defaultTerminals } from 'im-common';
import { keyPrefix, redisKind } from 'im-common/internal/bus';
import { bare, file, milliseconds, secrets, terminals, type OptionTable } from 'im-common/internal/checks';
import { serviceName } from './kinds.ts';
import { own } from './own.ts';
import type { Options, WithoutDefault } from './options.ts';

export const table: OptionTable<object, Options, WithoutDefault> = {
  ...own('Bus', {
    redis: {
      kind: redisKind,
      about: 'Where Redis is, as im-server has it: redis://, redis+sentinel:// or redis+cluster://.',
    },
    keyPrefix: { kind: keyPrefix, default: '', about: 'As im-server has it.' },
    commandTimeoutMs: {
      kind: milliseconds(1),
      default: 2_000,
      about: 'How long a command may take before Redis counts as away.',
    },
  }),

  ...own('Who asks', {
    service: {
      kind: serviceName,
      about:
        'The service in whose name something is sent or listened to. Pushes without it are sent by im-cli.',
    },
    terminals: {
      kind: terminals,
      default: defaultTerminals,
      about:
        'Terminals that count where a user is named: 0 web, 1 app, 2 pc, -1 unknown, and those of yours.',
    },
  }),

  ...own('Tokens', {
    jwtSecret: {
      kind: secrets,
      about: 'What tokens are signed with, as im-server has it; best by environment.',
    },
    jwtSecretFile: { kind: file, isFile: true, about: 'The same from a file.' },
  }),

  ...own('Output', {
    json: { kind: bare, default: false, about: 'Print JSON, a document per line, for programs.' },
  }),
};

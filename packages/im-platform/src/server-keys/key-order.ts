import { count, integer, invalidOption, text, type Rows } from 'im-common/internal/checks';
import { isServerScope, serverScopes, type ServerScope } from './scopes.ts';

const group = 'Command';

export const keyFlags: Rows = {
  name: { group, kind: text('name', '1 to 64 characters', /^.{1,64}$/), about: 'Whose it is, for people.' },
  scopes: {
    group,
    kind: text('scopes', 'words with commas between'),
    about: `What it is good for, with commas between: ${serverScopes.join(', ')}.`,
  },
  expiresDays: {
    group,
    kind: integer('days', 1, 36_500),
    about: 'When it ends. Absent: when it is revoked.',
  },
  perMinute: { group, kind: count, default: 6_000, about: 'Requests in a minute, at each instance.' },
  graceHours: {
    group,
    kind: integer('hours', 0, 720),
    default: 24,
    about: 'For rotate: how long the key before is good beside the new one.',
  },
};

/** What was said on the command line. */
export interface KeySettings {
  readonly order: readonly string[];
  readonly name?: string;
  readonly scopes?: string;
  readonly expiresDays?: number;
  readonly perMinute: number;
  readonly graceHours: number;
}

export type KeyOrder =
  | {
      readonly what: 'create';
      readonly name: string;
      readonly scopes: readonly ServerScope[];
      readonly expiresDays: number | undefined;
      readonly perMinute: number;
    }
  | { readonly what: 'list' }
  | { readonly what: 'rotate'; readonly id: string; readonly graceHours: number }
  | { readonly what: 'revoke'; readonly id: string };

/** Throws an INVALID_OPTION for what is no order. */
export function keyOrderIn({
  order,
  name,
  scopes,
  expiresDays,
  perMinute,
  graceHours,
}: KeySettings): KeyOrder {
  const [what, id, ...more] = order;
  if (more.length === 0 && id === undefined) {
    if (what === 'list') return { what };
    if (what === 'create') {
      if (name === undefined) throw invalidOption('Say whose key it is: --name <name>.');
      return { what, name, scopes: scopesIn(scopes), expiresDays, perMinute };
    }
  } else if (more.length === 0 && id !== undefined) {
    if (what === 'rotate') return { what, id, graceHours };
    if (what === 'revoke') return { what, id };
  }
  throw invalidOption(
    `What is to be done with keys is ${order.join(' ')}; expected create, list, rotate <id> or revoke <id>.`,
  );
}

function scopesIn(given: string | undefined): ServerScope[] {
  const words = (given ?? '').split(',').map((word) => word.trim());
  const wrong = words.filter((word) => !isServerScope(word));
  if (wrong.length > 0)
    throw invalidOption(
      `--scopes has ${wrong.join(', ') || 'nothing'}; expected some of ${serverScopes.join(', ')}.`,
    );
  return [...new Set(words.filter(isServerScope))];
}

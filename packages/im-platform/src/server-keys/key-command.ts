import { count, integer, invalidOption, text, type Rows } from 'im-common/internal/checks';
import type { Database } from '../db/database.ts';
import { KeyStore } from './key-store.ts';
import { isServerScope, serverScopes, type ServerScope } from './scopes.ts';
import { hashOf, newId, newSecret, type ServerKey } from './server-key.ts';

const group = 'Command';
const dayMs = 86_400_000;
const hourMs = 3_600_000;

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

/** Does it, and returns what is to be said: of a new key the key itself, which is kept nowhere. */
export async function orderKey(
  database: Pick<Database, 'sql' | 'transaction'>,
  order: KeyOrder,
): Promise<string[]> {
  const store = new KeyStore(database);
  const now = Date.now();
  switch (order.what) {
    case 'create': {
      const { name, scopes, expiresDays, perMinute } = order;
      const id = newId();
      const secret = newSecret(id);
      await store.add({
        ...{ id, name, scopes, perMinute, hash: hashOf(secret), formerHash: null, formerEndTime: null },
        ...{ createdTime: now, usedTime: null, revokedTime: null },
        endTime: expiresDays === undefined ? null : now + expiresDays * dayMs,
      });
      return [secret];
    }
    case 'list':
      return (await store.list()).map((key) => lineOf(key, now));
    case 'rotate': {
      const secret = newSecret(order.id);
      await database.transaction(async (sql) => {
        const key = await store.findForUpdate(sql, order.id);
        if (!key || key.revokedTime !== null) throw unknown(order.id);
        const former = { formerHash: key.hash, formerEndTime: now + order.graceHours * hourMs };
        await store.change(order.id, { ...former, hash: hashOf(secret) }, sql);
      });
      return [secret];
    }
    case 'revoke': {
      const [key] = await store.find([order.id]);
      if (!key) throw unknown(order.id);
      if (key.revokedTime === null) await store.change(order.id, { revokedTime: now });
      return [`The key ${order.id} is revoked.`];
    }
  }
}

function unknown(id: string): Error {
  return invalidOption(`There is no key ${id} that is not revoked; im-platform key list has them all.`);
}

function lineOf(
  { id, name, scopes, createdTime, usedTime, endTime, revokedTime, ...key }: ServerKey,
  now: number,
): string {
  const facts = [
    `created ${toTime(createdTime)}`,
    usedTime === null ? 'never used' : `used ${toTime(usedTime)}`,
  ];
  if (endTime !== null) facts.push(`${endTime <= now ? 'ended' : 'ends'} ${toTime(endTime)}`);
  if (key.formerEndTime !== null && key.formerEndTime > now)
    facts.push(`the one before is good until ${toTime(key.formerEndTime)}`);
  if (revokedTime !== null) facts.push(`revoked ${toTime(revokedTime)}`);
  return [id, name, scopes.join(','), facts.join(', ')].join('  ');
}

function toTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

import { invalidOption } from 'im-common/internal/checks';
import type { Database } from '../db/database.ts';
import type { KeyOrder } from './key-order.ts';
import { KeyStore } from './key-store.ts';
import { hashOf, newId, newSecret, type ServerKey } from './server-key.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;

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

import { setTimeout as sleep } from 'node:timers/promises';
import { createPlatform, type Platform } from 'im-platform';
import { startRedis } from 'im-test/support';
import { tokenOf } from '../people.ts';
import { percentile } from '../process-figures.ts';
import { benchSecret } from '../start-server.ts';
import { callsOf, remember, type Call } from './calls.ts';
import { busy, sizesOf } from './sizes.ts';

export interface Statement {
  readonly sql: string;
  readonly bindings: readonly unknown[];
  /** How long the database took, each time. */
  readonly ms: number[];
}

interface Query extends Statement {
  readonly __knexQueryUid: string;
}

export interface Measured {
  readonly name: string;
  readonly p50: number;
  readonly p99: number;
  /** What it asks of the database, each once. */
  readonly asked: readonly Statement[];
}

/** A platform on a large database, with nobody online. */
export async function measureLarge(
  url: string,
  {
    messages,
    times,
    only = '',
  }: { readonly messages: number; readonly times: number; readonly only?: string },
): Promise<{ measured: Measured[]; platform: Platform; close(): Promise<void> }> {
  const redis = await startRedis();
  const platform = createPlatform({
    ...{
      database: url,
      redis: redis.url,
      accessSecret: benchSecret,
      refreshSecret: `${benchSecret}-refresh`,
    },
    ...{ host: '127.0.0.1', port: 0, requestsPerMinute: 1_000_000_000, messagesPerMinute: 1_000_000_000 },
    // Ten million messages would have their words noted meanwhile.
    search: false,
  });
  await platform.start();
  await prepare(platform);
  let asked = new Map<string, Statement>();
  const begun = new Map<string, number>();
  platform.database.sql.on('query', ({ __knexQueryUid: id, sql, bindings }: Query) => {
    if (!/^(select|insert|update|delete)/i.test(sql)) return;
    begun.set(id, performance.now());
    asked.set(sql, { sql, bindings, ms: asked.get(sql)?.ms ?? [] });
  });
  platform.database.sql.on('query-response', (_: unknown, { __knexQueryUid: id, sql }: Query) => {
    asked.get(sql)?.ms.push(performance.now() - (begun.get(id) ?? 0));
    begun.delete(id);
  });
  const measured: Measured[] = [];
  for (const call of callsOf(sizesOf(messages))) {
    if (!call.name.includes(only)) continue;
    const took: number[] = [];
    let cpuBefore = process.cpuUsage();
    await settle(platform);
    const count = call.restMs === undefined ? times : Math.ceil(times / 5);
    // The first ones warm up.
    for (let time = -Math.ceil(times / 10); time < count; time++) {
      if (call.before) await ask(platform, call.before, time);
      if (time === 0) {
        asked = new Map();
        cpuBefore = process.cpuUsage();
      }
      if (call.restMs !== undefined) await sleep(call.restMs);
      const startedAt = performance.now();
      await ask(platform, call, time);
      if (time >= 0) took.push(performance.now() - startedAt);
    }
    const { user, system } = process.cpuUsage(cpuBefore);
    took.sort((one, other) => one - other);
    const row = { name: call.name, p50: percentile(took, 0.5), p99: percentile(took, 0.99) };
    // Of the load and the platform together: what can be compared on a busy machine.
    const cpuMs = (user + system) / 1_000 / count;
    const [p50, p99, cpu] = [row.p50, row.p99, cpuMs].map((ms) => ms.toFixed(1).padStart(8));
    console.log(`${p50} ms p50 ${p99} ms p99 ${cpu} ms CPU  ${row.name}`);
    measured.push({ ...row, asked: [...asked.values()] });
  }
  return {
    ...{ measured, platform },
    async close() {
      await platform.close();
      await redis.stop();
    },
  };
}

/** Until what the calls before left to do is done: what they sent is pushed after them. */
async function settle({ database }: Platform): Promise<void> {
  const endsAt = Date.now() + 60_000;
  do await sleep(1_000);
  while (Date.now() < endsAt && (await database.sql('im_pending_push').first('kind')) !== undefined);
}

/** Somebody who has all, and is asked what has changed since. */
async function prepare(platform: Platform): Promise<void> {
  const sync: Call = { name: 'sync', userId: busy, method: 'POST', path: () => '/v1/sync' };
  let answer: { cursor?: string; more?: boolean } = { more: true };
  while (answer.more === true) {
    const { cursor } = answer;
    answer = (await ask(
      platform,
      { ...sync, body: () => ({ cursor, limit: 200, messages: 1 }) },
      0,
    )) as typeof answer;
  }
  const [row] = await platform.database
    .sql('im_private_message')
    .where({ sendId: busy })
    .max<{ highest: number }[]>('id as highest');
  remember(busy, { newest: row?.highest ?? 0 });
}

const tokens = new Map<number, string>();

async function ask(platform: Platform, call: Call, time: number): Promise<unknown> {
  // Signed once: making tokens is not what is measured.
  const token = tokens.get(call.userId) ?? (await tokenOf(call.userId));
  tokens.set(call.userId, token);
  const answer = await fetch(`${platform.url}${call.path(time)}`, {
    method: call.method,
    headers: {
      ...{ authorization: `Bearer ${token}`, accesstoken: token },
      ...(call.body && { 'content-type': 'application/json' }),
    },
    ...(call.body && { body: JSON.stringify(call.body(time)) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${call.name}: ${answer.status} ${text}`);
  const said = (text === '' ? {} : JSON.parse(text)) as { cursor?: string; code?: number };
  if (said.code !== undefined && said.code !== 200) throw new Error(`${call.name}: ${text}`);
  // Of whoever begins anew it is not that of the device that has all.
  if (call.path(time) === '/v1/sync' && !call.isNew) remember(call.userId, { cursor: said.cursor });
  return said;
}

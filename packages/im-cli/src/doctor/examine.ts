import type { Bus } from 'im-common/bus';
import { readServers } from 'im-common/internal/bus';
import { keyPrefixOf, mastersOf } from '../redis.ts';
import { checkAddresses } from './check-addresses.ts';
import { checkLists } from './check-lists.ts';
import { checkRedis } from './check-redis.ts';
import { checkServers } from './check-servers.ts';
import type { Finding } from './finding.ts';
import { readFacts } from './node-facts.ts';

/** All that can be seen from here, as soon as it is known. */
export async function* examine(bus: Bus): AsyncGenerator<Finding, void, undefined> {
  const all = await Promise.all(mastersOf(bus).map(readFacts));
  for (const facts of all) yield* checkRedis(facts, keyPrefixOf(bus) !== '');
  const servers = await readServers(bus);
  yield* checkServers(servers, Date.now() + (all[0]?.aheadMs ?? 0));
  yield* await checkAddresses(servers);
  yield* await checkLists(bus, servers);
}

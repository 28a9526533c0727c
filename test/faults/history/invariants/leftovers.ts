import type { HistoryIndex } from '../index-of.ts';
import { Tally, type Finding } from './finding.ts';

/** What may be left in Redis when servers and services have gone in order: all of it has an end of its own. */
const expectedKeys = [
  /^im:max_server_id$/,
  /^\{im:(max_server_id|service:[^}]+)\}:(dead|ended:.+)$/,
  /^\{im:(message|result):.+\}:(turn:.+|closed)$/,
  /^\{im:user:force_logout:.+\}:(turn:.+|closed)$/,
  /^im:(lock|posted):/,
  // How many bytes a list has, for a week after the last put.
  /^\{im:(result|reply|presence|uplink|dead):.+\}:sizes$/,
  // When what was kept would have ended: each goes then.
  /^\{im:kept\}:(due|claimed)$/,
  // Outboxes for two days, replies for two minutes, who owned what for a week.
  /^\{im:uplink:[^}]+\}:(outboxes:.+|reply:.+|epoch|instances|owners)$/,
  // Ids of what was kept, until some minutes after its end.
  /^\{im:user:server_id:.+\}:kept:known$/,
  // Numbers of addresses, for a minute; what was told, for an hour.
  /^\{im:user:server_id:.+\}:sessions$/,
  // The number of the last change for 90 days, servers for ten minutes, what is kept for a minute, and who was taken out for an hour. Nobody is in any.
  /^\{im:topic:[^}]+\}:(number|servers|kept|kept:(state|known))$/,
  /^\{im:topics:of:[^}]+\}:left$/,
  /^(\{im:presence:.+\}:turn:.+|\{im:max_server_id\}:notices)$/,
];

/** Lists of servers and instances, of which a bus that has lost its memory may not know that they are dead: then they go by themselves. */
export const mayBeForgotten: RegExp = /^im:(message|result|user:force_logout):/;

/** Of services: what a consumer had acknowledged and a bus has forgotten that it had goes back when the last one leaves, for an hour. */
const mayBePutBack = /^im:presence:/;

/** I7: nothing is left that nobody expects. */
export function nothingIsLeft({ leftovers, faults }: HistoryIndex): Finding {
  const tally = new Tally();
  // A bus that forgot that something was acknowledged has it put back when its consumer leaves.
  const hasForgotten = faults.some(({ scope }) => scope === 'memory');
  for (const { keys, withoutEnd, others } of leftovers) {
    tally.checked += keys.length + 1;
    for (const key of keys) {
      if (expectedKeys.some((pattern) => pattern.test(key))) continue;
      const mayBeLeft = mayBeForgotten.test(key) || mayBePutBack.test(key);
      if (hasForgotten && mayBeLeft && !withoutEnd.includes(key)) tally.excused += 1;
      else tally.violations.push(`Redis still has ${key}`);
    }
    tally.violations.push(...others);
  }
  return tally;
}

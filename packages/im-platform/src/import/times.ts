import type { Knex } from 'knex';
import type { Copying } from './copying.ts';

/** A column of box-im's type datetime, as epoch milliseconds. Not as a date: the driver would read it in the zone of this machine. */
export function timeIn({ from, zoneMs }: Pick<Copying, 'from' | 'zoneMs'>, name: string): Knex.Raw {
  return from.raw("(timestampdiff(microsecond, '1970-01-01', ??) div 1000) - ? as ??", [name, zoneMs, name]);
}

import { chunksOf } from '../db/chunks.ts';
import { timeZoneOf } from '../away/settings.ts';
import type { Sql } from '../db/database.ts';
import { attributesOf, timeZoneName } from './user-attributes.ts';

const idsPerStatement = 500;

/** Where the clocks of people are, of whom that is known: by another back end, or by the quiet hours that they have set. */
export async function timeZonesOf(sql: Sql, userIds: readonly number[]): Promise<Map<number, string>> {
  const zones = new Map<number, string>();
  for (const some of chunksOf(userIds, idsPerStatement)) {
    const settings = await sql('im_away_setting')
      .whereIn('userId', some)
      .whereNotNull('timeZone')
      .select<{ userId: number; timeZone: string }[]>('userId', 'timeZone');
    for (const { userId, timeZone } of settings) zones.set(userId, timeZone);
    for (const [userId, { [timeZoneName]: name }] of await attributesOf(sql, some, [timeZoneName])) {
      const zone = zoneCalled(name);
      if (zone !== undefined) zones.set(userId, zone);
    }
  }
  return zones;
}

/** There are some 600, and more ways to write them. */
const mostNames = 2_000;
const names = new Map<string, string | undefined>();

/** As it is kept. Undefined: there is no such zone, whatever another back end has said of somebody. */
export function zoneCalled(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  if (!names.has(name)) {
    if (names.size >= mostNames) names.clear();
    names.set(name, timeZoneOf(name));
  }
  return names.get(name);
}

import { z } from 'zod';
import { idText, time, toTime } from '../api/values.ts';
import type { Presence } from './presence-service.ts';

/** As answers and pushes show it. */
export const shownPresence = z
  .object({
    userId: idText('Of the user'),
    isOnline: z.boolean(),
    lastSeenAt: time.nullable().meta({ description: 'To a minute; null: online, or not known' }),
  })
  .meta({ id: 'Presence' });

export function showPresence({ userId, isOnline, lastSeenTime }: Presence): z.output<typeof shownPresence> {
  return {
    ...{ userId: String(userId), isOnline },
    lastSeenAt: lastSeenTime === null ? null : toTime(lastSeenTime),
  };
}

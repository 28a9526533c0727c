import { z } from 'zod';
import { idText, time, toTime } from '../api/values.ts';
import type { ShownJoinRequest } from './joining.ts';

/** As answers and pushes show it to those who may let somebody in. */
export const shownJoinRequest = z
  .object({
    userId: idText('Of the user who asks'),
    name: z.string(),
    thumbnail: z.string().nullable(),
    text: z.string().meta({ description: 'What they say to it' }),
    sentAt: time,
  })
  .meta({ id: 'JoinRequest' });

export function showJoinRequest(request: ShownJoinRequest): z.output<typeof shownJoinRequest> {
  const { userId, nickName: name, headImageThumb, text, sentTime } = request;
  return {
    ...{ userId: String(userId), name, text, sentAt: toTime(sentTime) },
    thumbnail: headImageThumb === '' ? null : headImageThumb,
  };
}

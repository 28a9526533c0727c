import type { PlatformEvent } from '../events/event.ts';
import type { Outbox } from '../events/outbox.ts';
import { conversationOfGroup } from './group.ts';
import type { MemberChange } from './group-topics.ts';

/** What others are told of a change of members; nothing while nobody is. */
export function eventsOfMembers(
  outbox: Pick<Outbox, 'wants'>,
  change: Pick<MemberChange, 'groupId' | 'joined' | 'left'> & {
    readonly actorId: number;
    readonly time: number;
    /** The group ends with it. */
    readonly isEnd?: true | undefined;
  },
): PlatformEvent[] {
  if (!outbox.wants('group.joined', 'group.left', 'group.dissolved')) return [];
  const { groupId, joined = [], left = [], actorId, time, isEnd } = change;
  const subject = conversationOfGroup(groupId);
  const about = { conversationId: subject, groupId: String(groupId), actorId: String(actorId) };
  const event = (type: 'group.joined' | 'group.left', userIds: readonly number[]): PlatformEvent[] =>
    userIds.length === 0
      ? []
      : [
          {
            type,
            subject,
            time,
            data: { ...about, userIds: userIds.map(String) },
            userIds: [actorId, ...userIds],
          },
        ];
  return isEnd
    ? [{ type: 'group.dissolved', subject, time, data: about, userIds: [actorId] }]
    : [...event('group.joined', joined), ...event('group.left', left)];
}

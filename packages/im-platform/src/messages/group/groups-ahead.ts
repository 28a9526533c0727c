import { Terminal } from 'im-client';
import type { Logger } from 'im-common';
import { findConversations } from '../../conversations/conversation-rows.ts';
import { fencesOf } from '../../db/lane-fences.ts';
import { laneOf } from '../../db/lanes.ts';
import type { Outbox } from '../../events/outbox.ts';
import type { GroupBeginnings } from '../../groups/group-beginnings.ts';
import type { GroupNews } from '../../groups/group-news.ts';
import type { GroupStore } from '../../groups/group-store.ts';
import { conversationOfGroup, type MyGroup } from '../../groups/group.ts';
import { changePlaces } from '../../groups/place-change.ts';
import type { JudgedAhead } from '../../message-log/entries.ts';
import { dedupeKeyOf } from '../../message-log/repeats.ts';
import type { SpreadLog } from '../../message-log/spread-log.ts';
import { isOutage } from '../../outage.ts';
import { MessageType } from '../../wire/message-type.ts';
import { isStored, judgedInFirst, type GroupDraft } from './group-log.ts';
import type { GroupMessage } from './group-message.ts';

/** As much as the column of what is said takes. */
const mostBytes = 65_535;

/** Where the lane of the group may be elsewhere. */
export function beginningsByOrder(
  log: Pick<SpreadLog<GroupDraft, GroupMessage>, 'order' | 'settle'>,
  { outbox, logger }: { readonly outbox: Pick<Outbox, 'store'>; readonly logger: Logger },
): GroupBeginnings {
  return {
    async begin(sql, groupId, places) {
      const lane = laneOf(conversationOfGroup(groupId));
      const isHere = (await fencesOf(sql, [lane])).length > 0;
      if (isHere) return changePlaces(sql, outbox, groupId, places);
      const tip = { terminal: Terminal.UNKNOWN, type: MessageType.TIP_TEXT, content: '' };
      const [sendId = 0] = places.joined ?? [];
      await log.order(sql, {
        ...{ ...tip, groupId, sendId, needsMembership: false, sendNickName: '' },
        ...{ places, isBeginning: true },
      });
    },
    async settle(groupId) {
      try {
        await log.settle(conversationOfGroup(groupId));
      } catch (error) {
        if (!isOutage(error)) throw error;
        logger.warn({ err: error, groupId }, 'the conversation of a new group begins later');
      }
    },
  };
}

export interface GroupsAheadDeps {
  readonly outbox: Pick<Outbox, 'store'>;
  readonly news: Pick<GroupNews, 'joined' | 'left'>;
  readonly groups: Pick<GroupStore, 'find' | 'findActiveNow'>;
}

/** Who may send to groups, found out where groups and their members are; and what becomes of their changes in a lane that is elsewhere. */
export function groupsAhead({ outbox, news, groups }: GroupsAheadDeps): JudgedAhead<GroupDraft> {
  const newcomers = async (groupId: number, userIds: readonly number[]): Promise<MyGroup[]> => {
    const group = await groups.find(groupId);
    const members = await groups.findActiveNow(groupId, userIds);
    return group ? members.map((member) => ({ ...group, ...member })) : [];
  };
  return {
    judge: judgedInFirst,
    refusalOf: ({ judged }) => judged?.refusal,
    once(draft, name) {
      // An order that cannot be carried out would hold up the group for ever.
      if (Buffer.byteLength(draft.content) > mostBytes)
        throw new Error(`The tip of group ${draft.groupId} is too long: ${draft.content.length} characters`);
      return { ...draft, judged: { isOrdered: true }, dedupeKey: dedupeKeyOf(draft) ?? name };
    },
    inTurn(draft) {
      const { places, groupId, sendId: actorId, isBeginning } = draft;
      if (!places) return { draft };
      if (isBeginning)
        return {
          async change(sql) {
            const name = conversationOfGroup(groupId);
            if (!(await findConversations(sql, [name])).has(name))
              await changePlaces(sql, outbox, groupId, places);
          },
        };
      const { joined = [], left = [], time } = places;
      const occasion = { groupId, actorId, time };
      return {
        draft,
        async within(sql) {
          // Somebody may have carried it out before.
          if (!(await isStored(sql, draft))) await changePlaces(sql, outbox, groupId, places);
        },
        ...(joined.length > 0 && {
          ahead: async () => news.joined(occasion, await newcomers(groupId, joined)),
        }),
        ...(left.length > 0 && { after: () => news.left(occasion, left) }),
      };
    },
  };
}

import { counts } from '../../conversations/conversation.ts';
import type { Sql } from '../../db/database.ts';
import { inKeys } from '../../db/in-keys.ts';
import { ask } from '../../db/together.ts';
import { whyClosed, type GroupState } from '../../groups/checked-group.ts';
import { conversationOfGroup, groupIdOf, shownNickName } from '../../groups/group.ts';
import type { PlaceChange } from '../../groups/place-change.ts';
import { whySilent } from '../../groups/role.ts';
import { parseGroupWhenLeft } from '../../groups/who-left.ts';
import { Refusal } from '../../http/refusal.ts';
import type { GroupPushes } from './group-pushes.ts';
import { putPending } from '../../push/pending-pushes.ts';
import { dedupeKeyOf, Repeats } from '../../message-log/repeats.ts';
import type { Judgement, LogKind, StoredKind, TellOf } from '../../message-log/entries.ts';
import type { Log } from '../../message-log/message-log.ts';
import { MessageStatus } from '../../wire/message-type.ts';
import type { NewDetail } from '../../message-details/detail.ts';
import { putDetails } from '../../message-details/detail-rows.ts';
import { fromRow, groupColumns, toRow, type GroupMessage, type GroupMessageRow } from './group-message.ts';

/** A group message on its way into the log. */
export interface GroupDraft {
  readonly groupId: number;
  readonly sendId: number;
  /** The terminal that sends: it gets no copy. -1 when no terminal does. */
  readonly terminal: number;
  /** @default what the sender is called in the group */
  readonly sendNickName?: string | undefined;
  readonly type: number;
  readonly content: string;
  readonly atUserIds?: readonly number[];
  readonly receipt?: boolean;
  /** The client's own id of it; sent again, it is the same message. */
  readonly tmpId?: string | undefined;
  /** What makes two of them the same. @default tmpId and what it says */
  readonly dedupeKey?: string | undefined;
  /** Who alone may see it. @default every member */
  readonly recvIds?: readonly number[];
  /** Who gets the push, when it is not those who are members afterwards: a group that ends tells those it had. */
  readonly pushTo?: readonly number[];
  /** Whether the group must be in order and the sender a member of it. Tips ask for neither. */
  readonly needsMembership: boolean;
  /** What was found out before, in the first database (groups-ahead.ts). */
  readonly judged?: JudgedInFirst | undefined;
  /** What the change of members that it tells of comes to in its lane. */
  readonly places?: PlaceChange | undefined;
  /** It is no message: the group begins. */
  readonly isBeginning?: boolean | undefined;
  /** Whether the sender's own terminal is among the receivers, as with recalls. @default false */
  readonly pushToSender?: boolean;
  /** The number of the message that this one takes back. */
  readonly recalls?: number | undefined;
  /** What it has beside what box-im knows. */
  readonly detail?: NewDetail | undefined;
}

interface JudgedInFirst {
  readonly refusal?: Refusal | undefined;
  /** It was judged in the transaction of its order, after all orders before it. */
  readonly isOrdered?: boolean;
}

interface Member {
  readonly groupId: number;
  readonly userId: number;
  readonly userNickName: string;
  readonly remarkNickName: string;
  readonly quit: number;
  readonly groupWhenLeft: string | null;
  readonly role: number;
  readonly mutedUntil: number;
}

/** What of a group says who may write in it. */
interface Rules extends GroupState {
  readonly ownerId: number;
  readonly onlyAdminsWrite: number;
}

const repeats = new Repeats('im_group_message', {
  index: 'uk_group_dedupe',
  to: 'groupId',
  columns: groupColumns,
});

export type GroupMessageLog = Log<GroupDraft, GroupMessage>;

/** What is stored of group messages, and who may send them. */
export const storedInGroups: StoredKind<GroupDraft, GroupMessage> = {
  name: 'group',
  conversationOf: ({ groupId }) => conversationOfGroup(groupId),
  identityOf: (draft) => repeats.identityOf(draft),
  async judge(sql, drafts) {
    const unjudged = drafts.filter(({ judged }) => !judged);
    const [sent, groups, members, present] = await Promise.all([
      repeats.find<GroupMessageRow>(sql, drafts),
      findGroups(sql, unjudged),
      findMembers(sql, unjudged),
      findPresent(sql, drafts),
    ]);
    return drafts.map((draft): Judgement<GroupMessage> => {
      const repeated = sent.get(repeats.identityOf(draft));
      if (repeated) return { repeated: fromRow(repeated) };
      const member = members.get(`${draft.groupId}:${draft.sendId}`);
      const refused = draft.judged
        ? whyNotThere(draft, present)
        : draft.needsMembership && whyNotFrom(member, groups.get(draft.groupId));
      if (refused) return { refused };
      const sendNickName = draft.sendNickName ?? (member ? shownNickName(member) : '');
      return { toMessage: (place) => ({ ...place, ...contentOf(draft), sendNickName }) };
    });
  },
  toStore: (sql, stored) => [
    sql('im_group_message').insert(stored.map(({ message }) => toRow(message))),
    ...putDetails(sql, stored, ({ groupId }) => conversationOfGroup(groupId)),
  ],
  lineOf: (message) => ({
    sendId: message.sendId,
    counts: counts(message),
    mentioned: message.atUserIds,
  }),
};

/** The drafts, with who may send them, and what they are called there. */
export async function judgedInFirst(sql: Sql, drafts: readonly GroupDraft[]): Promise<GroupDraft[]> {
  const [groups, members] = await Promise.all([findGroups(sql, drafts), findMembers(sql, drafts)]);
  return drafts.map((draft) => {
    const member = members.get(`${draft.groupId}:${draft.sendId}`);
    const refusal = draft.needsMembership ? whyNotFrom(member, groups.get(draft.groupId)) : undefined;
    const sendNickName = draft.sendNickName ?? (member ? shownNickName(member) : '');
    return { ...draft, sendNickName, judged: { refusal } };
  });
}

/** Whether it was sent before. */
export async function isStored(sql: Sql, draft: GroupDraft): Promise<boolean> {
  return (await repeats.find(sql, [draft])).size > 0;
}

export function groupLogKind(
  pushes: Pick<GroupPushes, 'prepare'>,
  tell?: TellOf<GroupMessage, GroupDraft>,
): LogKind<GroupDraft, GroupMessage> {
  return {
    ...storedInGroups,
    toStore: (sql, stored) => [
      ...storedInGroups.toStore(sql, stored),
      putPending(sql, 'group', stored),
      ...(tell?.(sql, stored) ?? []),
    ],
    preparePush: (message, draft, state) => pushes.prepare(message, draft, state),
  };
}

/** What became of the group is told to those alone who were there. */
function whyNotFrom(member: Member | undefined, group: Rules | undefined): Refusal | undefined {
  if (!group) return new Refusal('groupUnknown');
  if (!member) return new Refusal('notMemberForSend');
  const { groupWhenLeft } = member;
  const asHeSawIt = groupWhenLeft === null ? group : parseGroupWhenLeft(groupWhenLeft);
  const refused = whyClosed(asHeSawIt) ?? (member.quit === 1 ? new Refusal('notMemberForSend') : undefined);
  return refused ?? whySilent({ ...member, ...group }, Date.now());
}

/** Who has left since that was found out has no place there any more. */
function whyNotThere(
  { judged, needsMembership, groupId, sendId }: GroupDraft,
  present: ReadonlySet<string>,
): Refusal | undefined {
  if (judged?.refusal) return judged.refusal;
  if (judged?.isOrdered || !needsMembership || present.has(`${groupId}:${sendId}`)) return undefined;
  return new Refusal('notMemberForSend');
}

type Content = Omit<GroupMessage, 'id' | 'number' | 'sendTime' | 'sendNickName'> & {
  readonly dedupeKey: string | null;
};

function contentOf(draft: GroupDraft): Content {
  const {
    tmpId = null,
    groupId,
    sendId,
    content,
    type,
    atUserIds = [],
    receipt = false,
    recvIds = [],
  } = draft;
  return {
    tmpId,
    dedupeKey: dedupeKeyOf(draft),
    groupId,
    sendId,
    content,
    type,
    atUserIds,
    receipt,
    receiptOk: false,
    recvIds,
    status: MessageStatus.PENDING,
  };
}

async function findGroups(sql: Sql, drafts: readonly GroupDraft[]): Promise<Map<number, Rules>> {
  const ids = new Set(drafts.filter((draft) => draft.needsMembership).map(({ groupId }) => groupId));
  if (ids.size === 0) return new Map();
  const rows = await ask<Rules & { readonly id: number }>(
    sql,
    sql('im_group')
      .whereIn('id', [...ids])
      .select('id', 'name', 'dissolve', 'isBanned', 'reason', 'ownerId', 'onlyAdminsWrite'),
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Those who send what was judged before, and have a place in the conversation. */
async function findPresent(sql: Sql, drafts: readonly GroupDraft[]): Promise<Set<string>> {
  const pairs = drafts
    .filter(({ judged, needsMembership }) => judged && needsMembership)
    .map(({ groupId, sendId }) => [sendId, conversationOfGroup(groupId)]);
  if (pairs.length === 0) return new Set();
  const rows = await ask<{ userId: number; conversation: string }>(
    sql,
    sql('im_conversation_member')
      .modify(inKeys, ['userId', 'conversation'], pairs)
      .whereNull('leftNumber')
      .select('userId', 'conversation'),
  );
  return new Set(rows.map(({ userId, conversation }) => `${groupIdOf(conversation)}:${userId}`));
}

async function findMembers(sql: Sql, drafts: readonly GroupDraft[]): Promise<Map<string, Member>> {
  const pairs = drafts
    .filter(({ needsMembership, sendNickName }) => needsMembership || sendNickName === undefined)
    .map(({ groupId, sendId }) => [groupId, sendId]);
  if (pairs.length === 0) return new Map();
  const rows = await ask<Member>(
    sql,
    sql('im_group_member')
      .modify(inKeys, ['groupId', 'userId'], pairs)
      .select(
        ...['groupId', 'userId', 'userNickName', 'remarkNickName', 'quit', 'groupWhenLeft'],
        ...['role', 'mutedUntil'],
      ),
  );
  return new Map(rows.map((row) => [`${row.groupId}:${row.userId}`, row]));
}

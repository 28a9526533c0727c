import { z } from 'zod';
import { idText, time, toTime } from '../api/values.ts';
import { conversationOfGroup } from '../groups/group.ts';
import type { LinkMaker } from '../files/file-links.ts';
import type { MessageDetail, Quote } from '../message-details/detail.ts';
import { everyone } from '../message-details/entities.ts';
import type { GroupMessage } from '../messages/group/group-message.ts';
import { conversationOf, type PrivateMessage } from '../messages/private/private-message.ts';
import { MessageStatus } from '../wire/message-type.ts';
import { shownContent, toShown } from './content.ts';

/** By box-im's numbers. */
const statuses = {
  [MessageStatus.PENDING]: 'sent',
  [MessageStatus.DELIVERED]: 'delivered',
  [MessageStatus.READED]: 'read',
  [MessageStatus.RECALL]: 'recalled',
} as const;

/** What stands of one message at another one that answers it. */
const quote = z
  .object({
    senderId: z.string(),
    senderName: z.string().nullable(),
    type: z.string().meta({ description: 'As `type` of its content' }),
    text: z.string().meta({ description: 'Its first 100 characters; of a file its name' }),
  })
  .meta({ id: 'Quote' });

const mostQuoted = 100;

/** Not through the middle of a character. */
export function cutQuote(text: string): string {
  return text.slice(0, mostQuoted).replace(/[\uD800-\uDBFF]$/, '');
}

const reaction = z
  .object({ emoji: z.string(), count: z.int().meta({ description: 'How many have reacted with it' }) })
  .meta({ id: 'Reaction' });

/** What `/v1` shows of a message, private or of a group. */
export const shownMessage = z
  .object({
    id: idText('Of the message; as pushes have it'),
    conversationId: idText('Of the conversation'),
    number: z.int().meta({ description: '1, 2, 3 … in the conversation, without holes' }),
    senderId: idText('Of the user who sent it; of a notice the one who is the cause'),
    senderName: z.string().nullable().meta({ description: 'In a group: what they were called there' }),
    sentAt: time,
    content: shownContent,
    status: z
      .enum(['sent', 'delivered', 'read', 'recalled'])
      .meta({ description: 'In a group sent or recalled; who has read it says `listReads`' }),
    mentions: z.array(z.string()).meta({ description: 'Ids of users; `everyone` is all of them' }),
    stamp: z.int().meta({
      description:
        'Of its last change since it was sent, 0: there was none. Of two states of a message the one with the higher is newer',
    }),
    editedAt: time.nullable(),
    replyTo: z
      .object({
        number: z.int().meta({ description: 'Of the message in this conversation that it answers' }),
        quote: quote.nullable().optional().meta({
          description:
            'Null: that was recalled, or is none that you may see. Absent, in pushes to groups: look it up',
        }),
      })
      .nullable(),
    forwarded: z
      .object({ senderId: z.string().nullable(), senderName: z.string().nullable() })
      .nullable()
      .meta({ description: 'Whose it was before; nulls: that was not to be said' }),
    isPinned: z.boolean(),
    pinnedAt: time
      .optional()
      .meta({ description: 'Of what is pinned: when it was; the last one stands first' }),
    reactions: z.array(reaction).meta({ description: 'The first one first' }),
    myReactions: z.array(z.string()).optional().meta({
      description:
        'Absent in pushes to a whole group: keep those that you have from a state with at most this `stamp`',
    }),
  })
  .meta({ id: 'Message' });

export type ShownMessage = z.output<typeof shownMessage>;

/** What is to be known of a message beside its row. */
export interface Beside {
  /** Makes the addresses of its files. */
  readonly links: LinkMaker;
  readonly detail?: MessageDetail | undefined;
  /** Of the reader. @default none */
  readonly myReactions?: readonly string[] | undefined;
  /** Of what it answers; undefined: it is not told. */
  readonly quote?: Quote | null | undefined;
}

/** At box-im everyone is -1. */
const everyoneAtBoxIm = -1;

export function showPrivate(message: PrivateMessage, beside: Beside): ShownMessage {
  const mentions = (beside.detail?.entities ?? []).flatMap((one) =>
    one.type === 'mention' ? [one.userId] : [],
  );
  return show(message, beside, {
    conversationId: conversationOf(message.sendId, message.recvId),
    senderName: null,
    mentions: message.status === MessageStatus.RECALL ? [] : [...new Set(mentions)],
  });
}

export function showOfGroup(message: GroupMessage, beside: Beside): ShownMessage {
  return show(message, beside, {
    conversationId: conversationOfGroup(message.groupId),
    senderName: message.sendNickName,
    mentions: message.atUserIds.map((id) => (id === everyoneAtBoxIm ? everyone : String(id))),
  });
}

/** For pushes: without what each of its readers has of their own. */
export function showPrivateToAll(
  message: PrivateMessage,
  beside: Omit<Beside, 'myReactions'>,
): Omit<ShownMessage, 'myReactions'> {
  const { myReactions: _, ...shown } = showPrivate(message, beside);
  return shown;
}

/** The same; nor with what it answers, which not all members may see. */
export function showOfGroupToAll(
  message: GroupMessage,
  { detail, links }: Pick<Beside, 'detail' | 'links'>,
): Omit<ShownMessage, 'myReactions'> {
  const { myReactions: _, ...shown } = showOfGroup(message, { detail, links });
  return shown;
}

/** As the rows of group messages name them. */
export function toAtUserIds(mentions: readonly string[]): number[] {
  return mentions.map((one) => (one === everyone ? everyoneAtBoxIm : Number(one)));
}

type OfItsKind = Pick<ShownMessage, 'conversationId' | 'senderName' | 'mentions'>;

/** In one piece: of a thousand messages, to put objects together took more time than all that is in them. */
function show(
  message: PrivateMessage | GroupMessage,
  { links, detail, myReactions = [], quote: quoted }: Beside,
  { conversationId, senderName, mentions }: OfItsKind,
): ShownMessage {
  const { id, number, sendId, sendTime, type, status } = message;
  const isRecalled = status === MessageStatus.RECALL;
  const {
    replyTo,
    forwarded,
    editedTime = null,
    pinnedTime = null,
    reactions = {},
  } = isRecalled ? {} : (detail ?? {});
  const shown: ShownMessage = {
    id: String(id),
    conversationId,
    number,
    senderId: String(sendId),
    senderName,
    sentAt: toTime(sendTime),
    content: toShown({ type, status, content: links.inContent(message, conversationId) }, detail),
    mentions,
    status: (statuses as Readonly<Record<number, ShownMessage['status']>>)[status] ?? 'sent',
    stamp: detail?.stamp ?? 0,
    editedAt: editedTime === null ? null : toTime(editedTime),
    replyTo:
      replyTo === undefined
        ? null
        : quoted === undefined
          ? { number: replyTo }
          : { number: replyTo, quote: quoted },
    forwarded: forwarded
      ? { senderId: idOrNull(forwarded.senderId), senderName: forwarded.senderName }
      : null,
    isPinned: pinnedTime !== null,
    reactions: Object.entries(reactions).map(([emoji, count]) => ({ emoji, count })),
    myReactions: isRecalled ? [] : [...myReactions],
  };
  if (pinnedTime !== null) shown.pinnedAt = toTime(pinnedTime);
  return shown;
}

function idOrNull(id: number | null): string | null {
  return id === null ? null : String(id);
}

import { counts } from '../../conversations/conversation.ts';
import type { Sql } from '../../db/database.ts';
import { Refusal } from '../../http/refusal.ts';
import { findHindrances, keyOf, type Hindrance, type Pair } from '../../privacy/who-may.ts';
import type { PrivatePushes } from './private-pushes.ts';
import { putPending } from '../../push/pending-pushes.ts';
import { dedupeKeyOf, Repeats } from '../../message-log/repeats.ts';
import type { JudgedAhead, Judgement, LogKind, StoredKind, TellOf } from '../../message-log/entries.ts';
import type { Log } from '../../message-log/message-log.ts';
import { MessageStatus } from '../../wire/message-type.ts';
import type { NewDetail, Quote } from '../../message-details/detail.ts';
import { putDetails } from '../../message-details/detail-rows.ts';
import { conversationOf, privateColumns, type PrivateMessage } from './private-message.ts';

/** A private message on its way into the log. */
export interface PrivateDraft {
  readonly sendId: number;
  /** The terminal that sends: it gets no copy. -1 when no terminal does. */
  readonly terminal: number;
  readonly recvId: number;
  readonly type: number;
  readonly content: string;
  readonly status?: number;
  /** The client's own id of it; sent again, it is the same message. */
  readonly tmpId?: string | undefined;
  /** What makes two of them the same. @default tmpId and what it says */
  readonly dedupeKey?: string | undefined;
  /** Whether the receiver must let the sender write: as a friend, unless they say otherwise. Tips and call records ask for nothing. */
  readonly needsFriendship: boolean;
  /** Why they may not, if that was found out before (`privatelyAhead`). */
  readonly hindrance?: Hindrance | undefined;
  /** Who gets the push, in this order. @default the receiver, and the sender's other terminals */
  readonly pushTo?: readonly number[] | undefined;
  /** The number of the message that this one takes back. */
  readonly recalls?: number | undefined;
  /** What it has beside what box-im knows, and for the push what of another message stands at it. */
  readonly detail?: NewDetail | undefined;
  readonly quote?: Quote | undefined;
}

const repeats = new Repeats('im_private_message', {
  index: 'uk_private_dedupe',
  to: 'recvId',
  columns: privateColumns,
});

export type PrivateMessageLog = Log<PrivateDraft, PrivateMessage>;

/** What is stored of private messages, and who may send them. */
export const storedPrivately: StoredKind<PrivateDraft, PrivateMessage> = {
  name: 'private',
  conversationOf: ({ sendId, recvId }) => conversationOf(sendId, recvId),
  identityOf: (draft) => repeats.identityOf(draft),
  async judge(sql, drafts) {
    const [sent, hindrances] = await Promise.all([
      repeats.find<PrivateMessage>(sql, drafts),
      hindrancesOf(sql, drafts),
    ]);
    return drafts.map((draft): Judgement<PrivateMessage> => {
      const repeated = sent.get(repeats.identityOf(draft));
      if (repeated) return { repeated };
      const hindrance =
        draft.hindrance ??
        (draft.needsFriendship ? hindrances.get(keyOf([draft.sendId, draft.recvId])) : undefined);
      if (hindrance) return { refused: new Refusal(hindrance) };
      return { toMessage: (place) => ({ ...place, ...contentOf(draft) }) };
    });
  },
  toStore: (sql, stored) => [
    sql('im_private_message').insert(stored.map(({ message }) => toRow(message))),
    ...putDetails(sql, stored, ({ sendId, recvId }) => conversationOf(sendId, recvId)),
  ],
  lineOf: (message) => ({
    sendId: message.sendId,
    counts: counts(message),
    people: [message.sendId, message.recvId],
  }),
};

/** Who may send them, found out where users and friends are. A message that is there is its own answer all the same. */
export const privatelyAhead: JudgedAhead<PrivateDraft> = {
  async judge(sql, drafts) {
    const hindrances = await hindrancesOf(sql, drafts);
    return drafts.map((draft) => {
      const { sendId, recvId, needsFriendship } = draft;
      const hindrance = needsFriendship ? hindrances.get(keyOf([sendId, recvId])) : undefined;
      return { ...draft, needsFriendship: false, hindrance };
    });
  },
  refusalOf: ({ hindrance }) => hindrance && new Refusal(hindrance),
  once: (draft, name) => ({ ...draft, dedupeKey: dedupeKeyOf(draft) ?? name }),
};

export function privateLogKind(
  pushes: Pick<PrivatePushes, 'pushStored'>,
  tell?: TellOf<PrivateMessage, PrivateDraft>,
): LogKind<PrivateDraft, PrivateMessage> {
  return {
    ...storedPrivately,
    toStore: (sql, stored) => [
      ...storedPrivately.toStore(sql, stored),
      putPending(sql, 'private', stored),
      ...(tell?.(sql, stored) ?? []),
    ],
    preparePush: (message, draft, state) => () => pushes.pushStored(message, draft, state),
  };
}

type Content = Omit<PrivateMessage, 'id' | 'number' | 'sendTime'> & { readonly dedupeKey: string | null };

function contentOf(draft: PrivateDraft): Content {
  const { tmpId = null, sendId, recvId, content, type, status = MessageStatus.PENDING } = draft;
  return { tmpId, dedupeKey: dedupeKeyOf(draft), sendId, recvId, content, type, status };
}

function toRow(message: PrivateMessage): object {
  return { ...message, conversation: conversationOf(message.sendId, message.recvId) };
}

/** Who may not write to whom, of those who ask. */
function hindrancesOf(sql: Sql, drafts: readonly PrivateDraft[]): Promise<Map<string, Hindrance>> {
  const asking = drafts.filter(({ needsFriendship }) => needsFriendship);
  return findHindrances(
    sql,
    'write',
    asking.map(({ sendId, recvId }): Pair => [sendId, recvId]),
  );
}

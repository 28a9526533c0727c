import type { PlatformEvent } from '../events/event.ts';
import type { Outbox } from '../events/outbox.ts';
import type { LinkMaker } from '../files/file-links.ts';
import { conversationOfGroup } from '../groups/group.ts';
import { showOfGroupToAll, showPrivateToAll, type ShownMessage } from '../inbox/message-view.ts';
import { asSent } from '../message-details/detail.ts';
import type { TellOf } from '../message-log/entries.ts';
import type { GroupDraft } from '../messages/group/group-log.ts';
import type { GroupMessage } from '../messages/group/group-message.ts';
import type { PrivateDraft } from '../messages/private/private-log.ts';
import { conversationOf, type PrivateMessage } from '../messages/private/private-message.ts';
import { isSendable, MessageType } from '../wire/message-type.ts';

interface Stored {
  readonly message: PrivateMessage | GroupMessage;
  readonly draft: Pick<PrivateDraft | GroupDraft, 'recalls'>;
  readonly conversation: string;
  /** Whom a message of two is for. */
  readonly receiverId: number | undefined;
  readonly show: () => Omit<ShownMessage, 'myReactions'>;
}

/** What others are told of messages, as the log stores them: what people say, and what they take back. Not what the platform says itself. */
export class MessageEvents {
  readonly #outbox: Outbox;
  readonly #links: LinkMaker;

  constructor(outbox: Outbox, links: LinkMaker) {
    this.#outbox = outbox;
    this.#links = links;
  }

  readonly ofPrivate: TellOf<PrivateMessage, PrivateDraft> = (sql, stored) => {
    if (!this.#areWanted) return [];
    const events = stored.flatMap(({ message, draft }) => {
      const conversation = conversationOf(message.sendId, message.recvId);
      const { detail: sent, quote } = draft;
      const detail = sent && asSent({ conversation, number: message.number }, sent);
      const show = () => showPrivateToAll(message, { detail, quote, links: this.#links });
      return toEvents({ message, draft, conversation, receiverId: message.recvId, show });
    });
    return this.#outbox.toStore(sql, events);
  };

  readonly ofGroups: TellOf<GroupMessage, GroupDraft> = (sql, stored) => {
    if (!this.#areWanted) return [];
    const events = stored.flatMap(({ message, draft }) => {
      const conversation = conversationOfGroup(message.groupId);
      const detail = draft.detail && asSent({ conversation, number: message.number }, draft.detail);
      const show = () => showOfGroupToAll(message, { detail, links: this.#links });
      return toEvents({ message, draft, conversation, receiverId: undefined, show });
    });
    return this.#outbox.toStore(sql, events);
  };

  get #areWanted(): boolean {
    return this.#outbox.wants('message.created', 'message.recalled');
  }
}

function toEvents({ message, draft, conversation, receiverId, show }: Stored): PlatformEvent[] {
  const { type, sendId, sendTime: time } = message;
  const event = { subject: conversation, time, userIds: [sendId, ...(receiverId ? [receiverId] : [])] };
  const receiver = receiverId === undefined ? {} : { receiverId: String(receiverId) };
  if (isSendable(type)) {
    const shown = show();
    const { number, mentions } = shown;
    const data = { message: { ...shown, ...receiver } };
    return [{ ...event, type: 'message.created', data, number, mentions }];
  }
  if (type !== MessageType.RECALL || draft.recalls === undefined) return [];
  const by = { recalledBy: String(sendId), ...receiver };
  const data = { conversationId: conversation, number: draft.recalls, messageId: message.content, ...by };
  return [{ ...event, type: 'message.recalled', data, number: draft.recalls }];
}

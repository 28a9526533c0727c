import type { Database } from '../db/database.ts';
import type { MessageFiles } from '../files/message-files.ts';
import type { GroupStore } from '../groups/group-store.ts';
import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import { readConversationId, type ConversationOf } from '../inbox/conversation-id.ts';
import type { MessagePages, StoredMessage } from '../inbox/message-pages.ts';
import type { ShownMessage } from '../inbox/message-view.ts';
import type { Places } from '../inbox/place.ts';
import { assertMay } from '../message-changes/who-may-change.ts';
import { isPlatforms, type NewDetail, type Origin } from '../message-details/detail.ts';
import type { GroupMessageService } from '../messages/group/group-message-service.ts';
import type { PrivateMessageService } from '../messages/private/private-message-service.ts';
import { isSendable, MessageStatus } from '../wire/message-type.ts';
import { findOrigins, type NamedOrigin } from './origins.ts';

export interface ForwardDeps {
  readonly database: Pick<Database, 'sql'>;
  readonly places: Pick<Places, 'find'>;
  readonly pages: Pick<MessagePages, 'stored' | 'at'>;
  readonly groups: Pick<GroupStore, 'findMine'>;
  readonly files: Pick<MessageFiles, 'share'>;
  readonly privateMessages: Pick<PrivateMessageService, 'send'>;
  readonly groupMessages: Pick<GroupMessageService, 'store'>;
}

export interface Forward {
  /** Of the messages, in the conversation that they are from. */
  readonly numbers: readonly number[];
  /** The conversations that they go to. */
  readonly to: readonly string[];
  readonly onceKey: string | undefined;
}

interface Sent {
  readonly conversation: string;
  readonly number: number;
}

/** Messages that somebody sees, said again by them elsewhere. They are new messages, by all rules of sending. */
export class ForwardService {
  readonly #deps: ForwardDeps;

  constructor(deps: ForwardDeps) {
    this.#deps = deps;
  }

  /** Resolves with the new messages: of each conversation in the order in which they stood. */
  async forward(caller: Caller, id: string, { numbers, to, onceKey }: Forward): Promise<ShownMessage[]> {
    const { database, files } = this.#deps;
    const { userId } = caller;
    const rising = [...new Set(numbers)].sort((one, other) => one - other);
    const messages = await this.#find(userId, id, rising);
    const targets = await this.#targets(userId, to);
    // Before they are looked at again: what is recalled after that leaves the files to others, and what was recalled before is refused.
    const isShared = await files.share(messages.map(({ row }) => row.message));
    const asTheyAre = isShared ? await this.#find(userId, id, rising) : messages;
    const sent: Sent[] = [];
    for (const target of targets) {
      const readers = target.kind === 'private' ? [userId, target.otherId] : [userId];
      const authors = new Set(asTheyAre.map(namedAuthorOf).filter((author) => author !== null));
      const originOf = await findOrigins(database.sql, authors, readers);
      sent.push(...(await this.#send(caller, target, asTheyAre, { onceKey, originOf })));
    }
    return this.#show(userId, targets, sent);
  }

  /** Those that can be forwarded; refuses if one of them cannot. */
  async #find(userId: number, id: string, numbers: readonly number[]): Promise<StoredMessage[]> {
    const { places, pages } = this.#deps;
    const place = await places.find(userId, id);
    const found = await pages.stored(userId, place, numbers);
    const byNumber = new Map(found.map((one) => [one.row.number, one]));
    return numbers.map((number) => {
      const message = byNumber.get(number);
      if (!message) throw new Refusal('messageUnknown');
      const { type, status } = message.row.message;
      const values = { number: String(number) };
      if (status === MessageStatus.RECALL) throw new Refusal('forwardRecalled', { values });
      const custom = message.detail?.custom;
      if (!isSendable(type) || (custom && isPlatforms(custom.name)))
        throw new Refusal('notForwardable', { values });
      return message;
    });
  }

  /** Each once. Refuses before anything is sent if they may not write in one of them. */
  async #targets(userId: number, to: readonly string[]): Promise<ConversationOf[]> {
    const { database, groups } = this.#deps;
    const targets: ConversationOf[] = [];
    for (const id of new Set(to)) {
      const conversation = readConversationId(id, userId);
      if (!conversation) throw new Refusal('conversationUnknown');
      await assertMay(database.sql, groups, { userId, conversation, act: 'write' });
      targets.push(conversation);
    }
    return targets;
  }

  /** All at once: they stay in this order in the lane, and go into one transaction. */
  async #send(
    caller: Caller,
    target: ConversationOf,
    messages: readonly StoredMessage[],
    {
      onceKey,
      originOf,
    }: { readonly onceKey: string | undefined; readonly originOf: (authorId: number | null) => NamedOrigin },
  ): Promise<Sent[]> {
    const { privateMessages, groupMessages } = this.#deps;
    const sends = messages.map((message, index) => {
      const { type, content } = message.row.message;
      const said = {
        ...{ type, content: content ?? '' },
        onceKey: onceKey === undefined ? undefined : `${onceKey} ${index}`,
        detail: detailOf(message, { ...originOf(namedAuthorOf(message)), authorId: authorOf(message) }),
      };
      return target.kind === 'private'
        ? privateMessages.send(caller, { ...said, recvId: target.otherId })
        : groupMessages.store(caller, { ...said, groupId: target.groupId, atUserIds: [] });
    });
    // Whatever becomes of one, the others are not left under way.
    const outcomes = await Promise.allSettled(sends);
    return outcomes.map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return { conversation: target.id, number: outcome.value.number };
    });
  }

  async #show(
    userId: number,
    targets: readonly ConversationOf[],
    sent: readonly Sent[],
  ): Promise<ShownMessage[]> {
    const { places, pages } = this.#deps;
    const placeOf = new Map(
      await Promise.all(targets.map(async ({ id }) => [id, await places.find(userId, id)] as const)),
    );
    const shown = await pages.at(userId, placeOf, sent);
    return targets.flatMap(({ id }) => shown.filter(({ conversationId }) => conversationId === id));
  }
}

/** Of a message that was forwarded itself whose it was at first; null: that was not to be said. */
function namedAuthorOf({ row, detail }: StoredMessage): number | null {
  return detail?.forwarded ? detail.forwarded.senderId : row.message.sendId;
}

function authorOf({ row, detail }: StoredMessage): number | null {
  return detail?.forwarded ? detail.forwarded.authorId : row.message.sendId;
}

/** What it says, and whose it was. It answers nothing, and calls nobody. */
function detailOf({ detail }: StoredMessage, forwarded: Origin): NewDetail {
  const links = detail?.entities?.filter(({ type }) => type === 'link');
  return { forwarded, custom: detail?.custom, entities: links };
}

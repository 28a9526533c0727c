import type { ConversationStore } from '../conversations/conversation-store.ts';
import type { Database } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import { readConversationId, type ConversationOf } from './conversation-id.ts';

/** What somebody may see of a conversation: nothing from before they came, nor from after they left. */
export interface Place {
  readonly conversation: ConversationOf;
  /** The numbers of the first and the last message that they may see; with none the last is before the first. */
  readonly first: number;
  readonly last: number;
  /** Whether they are in it now. */
  readonly isIn: boolean;
}

/** They see what they saw then, and nothing of what has become of it since. */
export function hasLeft({ conversation, isIn }: Place): boolean {
  return conversation.kind === 'group' && !isIn;
}

export interface PlaceDeps {
  readonly database: Pick<Database, 'sql'>;
  readonly conversations: Pick<ConversationStore, 'span' | 'member'>;
}

/** Finds the places of people in conversations. Whoever has none does not learn whether the conversation is there. */
export class Places {
  readonly #deps: PlaceDeps;

  constructor(deps: PlaceDeps) {
    this.#deps = deps;
  }

  async find(userId: number, id: string): Promise<Place> {
    const conversation = readConversationId(id, userId);
    const place =
      conversation?.kind === 'group'
        ? await this.#inGroup(userId, conversation)
        : conversation && (await this.#ofTwo(userId, conversation));
    if (!place) throw new Refusal('conversationUnknown');
    return place;
  }

  /** The two need not be friends any more, but must have been. */
  async #ofTwo(
    userId: number,
    conversation: ConversationOf & { kind: 'private' },
  ): Promise<Place | undefined> {
    const { database, conversations } = this.#deps;
    const { first, last } = await conversations.span(conversation.id);
    const friend = await database
      .sql('im_friend')
      .where({ userId, friendId: conversation.otherId })
      .first<{ deleted: number } | undefined>('deleted');
    if (last === 0 && !friend) return undefined;
    return { conversation, first, last, isIn: friend?.deleted === 0 };
  }

  async #inGroup(
    userId: number,
    conversation: ConversationOf & { kind: 'group' },
  ): Promise<Place | undefined> {
    const { conversations } = this.#deps;
    const mine = await conversations.member(userId, conversation.id);
    if (!mine) return undefined;
    const { firstNumber, leftNumber } = mine;
    const kept = await conversations.span(conversation.id);
    return {
      conversation,
      first: Math.max(firstNumber, kept.first),
      last: leftNumber ?? kept.last,
      isIn: leftNumber === null,
    };
  }
}

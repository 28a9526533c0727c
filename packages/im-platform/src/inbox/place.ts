import type { Database } from '../db/database.ts';
import type { GroupStore } from '../groups/group-store.ts';
import { Refusal } from '../http/refusal.ts';
import { firstIdSince } from '../messages/pull.ts';
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

export interface PlaceDeps {
  readonly database: Pick<Database, 'sql'>;
  readonly groups: Pick<GroupStore, 'findMine'>;
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
    const last = await this.#lastNumber(conversation.id);
    const friend = await this.#deps.database
      .sql('im_friend')
      .where({ userId, friendId: conversation.otherId })
      .first<{ deleted: number } | undefined>('deleted');
    if (last === 0 && !friend) return undefined;
    return { conversation, first: 1, last, isIn: friend?.deleted === 0 };
  }

  async #inGroup(
    userId: number,
    conversation: ConversationOf & { kind: 'group' },
  ): Promise<Place | undefined> {
    const mine = await this.#deps.groups.findMine(conversation.groupId, userId);
    if (!mine) return undefined;
    const { joinedTime, quit, quitTime } = mine;
    const newest = await this.#lastNumber(conversation.id);
    const last = quit === 1 ? await this.#lastUntil(conversation.groupId, quitTime ?? 0) : newest;
    const first = (await this.#firstSince(conversation.groupId, joinedTime)) ?? newest + 1;
    return { conversation, first, last, isIn: quit === 0 };
  }

  async #lastNumber(name: string): Promise<number> {
    const counter = await this.#deps.database
      .sql('im_counter')
      .where({ name })
      .first<{ value: number } | undefined>('value');
    return counter?.value ?? 0;
  }

  // Ids and times rise together, so the index of times says from which id on, and that of the group the rest.

  async #firstSince(groupId: number, time: number): Promise<number | undefined> {
    const { sql } = this.#deps.database;
    const id = await firstIdSince(sql, 'im_group_message', time);
    if (id === undefined) return undefined;
    const first = await sql('im_group_message')
      .where({ groupId })
      .where('id', '>=', id)
      .orderBy('id')
      .first<{ number: number } | undefined>('number');
    return first?.number;
  }

  async #lastUntil(groupId: number, time: number): Promise<number> {
    const { sql } = this.#deps.database;
    const beyond = await firstIdSince(sql, 'im_group_message', time + 1);
    const messages = sql('im_group_message').where({ groupId }).orderBy('id', 'desc');
    const last = await (beyond === undefined ? messages : messages.where('id', '<', beyond)).first<
      { number: number } | undefined
    >('number');
    return last?.number ?? 0;
  }
}

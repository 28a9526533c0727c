import { z } from 'zod';
import { readCursor, toPage } from '../api/cursor.ts';
import type { ConversationStates, ConversationState } from '../conversations/conversation-states.ts';
import type { ConversationStore, Settings } from '../conversations/conversation-store.ts';
import { showConversation } from '../conversations/conversation-view.ts';
import type { StateNews } from '../conversations/state-news.ts';
import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import { readConversationId } from './conversation-id.ts';
import type { ConversationNames } from './conversation-names.ts';
import type { ConversationPage, ListedConversation } from './listed-conversation.ts';
import type { MessagePages } from './message-pages.ts';
import type { Place } from './place.ts';

export interface ConversationDeps {
  readonly states: ConversationStates;
  readonly store: Pick<ConversationStore, 'set'>;
  readonly pages: Pick<MessagePages, 'newest'>;
  readonly news: Pick<StateNews, 'tell'>;
  readonly names: Pick<ConversationNames, 'with'>;
  /** As friends and groups do it, who keep it for box-im's front ends. */
  readonly mute: (caller: Caller, place: Place, isMuted: boolean) => Promise<void>;
}

export interface Changes extends Settings {
  readonly isMuted?: boolean | undefined;
}

interface ListQuery {
  readonly cursor?: string | undefined;
  readonly archived?: boolean | undefined;
  /** What their names have in them. */
  readonly name?: string | undefined;
  readonly limit: number;
}

/** The last of so many numbers is shown of each: notes of recalls and tips to others are among them. */
const lookedAt = 5;

export const listPlace = z.tuple([z.int(), z.string().max(48)]);

/** The list of somebody's conversations, and what they make of each. */
export class ConversationService {
  readonly #deps: ConversationDeps;

  constructor(deps: ConversationDeps) {
    this.#deps = deps;
  }

  async list({ userId }: Caller, { cursor, archived, name, limit }: ListQuery): Promise<ConversationPage> {
    const { states, names } = this.#deps;
    const after = readCursor(cursor, listPlace);
    const among = name === undefined ? undefined : await names.with(userId, name);
    const listing = states.list(userId, { archived, among }, { after, limit: limit + 1 });
    const [page, unread] = await Promise.all([
      listing.then(async (listed) => {
        const { items, nextCursor } = toPage(listed, limit, {
          placeOf: ({ activeTime, conversation }) => [activeTime, conversation],
          toItem: (state) => state,
        });
        return { items: await this.#show(userId, items), nextCursor };
      }),
      states.unreadInAll(userId),
    ]);
    return { ...page, unread };
  }

  async find({ userId }: Caller, id: string): Promise<ListedConversation> {
    const conversation = readConversationId(id, userId);
    const state = conversation && (await this.#stateOf(userId, conversation.id));
    const [found] = state ? await this.#show(userId, [state]) : [];
    if (!found) throw new Refusal('conversationUnknown');
    return found;
  }

  async change(caller: Caller, id: string, { isMuted, ...settings }: Changes): Promise<ListedConversation> {
    const { store, mute, news } = this.#deps;
    const { userId } = caller;
    const conversation = readConversationId(id, userId);
    const state = conversation && (await this.#stateOf(userId, conversation.id));
    if (!state) throw new Refusal('conversationUnknown');
    if (isMuted !== undefined && isMuted !== state.isMuted)
      await mute(caller, placeOf(state, userId), isMuted);
    await store.set(userId, conversation.id, settings);
    await news.tell(userId, conversation.id);
    return this.find(caller, id);
  }

  async #stateOf(userId: number, conversation: string): Promise<ConversationState | undefined> {
    const [state] = await this.#deps.states.ofPlaces([{ userId, conversation }]);
    return state;
  }

  async #show(userId: number, states: readonly ConversationState[]): Promise<ListedConversation[]> {
    if (states.length === 0) return [];
    const newest = await this.#deps.pages.newest(
      userId,
      states.map((state) => placeOf(state, userId)),
      lookedAt,
    );
    return states.map((state) => ({
      ...showConversation(state),
      lastMessage: newest.get(state.conversation)?.at(-1) ?? null,
    }));
  }
}

export function placeOf({ conversation: id, first, last, isIn }: ConversationState, userId: number): Place {
  const conversation = readConversationId(id, userId);
  if (!conversation) throw new Error(`${id} is a conversation of others than ${userId}`);
  return { conversation, first, last, isIn };
}

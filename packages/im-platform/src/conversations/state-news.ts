import type { Logger } from 'im-common';
import type { PlatformIm } from '../push/platform-im.ts';
import { MessageType } from '../wire/message-type.ts';
import type { ConversationStates } from './conversation-states.ts';
import { showConversation } from './conversation-view.ts';
import { peopleOf, type PlaceKey } from './place-keys.ts';

export interface StateNewsDeps {
  readonly im: Pick<PlatformIm, 'sendSystemMessage'>;
  readonly states: Pick<ConversationStates, 'ofPlaces' | 'positionsOf'>;
  readonly logger: Logger;
}

/**
 * Tells all of a user's devices what has become of one of their conversations: the whole state, so that it does not matter which of
 * two such pushes comes first or is lost. It is a system message of a type that box-im's front ends pass over.
 */
export class StateNews {
  readonly #deps: StateNewsDeps;

  constructor(deps: StateNewsDeps) {
    this.#deps = deps;
  }

  tell(userId: number, conversation: string): Promise<void> {
    return this.tellAll([{ userId, conversation }]);
  }

  /** Each of them of their own. */
  async tellAll(places: readonly PlaceKey[]): Promise<void> {
    if (places.length === 0) return;
    await this.#tried(async () => {
      const states = await this.#deps.states.ofPlaces(places);
      await Promise.all(
        states.map((state) => this.#push(state.userId, { conversation: showConversation(state) })),
      );
    });
  }

  /** Whoever wrote to them in private, how far that has come; those alone who ask for changes. */
  async tellPositions(readers: readonly PlaceKey[], syncing: ReadonlySet<number>): Promise<void> {
    const toTell = readers.filter(({ userId, conversation }) =>
      peopleOf(conversation).some((id) => id !== userId && syncing.has(id)),
    );
    if (toTell.length === 0) return;
    await this.#tried(async () => {
      const positions = await this.#deps.states.positionsOf(toTell);
      await Promise.all(
        positions.flatMap(({ userId, conversation: conversationId, read, delivered }) =>
          peopleOf(conversationId)
            .filter((id) => id !== userId)
            .map((id) => this.#push(id, { positions: { conversationId, read, delivered } })),
        ),
      );
    });
  }

  async #push(userId: number, about: object): Promise<void> {
    await this.#deps.im.sendSystemMessage({
      recvIds: [userId],
      sendResult: false,
      data: { type: MessageType.CHANGED, ...about },
    });
  }

  async #tried(tell: () => Promise<void>): Promise<void> {
    try {
      await tell();
    } catch (error) {
      // What is stored can be asked for.
      this.#deps.logger.warn({ err: error }, 'a push of a conversation got lost');
    }
  }
}

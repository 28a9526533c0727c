import type { Logger } from 'im-common';
import type { PlatformIm } from '../push/platform-im.ts';
import { MessageType } from '../wire/message-type.ts';
import type { ConversationStates } from './conversation-states.ts';
import { showConversation } from './conversation-view.ts';

export interface StateNewsDeps {
  readonly im: Pick<PlatformIm, 'sendSystemMessage'>;
  readonly states: Pick<ConversationStates, 'of'>;
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

  async tell(userId: number, conversation: string): Promise<void> {
    const { im, states, logger } = this.#deps;
    try {
      const state = (await states.of(userId, [conversation])).get(conversation);
      if (!state) return;
      await im.sendSystemMessage({
        recvIds: [userId],
        sendResult: false,
        data: { type: MessageType.CHANGED, conversation: showConversation(state, userId) },
      });
    } catch (error) {
      // What is stored can be asked for.
      logger.warn({ err: error }, 'a push of a conversation got lost');
    }
  }
}

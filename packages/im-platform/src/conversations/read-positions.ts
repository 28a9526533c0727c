import type { ConversationStore } from './conversation-store.ts';
import type { StateNews } from './state-news.ts';

export interface ReadPositionDeps {
  readonly store: Pick<ConversationStore, 'moveRead'>;
  readonly news: Pick<StateNews, 'tell'>;
}

/** How far people have read. Their other devices hear of it. */
export class ReadPositions {
  readonly #deps: ReadPositionDeps;

  constructor(deps: ReadPositionDeps) {
    this.#deps = deps;
  }

  /** Everything up to that number is read, as far as there is something; never back. */
  async move(userId: number, conversation: string, upTo: number): Promise<void> {
    const { store, news } = this.#deps;
    const stamp = await store.moveRead(userId, conversation, upTo);
    if (stamp !== undefined) await news.tell(userId, conversation);
  }
}

import type { Logger } from 'im-common';
import type { PlatformIm } from '../push/platform-im.ts';
import { MessageType } from '../wire/message-type.ts';

/** What devices are told to look at. */
export type News =
  | { readonly kind: 'messages' }
  | { readonly kind: 'devices'; readonly userId: string }
  | { readonly kind: 'conversation'; readonly conversationId: string };

/** Whoever was not there asks when they come. */
const expiresInMs = 60_000;

/** Tells devices that there is something for them. A push that is lost costs time alone: they ask whenever they come back. */
export class EncryptionNews {
  readonly #im: Pick<PlatformIm, 'sendSystemMessage'>;
  readonly #logger: Logger;

  constructor({
    im,
    logger,
  }: {
    readonly im: Pick<PlatformIm, 'sendSystemMessage'>;
    readonly logger: Logger;
  }) {
    this.#im = im;
    this.#logger = logger;
  }

  async tell(recvIds: Iterable<number>, encryption: News): Promise<void> {
    const all = [...recvIds];
    if (all.length === 0) return;
    try {
      const data = { type: MessageType.CHANGED, encryption };
      await this.#im.sendSystemMessage({ recvIds: all, sendResult: false, expiresInMs, data });
    } catch (error) {
      this.#logger.warn({ err: error }, 'a push of keys got lost; devices ask when they come back');
    }
  }
}

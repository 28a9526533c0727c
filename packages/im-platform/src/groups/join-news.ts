import type { Logger } from 'im-common';
import type { PlatformIm } from '../push/platform-im.ts';
import { MessageType } from '../wire/message-type.ts';
import { showJoinRequest } from './join-request-view.ts';
import type { ShownJoinRequest } from './joining.ts';

/** Tells those who may let somebody in. Who misses it finds the request in the list. */
export class JoinNews {
  readonly #im: Pick<PlatformIm, 'sendSystemMessage'>;
  readonly #logger: Logger;

  constructor(im: Pick<PlatformIm, 'sendSystemMessage'>, logger: Logger) {
    this.#im = im;
    this.#logger = logger;
  }

  async asked(request: ShownJoinRequest, managers: readonly number[]): Promise<void> {
    const { groupId } = request;
    const joinRequest = { groupId: String(groupId), ...showJoinRequest(request) };
    try {
      await this.#im.sendSystemMessage({
        ...{ recvIds: managers, sendResult: false },
        data: { type: MessageType.CHANGED, joinRequest },
      });
    } catch (error) {
      this.#logger.warn({ err: error, groupId }, 'news of a request to join got lost');
    }
  }
}

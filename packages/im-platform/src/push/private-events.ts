import { Terminal } from 'im-client';
import { withoutNulls, type PlatformIm, type PrivatePush } from './platform-im.ts';

/** What is said without being stored: friends that come and go, read positions, calls. */
export interface PrivateEvent {
  readonly type: number;
  readonly sendId: number;
  readonly recvId: number;
  readonly content?: string | undefined;
  /** Whose devices get it, and on which terminals. @default all of recvId's */
  readonly to?: number;
  readonly terminals?: readonly number[] | undefined;
}

export class PrivateEvents {
  readonly #im: Pick<PlatformIm, 'sendPrivateMessage'>;

  constructor(im: Pick<PlatformIm, 'sendPrivateMessage'>) {
    this.#im = im;
  }

  async push({ to, terminals, ...event }: PrivateEvent): Promise<void> {
    await this.#im.sendPrivateMessage({
      sender: { id: event.sendId, terminal: Terminal.UNKNOWN },
      recvId: to ?? event.recvId,
      recvTerminals: terminals,
      sendToSelf: false,
      sendResult: false,
      data: withoutNulls(event) as PrivatePush,
    });
  }
}

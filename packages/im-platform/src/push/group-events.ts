import { Terminal } from 'im-client';
import { withoutNulls, type GroupPush, type PlatformIm } from './platform-im.ts';

/** What is said without being stored: groups that come and go, read positions. */
export interface GroupEvent {
  readonly type: number;
  readonly groupId: number;
  readonly sendId?: number;
  readonly sendTime?: number;
  readonly content?: string | undefined;
  /** Whose devices get it, and on which terminals. */
  readonly to: readonly number[];
  readonly terminals?: readonly number[] | undefined;
  /** Further members of box-im's view: of a receipt `id`, `readedCount`, `receiptOk`. */
  readonly more?: Readonly<Record<string, unknown>>;
}

export class GroupEvents {
  readonly #im: Pick<PlatformIm, 'sendGroupMessage'>;

  constructor(im: Pick<PlatformIm, 'sendGroupMessage'>) {
    this.#im = im;
  }

  async push({ to, terminals, more, ...event }: GroupEvent): Promise<void> {
    await this.#im.sendGroupMessage({
      sender: { id: event.sendId ?? 0, terminal: Terminal.UNKNOWN },
      recvIds: to,
      recvTerminals: terminals,
      sendToSelf: false,
      sendResult: false,
      data: withoutNulls({ ...event, ...more }) as GroupPush,
    });
  }
}

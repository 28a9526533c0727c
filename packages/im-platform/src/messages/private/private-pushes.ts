import { Terminal, type DeviceAddress, type Receipt } from 'im-client';
import type { LinkMaker } from '../../files/file-links.ts';
import { asSent, isEmpty, type NewDetail, type Quote } from '../../message-details/detail.ts';
import type { BesideBoxIm, MessageKey } from '../../message-details/detail-rows.ts';
import {
  audienceOfUser,
  conversationOf,
  toPrivateMessageVO,
  type PrivateMessage,
} from './private-message.ts';
import { followUp, type FollowUpDeps } from '../../push/follow-up.ts';
import type { PendingPush } from '../../push/pending-pushes.ts';
import { withoutNulls, type PlatformIm, type PrivatePush } from '../../push/platform-im.ts';
import { toPushedState, type ConversationNow } from '../../wire/pushed-state.ts';

export interface PrivatePushDeps extends FollowUpDeps {
  readonly im: Pick<PlatformIm, 'sendPrivateMessage'>;
  readonly beside: BesideBoxIm<PrivateMessage>;
  readonly links: LinkMaker;
}

/** What the first push of a stored message needs to know beside it. */
export interface PrivatePushPlan {
  /** The terminal that sends: it gets no copy. */
  readonly terminal: number;
  /** Who gets it, in this order. @default the receiver, and the sender's other terminals */
  readonly pushTo?: readonly number[] | undefined;
  /** The number of the message that is taken back. */
  readonly recalls?: number | undefined;
  /** What it has beside box-im's fields, and what of the message that it answers stands at it. */
  readonly detail?: NewDetail | undefined;
  readonly quote?: Quote | undefined;
}

export class PrivatePushes {
  readonly #deps: PrivatePushDeps;

  constructor(deps: PrivatePushDeps) {
    this.#deps = deps;
  }

  /** Pushes a stored message for the first time. Resolves when it is on the bus. */
  async pushStored(message: PrivateMessage, plan: PrivatePushPlan, state: ConversationNow): Promise<void> {
    const { pushTo, terminal, recalls, detail, quote } = plan;
    const receivers = pushTo ?? [message.recvId];
    const shown =
      detail && !isEmpty(detail)
        ? this.#deps.beside.show(message, asSent(keyOf(message), detail), quote)
        : undefined;
    const data = { ...this.#toPush(message, shown), conversation: toPushedState(state, recalls) };
    const sending = Promise.all(
      receivers.map((recvId) =>
        this.#deps.im.sendPrivateMessage({
          sender: { id: message.sendId, terminal },
          recvId,
          sendToSelf: pushTo === undefined,
          data,
        }),
      ),
    );
    void followUp(this.#deps, pendingOf(message), sending);
    await sending;
  }

  /** Pushes a stored message again, to those who may not have it. */
  async pushAgain(
    message: PrivateMessage,
    push: PendingPush,
    receivers: readonly DeviceAddress[],
  ): Promise<void> {
    const { beside } = this.#deps;
    const detail = await beside.detailOf(keyOf(message));
    const data = this.#toPush(message, detail && beside.show(message, detail));
    const sending = Promise.all(
      receivers.map(({ id, terminal }): Promise<Receipt> =>
        this.#deps.im.sendPrivateMessage({
          sender: { id: message.sendId, terminal: Terminal.UNKNOWN },
          recvId: id,
          recvTerminals: [terminal],
          sendToSelf: false,
          data,
        }),
      ),
    );
    await followUp(this.#deps, push, sending);
  }

  /** Whose pulls have it. */
  audiencesOf({ sendId, recvId }: PrivateMessage): string[] {
    return [...new Set([sendId, recvId])].map(audienceOfUser);
  }

  /** Also its sender, whose other terminals are to have it. */
  receiversOf({ sendId, recvId }: PrivateMessage): number[] {
    return [recvId, sendId];
  }

  #toPush(message: PrivateMessage, shown?: object): PrivatePush {
    const data = withoutNulls(toPrivateMessageVO(message, this.#deps.links));
    return (shown ? { ...data, message: shown } : data) as PrivatePush;
  }
}

function pendingOf({ id }: PrivateMessage): PendingPush {
  return { kind: 'private', messageId: id, attempts: 0, receivers: null };
}

function keyOf({ sendId, recvId, number }: PrivateMessage): MessageKey {
  return { conversation: conversationOf(sendId, recvId), number };
}

import { Terminal, type DeviceAddress } from 'im-client';
import { toGroupMessageVO, type GroupMessage } from './group-message.ts';
import { groupBy } from './group-by.ts';
import { followUp, type FollowUpDeps } from '../../push/follow-up.ts';
import type { PendingPush } from '../../push/pending-pushes.ts';
import { withoutNulls, type PlatformIm } from '../../push/platform-im.ts';

export interface GroupPushDeps extends FollowUpDeps {
  readonly im: Pick<PlatformIm, 'sendGroupMessage'>;
  /** The members of a group as it is now. */
  readonly memberIdsOf: (groupId: number) => Promise<readonly number[]>;
}

/** What the first push of a stored message needs to know beside it. */
export interface GroupPushPlan {
  /** The terminal that sends: it gets no copy. */
  readonly terminal: number;
  /** Tips go to those whom they name, and their sender is no one special. */
  readonly needsMembership: boolean;
  readonly pushToSender?: boolean | undefined;
  /** @default those whom the message names, or all members */
  readonly pushTo?: readonly number[] | undefined;
}

export class GroupPushes {
  readonly #deps: GroupPushDeps;

  constructor(deps: GroupPushDeps) {
    this.#deps = deps;
  }

  /** Finds out who gets a stored message. What it resolves with pushes it, and resolves when it is on the bus. */
  async prepare(message: GroupMessage, plan: GroupPushPlan): Promise<() => Promise<void>> {
    const isTip = message.recvIds.length > 0 || !plan.needsMembership;
    const toSender = isTip || plan.pushToSender === true;
    const members = await this.#firstReceiversOf(message, plan);
    const recvIds = toSender ? members : members.filter((id) => id !== message.sendId);
    return async () => {
      const sending = this.#deps.im.sendGroupMessage({
        sender: { id: message.sendId, terminal: plan.terminal },
        recvIds,
        sendToSelf: !toSender,
        data: withoutNulls(toGroupMessageVO(message)),
      });
      void followUp(
        this.#deps,
        { kind: 'group', messageId: message.id, attempts: 0, receivers: null },
        sending.then((receipt) => [receipt]),
      );
      await sending;
    };
  }

  /** Pushes a stored message again, to those who may not have it. */
  async pushAgain(
    message: GroupMessage,
    push: PendingPush,
    receivers: readonly DeviceAddress[],
  ): Promise<void> {
    const byTerminal = groupBy(receivers, ({ terminal }) => terminal);
    const sending = Promise.all(
      Array.from(byTerminal, ([terminal, addresses]) =>
        this.#deps.im.sendGroupMessage({
          sender: { id: message.sendId, terminal: Terminal.UNKNOWN },
          recvIds: addresses.map(({ id }) => id),
          recvTerminals: [terminal],
          sendToSelf: false,
          data: withoutNulls(toGroupMessageVO(message)),
        }),
      ),
    );
    await followUp(this.#deps, push, sending);
  }

  /** All who may see the message: those whom it names, or all members. */
  async receiversOf({ groupId, recvIds }: GroupMessage): Promise<readonly number[]> {
    return recvIds.length > 0 ? recvIds : this.#deps.memberIdsOf(groupId);
  }

  async #firstReceiversOf(message: GroupMessage, { pushTo }: GroupPushPlan): Promise<readonly number[]> {
    return pushTo ?? this.receiversOf(message);
  }
}

import { Terminal, type DeviceAddress, type Receipt } from 'im-client';
import { toGroupMessageVO, type GroupMessage } from './group-message.ts';
import { groupBy } from './group-by.ts';
import { followUp, type FollowUpParts } from '../../push/follow-up.ts';
import type { PendingPush } from '../../push/pending-pushes.ts';
import { withoutNulls, type PlatformIm, type PlatformMessages } from '../../push/platform-im.ts';

export interface GroupPushParts extends FollowUpParts {
  readonly im: Pick<PlatformIm, 'sendGroupMessage'>;
  /** The members of a group as it is now. */
  readonly memberIdsOf: (groupId: number) => Promise<readonly number[]>;
}

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
  readonly #parts: GroupPushParts;

  constructor(parts: GroupPushParts) {
    this.#parts = parts;
  }

  /** Pushes a stored message for the first time. Resolves when it is on the bus. */
  async pushStored(message: GroupMessage, plan: GroupPushPlan): Promise<void> {
    const sending = this.#receiversOf(message, plan).then(async (members): Promise<Receipt[]> => {
      const isTip = message.recvIds.length > 0 || !plan.needsMembership;
      const recvIds = isTip || plan.pushToSender ? members : members.filter((id) => id !== message.sendId);
      return [
        await this.#parts.im.sendGroupMessage({
          sender: { id: message.sendId, terminal: plan.terminal },
          recvIds,
          sendToSelf: !isTip && !plan.pushToSender,
          data: withoutNulls(toGroupMessageVO(message)),
        }),
      ];
    });
    void followUp(
      this.#parts,
      { kind: 'group', messageId: message.id, attempts: 0, receivers: null },
      sending,
    );
    await sending;
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
        this.#parts.im.sendGroupMessage({
          sender: { id: message.sendId, terminal: Terminal.UNKNOWN },
          recvIds: addresses.map(({ id }) => id),
          recvTerminals: [terminal],
          sendToSelf: false,
          data: withoutNulls(toGroupMessageVO(message)),
        }),
      ),
    );
    await followUp(this.#parts, push, sending);
  }

  /** Pushes what is not stored. */
  async pushEvent({ to, terminals, more, ...event }: GroupEvent): Promise<void> {
    await this.#parts.im.sendGroupMessage({
      sender: { id: event.sendId ?? 0, terminal: Terminal.UNKNOWN },
      recvIds: to,
      recvTerminals: terminals,
      sendToSelf: false,
      sendResult: false,
      data: withoutNulls({ ...event, ...more }) as PlatformMessages['group'],
    });
  }

  /** Who may see the message: all members, or those whom it names. */
  async #receiversOf(
    { groupId, recvIds }: GroupMessage,
    { pushTo }: GroupPushPlan,
  ): Promise<readonly number[]> {
    if (pushTo) return pushTo;
    return recvIds.length > 0 ? recvIds : this.#parts.memberIdsOf(groupId);
  }
}

import { Terminal, type DeviceAddress, type Receipt } from 'im-client';
import type { Audience, GroupMembers } from '../../groups/group-members.ts';
import type { GroupTopics } from '../../groups/group-topics.ts';
import { conversationOfGroup } from '../../groups/group.ts';
import type { LinkMaker } from '../../files/file-links.ts';
import { asSent, isEmpty, type NewDetail } from '../../message-details/detail.ts';
import type { BesideBoxIm, MessageKey } from '../../message-details/detail-rows.ts';
import { audienceOfGroup, toGroupMessageVO, type GroupMessage } from './group-message.ts';
import { groupBy } from './group-by.ts';
import { followUp, followUpTopic, type FollowUpDeps } from '../../push/follow-up.ts';
import type { PendingPush } from '../../push/pending-pushes.ts';
import { withoutNulls, type GroupPush, type PlatformIm } from '../../push/platform-im.ts';
import { toPushedState, type ConversationNow } from '../../wire/pushed-state.ts';

export interface GroupPushDeps extends FollowUpDeps {
  readonly im: Pick<PlatformIm, 'sendGroupMessage'>;
  readonly members: Pick<GroupMembers, 'idsOf' | 'audienceOf'>;
  readonly topics: Pick<GroupTopics, 'areUsed' | 'isFor' | 'begin'>;
  readonly beside: BesideBoxIm<GroupMessage>;
  readonly links: LinkMaker;
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
  /** The number of the message that is taken back. */
  readonly recalls?: number | undefined;
  /** What it has beside box-im's fields. */
  readonly detail?: NewDetail | undefined;
}

export class GroupPushes {
  readonly #deps: GroupPushDeps;

  constructor(deps: GroupPushDeps) {
    this.#deps = deps;
  }

  /** Finds out who gets a stored message. What it resolves with pushes it, and resolves when it is on the bus. */
  async prepare(
    message: GroupMessage,
    plan: GroupPushPlan,
    state: ConversationNow,
  ): Promise<() => Promise<void>> {
    const audience = await this.#audienceOf(message, plan);
    const { detail, recalls } = plan;
    const shown =
      detail && !isEmpty(detail)
        ? this.#deps.beside.show(message, asSent(keyOf(message), detail))
        : undefined;
    const data = { ...this.#toPush(message, shown), conversation: toPushedState(state, recalls) };
    return () => this.#pushTo(audience, message, { plan, data });
  }

  /** Pushes a stored message again, to those who may not have it. */
  async pushAgain(
    message: GroupMessage,
    push: PendingPush,
    receivers: readonly DeviceAddress[],
  ): Promise<void> {
    const { beside } = this.#deps;
    const detail = await beside.detailOf(keyOf(message));
    const data = this.#toPush(message, detail && beside.show(message, detail));
    const byTerminal = groupBy(receivers, ({ terminal }) => terminal);
    const sending = Promise.all(
      Array.from(byTerminal, ([terminal, addresses]) =>
        this.#deps.im.sendGroupMessage({
          sender: { id: message.sendId, terminal: Terminal.UNKNOWN },
          recvIds: addresses.map(({ id }) => id),
          recvTerminals: [terminal],
          sendToSelf: false,
          data,
        }),
      ),
    );
    await followUp(this.#deps, push, sending);
  }

  /** Whose pulls have it. */
  audiencesOf({ groupId }: GroupMessage): string[] {
    return [audienceOfGroup(groupId)];
  }

  /** All who may see the message: those whom it names, or all members. */
  async receiversOf({ groupId, recvIds }: GroupMessage): Promise<readonly number[]> {
    return recvIds.length > 0 ? recvIds : this.#deps.members.idsOf(groupId);
  }

  async #audienceOf({ groupId, recvIds }: GroupMessage, { pushTo }: GroupPushPlan): Promise<Audience> {
    const { members, topics } = this.#deps;
    const named = pushTo ?? (recvIds.length > 0 ? recvIds : undefined);
    if (named) return { userIds: named, hasTopic: false };
    if (!topics.areUsed) return { userIds: await members.idsOf(groupId), hasTopic: false };
    const audience = await members.audienceOf(groupId);
    if ('userIds' in audience && !audience.hasTopic && topics.isFor(audience.userIds.length))
      topics.begin(groupId);
    return audience;
  }

  async #pushTo(audience: Audience, message: GroupMessage, { plan, data }: Planned): Promise<void> {
    if ('topic' in audience) {
      const { leftOut } = await this.#pushToTopic(audience.topic, message, { plan, data });
      if (leftOut.length === 0) return;
      // Servers that know no topics. Devices elsewhere get it twice, and know it by its id.
      audience = { userIds: await this.#deps.members.idsOf(message.groupId), hasTopic: true };
    }
    const isTip = message.recvIds.length > 0 || !plan.needsMembership;
    const toSender = isTip || plan.pushToSender === true;
    const sending = this.#deps.im.sendGroupMessage({
      sender: { id: message.sendId, terminal: plan.terminal },
      recvIds: toSender ? audience.userIds : audience.userIds.filter((id) => id !== message.sendId),
      sendToSelf: !toSender,
      data,
    });
    void followUp(
      this.#deps,
      pendingOf(message),
      sending.then((receipt) => [receipt]),
    );
    await sending;
  }

  async #pushToTopic(topic: string, message: GroupMessage, { plan, data }: Planned): Promise<Receipt> {
    const { sendId } = message;
    const toSender = !plan.needsMembership || plan.pushToSender === true || plan.terminal < 0;
    const sending = this.#deps.im.sendGroupMessage({
      sender: { id: sendId, terminal: plan.terminal },
      topic,
      except: toSender ? [] : [{ id: sendId, terminal: plan.terminal }],
      // As a member the sender gets it on all others.
      sendToSelf: false,
      data,
    });
    void followUpTopic(this.#deps, pendingOf(message), sending);
    return sending;
  }

  #toPush(message: GroupMessage, shown?: object): GroupPush {
    const data = withoutNulls(toGroupMessageVO(message, this.#deps.links));
    return shown ? { ...data, message: shown } : data;
  }
}

interface Planned {
  readonly plan: GroupPushPlan;
  readonly data: GroupPush;
}

function keyOf({ groupId, number }: GroupMessage): MessageKey {
  return { conversation: conversationOfGroup(groupId), number };
}

function pendingOf({ id }: GroupMessage): PendingPush {
  return { kind: 'group', messageId: id, attempts: 0, receivers: null };
}

import { Terminal } from 'im-client';
import type { Logger } from 'im-common';
import { groupIdOf } from '../groups/group.ts';
import type { GroupMembers } from '../groups/group-members.ts';
import { isPrivate } from '../inbox/message-rows.ts';
import type { GroupPush, PlatformIm } from '../push/platform-im.ts';
import { MessageType } from '../wire/message-type.ts';
import { stateOf, type RedPacket } from './red-packet.ts';

export interface PacketNewsDeps {
  readonly im: Pick<PlatformIm, 'sendSystemMessage' | 'sendGroupMessage'>;
  readonly members: Pick<GroupMembers, 'audienceOf'>;
  readonly logger: Logger;
}

/** So often at most the same packet is told by one instance. */
const everyMs = 500;

/**
 * Tells the devices of a conversation how far a packet is: all of it, not what changed, so that it does not matter which of two such pushes
 * comes first, or is lost. Who gets how much stands in no push.
 */
export class PacketNews {
  readonly #deps: PacketNewsDeps;
  /** Told lately; with what is to be told next. */
  readonly #lately = new Map<string, { next?: RedPacket; readonly timer: NodeJS.Timeout }>();
  readonly #underWay = new Set<Promise<void>>();

  constructor(deps: PacketNewsDeps) {
    this.#deps = deps;
  }

  /** Soon; nobody waits for it. */
  tell(packet: RedPacket): void {
    const lately = this.#lately.get(packet.id);
    if (lately) {
      lately.next = packet;
      return;
    }
    const timer = setTimeout(() => this.#again(packet.id), everyMs);
    this.#lately.set(packet.id, { timer });
    this.#begin(packet);
  }

  /** Resolves when what was to be told is told. */
  async close(): Promise<void> {
    for (const [id, { timer }] of this.#lately) {
      clearTimeout(timer);
      this.#again(id, true);
    }
    await Promise.all(this.#underWay);
  }

  #again(id: string, isLast = false): void {
    const next = this.#lately.get(id)?.next;
    this.#lately.delete(id);
    if (!next) return;
    if (isLast) this.#begin(next);
    else this.tell(next);
  }

  #begin(packet: RedPacket): void {
    const telling = this.#push(packet)
      .catch((error: unknown) => {
        // Whoever opens it asks how it stands.
        this.#deps.logger.warn({ err: error }, 'a push of a red packet got lost');
      })
      .finally(() => this.#underWay.delete(telling));
    this.#underWay.add(telling);
  }

  async #push(packet: RedPacket): Promise<void> {
    const { im, members } = this.#deps;
    const { id, conversation: conversationId, taken, shares, senderId: sendId } = packet;
    const type = MessageType.RED_PACKET;
    const redPacket = { ...{ id, conversationId, taken, shares }, state: stateOf(packet) };
    if (isPrivate(conversationId)) {
      const recvIds = conversationId.split(':').slice(1).map(Number);
      await im.sendSystemMessage({ recvIds, sendResult: false, data: { type, redPacket } });
      return;
    }
    const groupId = groupIdOf(conversationId);
    const audience = await members.audienceOf(groupId);
    const to = 'topic' in audience ? { topic: audience.topic, except: [] } : { recvIds: audience.userIds };
    await im.sendGroupMessage({
      ...{ sender: { id: sendId, terminal: Terminal.UNKNOWN }, ...to, sendToSelf: false, sendResult: false },
      data: { type, groupId, sendId, redPacket } as GroupPush,
    });
  }
}

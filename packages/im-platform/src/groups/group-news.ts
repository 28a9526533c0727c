import type { Logger } from 'im-common';
import { MessageType } from '../wire/message-type.ts';
import type { GroupEvent, GroupEvents } from '../push/group-events.ts';
import { withoutNulls } from '../push/platform-im.ts';
import type { Caller } from '../http/caller.ts';
import { otherTerminals } from '../wire/terminals.ts';
import { toGroupVO, type MyGroup } from './group.ts';

/** Who makes the news, in which group, and when. */
export interface Occasion {
  readonly groupId: number;
  readonly actorId: number;
  readonly time: number;
}

/**
 * Tells the pages of people about their groups. Whoever misses it, being offline or while the bus is away, reads
 * it when their page loads the list; so nothing fails when telling does.
 */
export class GroupNews {
  readonly #events: Pick<GroupEvents, 'push'>;
  readonly #logger: Logger;

  constructor(events: Pick<GroupEvents, 'push'>, logger: Logger) {
    this.#events = events;
    this.#logger = logger;
  }

  /** To each newcomer, as they see the group. */
  async joined({ groupId, actorId, time }: Occasion, newcomers: readonly MyGroup[]): Promise<void> {
    const type = MessageType.GROUP_NEW;
    const told = newcomers.map((group) =>
      this.#notify({
        type,
        groupId,
        sendId: actorId,
        sendTime: time,
        content: contentOf(group),
        to: [group.userId],
      }),
    );
    await Promise.all(told);
  }

  /** To those who are no longer in it. */
  async left({ groupId, actorId, time }: Occasion, userIds: readonly number[]): Promise<void> {
    await this.#notify({
      type: MessageType.GROUP_DEL,
      groupId,
      sendId: actorId,
      sendTime: time,
      to: userIds,
    });
  }

  /** To the other terminals of the owner. */
  async created(caller: Caller, group: MyGroup): Promise<void> {
    await this.#notifyOthersOf(caller, MessageType.GROUP_NEW, group.id, contentOf(group));
  }

  /** To the other terminals of whoever muted the group, or unmuted it. */
  async muted(caller: Caller, groupId: number, isDnd: boolean): Promise<void> {
    await this.#notifyOthersOf(caller, MessageType.GROUP_DND, groupId, String(isDnd));
  }

  #notifyOthersOf(
    { userId, terminal }: Caller,
    type: number,
    groupId: number,
    content: string,
  ): Promise<void> {
    return this.#notify({
      type,
      groupId,
      sendId: userId,
      sendTime: Date.now(),
      content,
      to: [userId],
      terminals: otherTerminals(terminal),
    });
  }

  async #notify(event: GroupEvent): Promise<void> {
    try {
      await this.#events.push(event);
    } catch (error) {
      this.#logger.warn({ err: error, type: event.type, groupId: event.groupId }, 'news of a group got lost');
    }
  }
}

/** The group as its page wants it within a push. */
function contentOf(group: MyGroup): string {
  return JSON.stringify(withoutNulls(toGroupVO(group)));
}

import type { DeviceAddress } from 'im-client';
import type { Logger } from 'im-common';
import type { GroupMessage } from '../messages/group/group-message.ts';
import type { PrivateMessage } from '../messages/private/private-message.ts';
import type { GroupPushes } from '../messages/group/group-pushes.ts';
import type { PendingPush, PendingPushes } from './pending-pushes.ts';
import type { PlatformIm } from './platform-im.ts';
import { receiversOf, type PrivatePushes } from '../messages/private/private-pushes.ts';

export interface SweeperParts {
  readonly pending: Pick<PendingPushes, 'claimDue' | 'done'>;
  readonly im: Pick<PlatformIm, 'onlineTerminals'>;
  readonly findPrivate: (ids: readonly number[]) => Promise<PrivateMessage[]>;
  readonly findGroup: (ids: readonly number[]) => Promise<GroupMessage[]>;
  readonly memberIdsOf: (groupId: number) => Promise<readonly number[]>;
  readonly privatePushes: Pick<PrivatePushes, 'pushAgain'>;
  readonly groupPushes: Pick<GroupPushes, 'pushAgain'>;
  readonly logger: Logger;
  readonly everyMs: number;
}

const atOnce = 200;

/** Pushes again what is stored and did not arrive while its receiver is online. Runs in every instance. */
export class Sweeper {
  readonly #parts: SweeperParts;
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(parts: SweeperParts) {
    this.#parts = parts;
  }

  start(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#sweeping = this.sweep()
        .catch((error: unknown) => {
          this.#parts.logger.warn(
            { err: error },
            'the sweep for missed pushes failed; the next one does its work',
          );
        })
        .finally(() => {
          this.start();
        });
    }, this.#parts.everyMs);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#sweeping;
    clearTimeout(this.#timer);
  }

  /** One round. Resolves when what was due has been given to the bus again; what becomes of it is followed up. */
  async sweep(): Promise<void> {
    for (;;) {
      const due = await this.#parts.pending.claimDue(atOnce);
      await this.#pushPrivate(due.filter(({ kind }) => kind === 'private'));
      await this.#pushGroup(due.filter(({ kind }) => kind === 'group'));
      if (due.length < atOnce || this.#isClosed) return;
    }
  }

  async #pushPrivate(due: readonly PendingPush[]): Promise<void> {
    if (due.length === 0) return;
    const messages = await this.#parts.findPrivate(due.map(({ messageId }) => messageId));
    const byId = new Map(messages.map((message) => [message.id, message]));
    for (const push of due) {
      const message = byId.get(push.messageId);
      const receivers = message ? await this.#online(push, receiversOf(message)) : [];
      if (message && receivers.length > 0) void this.#parts.privatePushes.pushAgain(message, push, receivers);
      else this.#parts.pending.done('private', push.messageId);
    }
  }

  async #pushGroup(due: readonly PendingPush[]): Promise<void> {
    if (due.length === 0) return;
    const messages = await this.#parts.findGroup(due.map(({ messageId }) => messageId));
    const byId = new Map(messages.map((message) => [message.id, message]));
    for (const push of due) {
      const message = byId.get(push.messageId);
      const everyone = message ? await this.#receiversOf(message) : [];
      const receivers = await this.#online(push, everyone);
      if (message && receivers.length > 0) void this.#parts.groupPushes.pushAgain(message, push, receivers);
      else this.#parts.pending.done('group', push.messageId);
    }
  }

  async #receiversOf({ groupId, recvIds }: GroupMessage): Promise<readonly number[]> {
    return recvIds.length > 0 ? recvIds : this.#parts.memberIdsOf(groupId);
  }

  /** Those who are still to be reached and can be now. */
  async #online({ receivers }: PendingPush, userIds: readonly number[]): Promise<DeviceAddress[]> {
    const wanted = receivers ? new Set(receivers.map(({ id, terminal }) => `${id}:${terminal}`)) : undefined;
    const ids = receivers ? [...new Set(receivers.map(({ id }) => id))] : userIds;
    if (ids.length === 0) return [];
    const online = await this.#parts.im.onlineTerminals(ids);
    return [...online].flatMap(([id, terminals]) =>
      terminals
        .filter((terminal) => !wanted || wanted.has(`${id}:${terminal}`))
        .map((terminal) => ({ id, terminal })),
    );
  }
}

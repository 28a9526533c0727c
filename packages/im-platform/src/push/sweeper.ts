import type { DeviceAddress } from 'im-client';
import type { Logger } from 'im-common';
import type { LateMessage, LateMessages } from './late.ts';
import type { PendingPush, PendingPushes, PushKind } from './pending-pushes.ts';
import type { PlatformIm } from './platform-im.ts';

interface Stored {
  readonly id: number;
}

/** One kind of message: where it is stored, and how it is pushed. */
export interface SweptKind<Message extends Stored = Stored> {
  readonly kind: PushKind;
  readonly store: { find(ids: readonly number[]): Promise<readonly Message[]> };
  readonly pushes: {
    /** All who are to have the message, when it is not known who has it. */
    receiversOf(message: Message): readonly number[] | Promise<readonly number[]>;
    /** Whose pulls are to have it. */
    audiencesOf(message: Message): string[];
    pushAgain(message: Message, push: PendingPush, receivers: readonly DeviceAddress[]): Promise<void>;
  };
}

export interface SweeperDeps {
  readonly pending: Pick<PendingPushes, 'claimDue' | 'keep' | 'letGo' | 'forget' | 'done'>;
  readonly latecomers: Pick<LateMessages, 'note' | 'sweep'>;
  readonly im: Pick<PlatformIm, 'onlineTerminals'>;
  readonly kinds: readonly SweptKind[];
  /** What else is looked after as often. */
  readonly others?: readonly { sweep(): Promise<void> }[];
  readonly logger: Logger;
  readonly everyMs: number;
}

const atOnce = 200;

/** Pushes again what is stored and did not arrive while its receiver is online. Runs in every instance. */
export class Sweeper {
  readonly #deps: SweeperDeps;
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(deps: SweeperDeps) {
    this.#deps = deps;
  }

  start(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#sweeping = this.sweep()
        .catch((error: unknown) => {
          this.#deps.logger.warn(
            { err: error },
            'the sweep for missed pushes failed; the next one does its work',
          );
        })
        .finally(() => {
          this.start();
        });
    }, this.#deps.everyMs);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#sweeping;
    clearTimeout(this.#timer);
  }

  /** One round. Resolves when what was due has been given to the bus again; what becomes of it is followed up. */
  async sweep(): Promise<void> {
    await this.#deps.latecomers.sweep();
    for (const other of this.#deps.others ?? []) await other.sweep();
    for (;;) {
      const due = await this.#deps.pending.claimDue(atOnce);
      for (const swept of this.#deps.kinds)
        await this.#pushAgain(
          swept,
          due.filter(({ kind }) => kind === swept.kind),
        );
      if (due.length < atOnce || this.#isClosed) return;
    }
  }

  async #pushAgain(swept: SweptKind, due: readonly PendingPush[]): Promise<void> {
    if (due.length === 0) return;
    const { kind, store, pushes } = swept;
    const { pending, latecomers } = this.#deps;
    const messages = await store.find(due.map(({ messageId }) => messageId));
    const byId = new Map(messages.map((message) => [message.id, message]));
    const toPush: { message: Stored; push: PendingPush; receivers: readonly DeviceAddress[] }[] = [];
    const atNobody: number[] = [];
    for (const push of due) {
      const message = byId.get(push.messageId);
      const receivers = message ? await this.#online(push, await pushes.receiversOf(message)) : [];
      if (message && receivers.length > 0) toPush.push({ message, push, receivers });
      else atNobody.push(push.messageId);
    }
    // Devices that are not there now may have passed over it.
    await latecomers.note(messages.map((message) => latecomer(swept, message)));
    for (const id of atNobody) pending.done(kind, id);
    for (const one of toPush) void this.#pushOne(swept, one);
  }

  /** Its row stays until those that turn out to have gone are told with their next pull. */
  async #pushOne(
    swept: SweptKind,
    { message, push, receivers }: { message: Stored; push: PendingPush; receivers: readonly DeviceAddress[] },
  ): Promise<void> {
    const { pending, latecomers, logger } = this.#deps;
    pending.keep(swept.kind, [message.id]);
    try {
      await swept.pushes.pushAgain(message, push, receivers);
      await latecomers.note([latecomer(swept, message)]);
      pending.letGo(swept.kind, [message.id]);
    } catch (error) {
      pending.forget(swept.kind, [message.id]);
      logger.warn({ err: error, kind: swept.kind }, 'a push is tried again later');
    }
  }

  /** Those who are still to be reached and can be now. */
  async #online({ receivers }: PendingPush, userIds: readonly number[]): Promise<DeviceAddress[]> {
    const wanted = receivers ? new Set(receivers.map(({ id, terminal }) => `${id}:${terminal}`)) : undefined;
    const ids = receivers ? [...new Set(receivers.map(({ id }) => id))] : userIds;
    if (ids.length === 0) return [];
    const online = await this.#deps.im.onlineTerminals(ids);
    return [...online].flatMap(([id, terminals]) =>
      terminals
        .filter((terminal) => !wanted || wanted.has(`${id}:${terminal}`))
        .map((terminal) => ({ id, terminal })),
    );
  }
}

function latecomer({ pushes }: SweptKind, message: Stored): LateMessage {
  return { id: message.id, audiences: pushes.audiencesOf(message) };
}

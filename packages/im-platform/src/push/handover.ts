import type { LateMessages } from './late.ts';
import type { PendingPushes, PushKind } from './pending-pushes.ts';

export interface HandoverDeps {
  readonly pending: Pick<PendingPushes, 'keep' | 'letGo' | 'forget'>;
  readonly latecomers: Pick<LateMessages, 'isLate' | 'highestOfAll' | 'note'>;
}

/** What the log tells of the messages that it has stored; see message-log/entries.ts. */
export interface HandoverOf<Message> {
  readonly begin: (messages: readonly Message[]) => void;
  readonly end: (messages: readonly Message[], highest: number) => Promise<void>;
  readonly giveUp: (messages: readonly Message[]) => void;
}

/**
 * A message whose row is gone is in the hands of the devices that were online, and is in the pulls of the others. So its row stays
 * until it is known that it came in time for that, or is noted as a latecomer.
 */
export function handoverOf<Message extends { readonly id: number }>(
  kind: PushKind,
  audiencesOf: (message: Message) => string[],
  { pending, latecomers }: HandoverDeps,
): HandoverOf<Message> {
  const idsOf = (messages: readonly Message[]): number[] => messages.map(({ id }) => id);
  return {
    begin: (messages) => pending.keep(kind, idsOf(messages)),
    async end(messages, highest) {
      const highestOfAll = await latecomers.highestOfAll(highest);
      const late = messages.filter(({ id }) => latecomers.isLate(id, highestOfAll));
      await latecomers.note(late.map((message) => ({ id: message.id, audiences: audiencesOf(message) })));
      pending.letGo(kind, idsOf(messages));
    },
    giveUp: (messages) => pending.forget(kind, idsOf(messages)),
  };
}

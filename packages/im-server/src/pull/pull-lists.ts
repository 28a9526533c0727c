import { messageKinds, type MessageKind } from 'im-common';
import type { Lists, Taken } from 'im-common/bus';
import { consume, forceLogoutList, messageList, type Membership } from 'im-common/internal/bus';
import type { Source } from '../push/pushed-message.ts';

export interface PullOptions {
  readonly lists: Lists;
  readonly membership: Membership;
  readonly pullBatch: number;
  readonly signal: AbortSignal;
  /** Resolves when there is room for more messages. */
  readonly whenRoom: () => Promise<void> | undefined;
  readonly onMessages: (kind: MessageKind, batch: readonly Taken[], source: Source) => void;
  readonly onForceLogouts: (batch: readonly Taken[]) => Promise<void>;
}

/** Orders to log out are few, and each may ask the bus. */
const forceLogoutBatch = 50;

/**
 * Pulls this server's four lists, each in a loop of its own: a flood on one takes turns with the others, and never more
 * than one batch of it stands before them.
 */
export async function pullLists(options: PullOptions): Promise<void> {
  const { lists, membership, pullBatch, signal } = options;
  const { id, boot: consumer } = membership;
  const common = {
    consumer,
    signal,
    isAlone: true,
    onUnknown: async () => {
      await membership.renewNow();
      return !membership.isOver;
    },
  };
  const pullKind = (kind: MessageKind): Promise<void> => {
    const source = { list: messageList(kind, id), consumer };
    const ready = (): Promise<void> | undefined => {
      const room = options.whenRoom();
      if (!room && membership.isValid) return undefined;
      return Promise.resolve(room).then(() => (membership.isValid ? undefined : membership.whenSettled()));
    };
    return consume(lists, { ...common, list: source.list, maxBatch: pullBatch, ready }, (batch) =>
      whileOwner(membership, () => {
        options.onMessages(kind, batch, source);
      }),
    );
  };
  const list = forceLogoutList(id);
  const pullForceLogouts = consume(lists, { ...common, list, maxBatch: forceLogoutBatch }, async (batch) => {
    await options.onForceLogouts(batch);
    await lists.settle(
      list,
      consumer,
      batch.map(({ seq }) => seq),
    );
  });
  await Promise.all([...messageKinds.map(pullKind), pullForceLogouts]);
}

/**
 * A process that was stopped and goes on later may find a batch in its hands that was given away meanwhile. It looks at
 * its lease before it delivers.
 */
function whileOwner(membership: Membership, deliver: () => void): Promise<void> | undefined {
  if (membership.isValid) {
    deliver();
    return undefined;
  }
  return membership.whenSettled().then(() => {
    if (membership.isValid) deliver();
  });
}

import { messageKinds, type MessageKind } from 'im-common';
import type { Lists, Taken } from 'im-common/bus';
import { consume, forceLogoutList, messageList, type Membership } from 'im-common/internal/bus';
import type { Pusher } from '../push/pusher.ts';
import type { InFlightLimit } from './in-flight-limit.ts';

export interface PullDeps {
  readonly lists: Lists;
  readonly membership: Membership;
  readonly pullBatch: number;
  readonly signal: AbortSignal;
  readonly limit: InFlightLimit;
  readonly pusher: Pusher;
  readonly onForceLogouts: (batch: readonly Taken[]) => Promise<void>;
}

/** Orders to log out are few, and each may ask the bus. */
const forceLogoutBatch = 50;

/**
 * Pulls this server's four lists, each in a loop of its own: a flood on one takes turns with the others, and never more
 * than one batch of it stands before them.
 */
export async function pullLists(deps: PullDeps): Promise<void> {
  const { lists, limit, membership, pullBatch, pusher, signal } = deps;
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
      const below = limit.whenBelow();
      if (!below && membership.isValid) return undefined;
      return Promise.resolve(below).then(() => (membership.isValid ? undefined : membership.whenSettled()));
    };
    return consume(lists, { ...common, list: source.list, maxBatch: pullBatch, ready }, (batch) =>
      whileOwner(membership, () => {
        pusher.pushBatch(kind, batch, source);
      }),
    );
  };
  const list = forceLogoutList(id);
  const pullForceLogouts = consume(lists, { ...common, list, maxBatch: forceLogoutBatch }, async (batch) => {
    await deps.onForceLogouts(batch);
    await lists.settle(
      list,
      consumer,
      batch.map(({ seq }) => seq),
    );
  });
  await Promise.all([...messageKinds.map(pullKind), pullForceLogouts]);
}

/**
 * A process that was stopped and goes on later may hold a batch that was given away meanwhile. It looks at its lease
 * before it delivers.
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

import { setMaxListeners } from 'node:events';
import { messageKinds, type MessageKind } from 'im-common';
import type { Lists, Taken } from 'im-common/bus';
import {
  consume,
  forceLogoutList,
  highList,
  kindOfEntry,
  messageList,
  type Membership,
} from 'im-common/internal/bus';
import type { Pusher } from '../push/pusher.ts';
import type { HighTraffic } from './high-traffic.ts';
import type { InFlightLimit } from './in-flight-limit.ts';

export interface PullDeps {
  readonly lists: Lists;
  readonly membership: Membership;
  readonly pullBatch: number;
  readonly highTraffic: HighTraffic;
  readonly signal: AbortSignal;
  readonly limit: InFlightLimit;
  readonly pusher: Pusher;
  readonly onForceLogouts: (batch: readonly Taken[]) => Promise<void>;
}

/** Orders to log out are few, and each may ask the bus. */
const forceLogoutBatch = 50;

/**
 * Pulls this server's lists, each in a loop of its own: a flood on one takes turns with the others, and never more
 * than one batch of it stands before them.
 */
export async function pullLists(deps: PullDeps): Promise<void> {
  const { highTraffic, lists, limit, membership, pullBatch, pusher, signal } = deps;
  const { id, boot: consumer } = membership;
  // Five loops, and the waits and pauses of each.
  setMaxListeners(0, signal);
  const common = {
    consumer,
    signal,
    isAlone: true,
    onUnknown: async () => {
      await membership.renewNow();
      return !membership.isOver;
    },
  };
  const readyBelow = (share: () => number) => (): Promise<void> | undefined => {
    const below = limit.whenBelow(share);
    if (!below && membership.isValid) return undefined;
    return Promise.resolve(below).then(() => (membership.isValid ? undefined : membership.whenCertain()));
  };
  const ready = readyBelow(() => highTraffic.shareOfOthers);
  const pullKind = (kind: MessageKind): Promise<void> => {
    const source = { list: messageList(kind, id), consumer };
    const maxBatch = (): number => highTraffic.slice;
    return consume(lists, { ...common, list: source.list, maxBatch, ready }, (batch) =>
      whileOwner(membership, () => {
        pusher.pushBatch(kind, batch, source);
      }),
    );
  };
  const high = { list: highList(id), consumer };
  const readyForHigh = readyBelow(() => 1);
  const pullHigh = consume(
    lists,
    { ...common, list: high.list, maxBatch: pullBatch, ready: readyForHigh },
    (batch) => {
      highTraffic.note(batch.length);
      return whileOwner(membership, () => {
        for (const [kind, some] of byKind(batch)) pusher.pushBatch(kind, some, high);
      });
    },
  );
  const list = forceLogoutList(id);
  const pullForceLogouts = consume(lists, { ...common, list, maxBatch: forceLogoutBatch }, async (batch) => {
    await deps.onForceLogouts(batch);
    await lists.acknowledge(
      list,
      consumer,
      batch.map(({ seq }) => seq),
    );
  });
  await Promise.all([pullHigh, ...messageKinds.map(pullKind), pullForceLogouts]);
}

/** Nearly always all are of one kind. What is of none is nobody's, and found out when it is read. */
function byKind(batch: readonly Taken[]): ReadonlyMap<MessageKind, Taken[]> {
  const groups = new Map<MessageKind, Taken[]>();
  for (const taken of batch) {
    const kind = kindOfEntry(taken.text) ?? 'private';
    const group = groups.get(kind);
    if (group) group.push(taken);
    else groups.set(kind, [taken]);
  }
  return groups;
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
  return membership.whenCertain().then(() => {
    if (membership.isValid) deliver();
  });
}

import { randomBytes } from 'node:crypto';
import { messageKinds, type DeviceAddress, type MessageKind } from 'im-common';
import type { Bus, ByteText, Lists, Reason } from 'im-common/bus';
import {
  commandOfCall,
  decodeEntry,
  forceLogoutList,
  highList,
  kindOfEntry,
  messageList,
  PoisonError,
  takeOver,
  type Entry,
  type Outcome,
  type Producer,
} from 'im-common/internal/bus';
import type { KeepInstead, KeepWhere } from '../kept/keep-instead.ts';
import type { Reporter } from '../report/reporter.ts';
import { reroute, rerouteOnce, type RerouteDeps } from './reroute.ts';

export interface EmptyDeps {
  readonly bus: Bus;
  readonly producer: Producer;
  readonly reporter: Reporter;
  readonly keepInstead: Pick<KeepInstead, 'keepAll'>;
  /** Called between batches; false stops, e.g. because another server has taken over. */
  readonly mayGoOn: () => Promise<boolean>;
  /** As of {@link RerouteDeps}. */
  readonly patientUntil?: number;
  /** Of a message to a topic: members who were here, and are on their way. Undefined when nobody knows any more. */
  readonly leftMembers?: (entry: Entry) => DeviceAddress[];
}

const batchSize = 200;

/**
 * Empties the lists of a server that is no more: what it had in flight and what it never took goes after its receivers,
 * or becomes a result with the given reason. Nothing can be put on the lists any more. Can be broken off and repeated.
 */
export async function emptyLists(serverId: number, reason: Reason, deps: EmptyDeps): Promise<number> {
  let count = await emptyList(highList(serverId), deps, async (texts) => {
    for (const kind of messageKinds) {
      const some = texts.filter((text) => (kindOfEntry(text) ?? 'private') === kind);
      if (some.length > 0) await sendAfter(kind, some, { ...deps, reason, notTo: serverId });
    }
  });
  for (const kind of messageKinds) {
    count += await emptyList(messageList(kind, serverId), deps, (texts) =>
      sendAfter(kind, texts, { ...deps, reason, notTo: serverId }),
    );
  }
  // Orders to log out devices of a server that has none any more.
  await emptyList(forceLogoutList(serverId), deps, () => Promise.resolve());
  return count;
}

/** Whether there is nothing to take over. Asks all at once. */
export async function isEmpty(serverId: number, lists: Lists): Promise<boolean> {
  const counts = await Promise.all(
    listsOf(serverId).flatMap((list) => [
      lists.length(list),
      lists.consumers(list).then(({ length }) => length),
    ]),
  );
  return counts.every((count) => count === 0);
}

export async function dropLists(serverId: number, lists: Lists): Promise<void> {
  for (const list of listsOf(serverId)) await lists.drop(list);
}

function listsOf(serverId: number): string[] {
  const ofKinds = messageKinds.map((kind) => messageList(kind, serverId));
  return [highList(serverId), ...ofKinds, forceLogoutList(serverId)];
}

async function emptyList(
  list: string,
  { bus: { lists }, mayGoOn }: EmptyDeps,
  send: (texts: readonly ByteText[]) => Promise<void>,
): Promise<number> {
  // Or what somebody else has in flight would be put back, and rerouted twice.
  if (!(await mayGoOn())) return 0;
  await lists.closeList(list);
  return takeOver(lists, {
    list,
    consumer: `take-over-${randomBytes(9).toString('base64url')}`,
    isGone: () => true,
    mayGoOn,
    maxBatch: batchSize,
    async handle(batch) {
      await send(batch.map(({ text }) => text));
      return batch.map(({ seq }) => seq);
    },
  });
}

async function sendAfter(
  kind: MessageKind,
  texts: readonly ByteText[],
  deps: EmptyDeps & RerouteDeps,
): Promise<void> {
  const { keepInstead, leftMembers, notTo, reason, reporter } = deps;
  const entries: Entry[] = [];
  const reports: Promise<void>[] = [];
  for (const text of texts) {
    // Its device asks again where it is now.
    if (commandOfCall(text) !== undefined) continue;
    try {
      const entry = decodeEntry(text);
      // For sessions that this server had: the others have it.
      if (entry.extras?.also) continue;
      const isToTopic = entry.extras?.topic !== undefined && entry.everyoneOn !== undefined;
      entries.push(isToTopic && leftMembers ? { ...entry, receivers: leftMembers(entry) } : entry);
    } catch (error) {
      if (!(error instanceof PoisonError)) throw error;
      const { salvaged } = error;
      const outcomes = (salvaged.receivers ?? []).map((address) => {
        return { address, stage: 'queued', reason: 'POISON' } as const;
      });
      reports.push(reporter.reportUnpushed(kind, salvaged, outcomes, notTo));
      reports.push(reporter.deadLetter(messageList(kind, notTo), kind, text, error.message));
    }
  }
  const nowhere = await reroute(kind, entries, deps);
  const where: KeepWhere = { notAt: notTo, reroute: (_, some) => rerouteOnce(kind, some, deps) };
  const report = async (entry: Entry, outcomes: readonly Outcome[]): Promise<void> => {
    const ends = await keepInstead.keepAll(kind, entry, outcomes, where);
    const lost = entry.extras?.topic !== undefined && !leftMembers ? reason : undefined;
    await reporter.reportUnpushed(kind, entry, ends, notTo, lost);
  };
  entries.forEach((entry, index) => reports.push(report(entry, nowhere[index] ?? [])));
  await Promise.all(reports);
}

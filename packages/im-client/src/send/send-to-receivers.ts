import type { DeviceAddress } from 'im-common';
import type { Place, Sighting } from '../locate/place.ts';
import { keepForLater } from './keep-for-later.ts';
import type { OutgoingMessage } from './outgoing-message.ts';
import { copiesOf, planSend, receiversOf, type Located, type Plan, type PlannedPut } from './plan.ts';
import type { PutReport } from './put-all.ts';
import type { Receipt } from './receipt.ts';
import { refuseForJava } from './refuse-for-java.ts';
import type { OtherWays, SendProgress } from './send-progress.ts';

type Who = Omit<Located, 'places'>;

const nobody: readonly DeviceAddress[] = [];
/** How often a receiver is looked for whose server had closed its list in between. */
const maxRounds = 3;

/** Finds the servers of the receivers and of the sender's other devices, and puts the message on their lists. */
export function sendToReceivers(progress: SendProgress): Promise<Receipt> {
  const { desk } = progress.deps;
  // Those of high priority keep no order with the others.
  if (!desk || laneOf(progress.message) !== 'private') return sendOneByOne(progress);
  return desk.send(progress, otherWays);
}

async function sendOneByOne(progress: SendProgress): Promise<Receipt> {
  try {
    progress.checkStillWanted();
    if (progress.message.expiresInMs !== undefined) await progress.setEnd();
    let closed = await findAndPut(progress, progress.message);
    for (let round = 2; closed.length > 0 && round <= maxRounds; round += 1) {
      // A server that drains closes its list a moment before its devices are back elsewhere.
      const notAt = new Set(closed.map(({ serverId }) => serverId));
      closed = await follow(progress, { receivers: receiversOf(closed), copies: copiesOf(closed) }, notAt);
    }
    progress.notOnline(receiversOf(closed));
  } catch (error) {
    throw progress.fail(error);
  }
  return keepRest(progress);
}

async function keepRest(progress: SendProgress): Promise<Receipt> {
  try {
    const toKeep = progress.takeToKeep();
    if (toKeep.length > 0) await keepForLater(progress, toKeep, (found) => putAgain(progress, found));
    return progress.finish();
  } catch (error) {
    throw progress.fail(error);
  }
}

const otherWays: OtherWays = { oneByOne: sendOneByOne, keepRest };

/** For receivers that have come online since they were looked for. Resolves with those that are not online again. */
async function putAgain(
  progress: SendProgress,
  receivers: readonly DeviceAddress[],
): Promise<readonly DeviceAddress[]> {
  if (progress.message.sendResult) progress.expectMore(receivers);
  const closed = await findAndPut(progress, { receivers, copies: nobody });
  return [...progress.takeToKeep(), ...receiversOf(closed)];
}

/** Puts the message where everyone is, later for those on their way. Resolves with what came too late for its server. */
async function findAndPut(
  progress: SendProgress,
  { receivers, copies }: Who,
): Promise<readonly PlannedPut[]> {
  if (receivers.length + copies.length === 0) return [];
  const addresses = copies.length === 0 ? receivers : [...receivers, ...copies];
  const sightings = await progress.deps.locator.look(addresses, {
    lane: laneOf(progress.message),
    fresh: false,
    signal: progress.abortable,
  });
  progress.checkStillWanted();
  const { here, later } = split(progress, { receivers, copies }, sightings);
  if (!later) {
    if (progress.once) return progress.note(await putNow(progress, here, nobody));
    const { puts } = plan(progress, here, nobody);
    return progress.note(await progress.putAll(puts));
  }
  // Both begin now: what is sent next must find them waiting, and the others must not wait.
  const following = follow(progress, later);
  const putting = putNow(progress, here, later.receivers).then((report) => progress.note(report));
  const [first, second] = await Promise.allSettled([putting, following]);
  for (const end of [first, second]) if (end.status === 'rejected') throw end.reason;
  return [first, second].flatMap((end) => (end.status === 'fulfilled' ? end.value : []));
}

/** Who is somewhere or nowhere, and who has to be waited for; the latter is undefined when it is nobody, as nearly always. */
function split(
  { deps: { moving }, message }: SendProgress,
  { receivers, copies }: Who,
  sightings: readonly Sighting[],
): { here: Located; later: Who | undefined } {
  if (!moving.areAny && !sightings.includes('moving')) {
    const places = sightings as readonly (Place | undefined)[];
    return { here: { receivers, copies, places }, later: undefined };
  }
  const { hasCapacity } = moving;
  let at = 0;
  const places: (Place | undefined)[] = [];
  const isLater = (address: DeviceAddress): boolean => {
    const sighting = sightings[at++];
    const mustWait = (sighting === 'moving' && hasCapacity) || moving.isAwaited(laneOf(message), address);
    if (!mustWait) places.push(sighting === 'moving' ? undefined : sighting);
    return mustWait;
  };
  const [laterReceivers, receiversHere] = partition(receivers, isLater);
  const [laterCopies, copiesHere] = partition(copies, isLater);
  const here = { receivers: receiversHere, copies: copiesHere, places };
  if (laterReceivers.length + laterCopies.length === 0) return { here, later: undefined };
  return { here, later: { receivers: laterReceivers, copies: laterCopies } };
}

/** Puts the message where receivers turn up that are on their way. Resolves with what came too late for its server again. */
async function follow(
  progress: SendProgress,
  { receivers, copies }: Who,
  notAt?: ReadonlySet<number>,
): Promise<readonly PlannedPut[]> {
  const reports: Promise<PutReport>[] = [];
  const wait = (
    addresses: readonly DeviceAddress[],
    as: (some: readonly DeviceAddress[]) => Who,
  ): Promise<void> =>
    progress.deps.moving.wait({
      kind: laneOf(progress.message),
      addresses,
      ...(notAt && { notAt }),
      signal: progress.abortable,
      mayEnd: () => progress.abortable !== undefined,
      onSeen: (seen, places) => {
        if (progress.abortable?.aborted) return;
        const report = putNow(progress, { ...as(seen), places }, nobody);
        report.catch(() => undefined); // told below, when all have been seen
        reports.push(report);
      },
    });
  const waits: Promise<void>[] = [];
  if (receivers.length > 0) waits.push(wait(receivers, (some) => ({ receivers: some, copies: nobody })));
  if (copies.length > 0) waits.push(wait(copies, (some) => ({ receivers: nobody, copies: some })));
  await Promise.all(waits);
  progress.checkStillWanted();
  const closed: PlannedPut[] = [];
  for (const report of await Promise.all(reports)) closed.push(...progress.note(report));
  return closed;
}

/** Those of one lane keep their order, and wait for nobody else. */
function laneOf({ isHigh, kind }: OutgoingMessage): OutgoingMessage['kind'] | 'high' {
  return isHigh ? 'high' : kind;
}

/** Async, so that a plan that is refused rejects as well. */
async function putNow(
  progress: SendProgress,
  located: Located,
  awaited: readonly DeviceAddress[],
): Promise<PutReport> {
  const { once } = progress;
  const placed = once ? await once.place(located, progress.message.isHigh) : located;
  progress.checkStillWanted();
  return progress.put(plan(progress, placed, awaited).puts);
}

/** Plans the entries, and expects their results. `awaited`: receivers of the message whose entries come later. */
function plan(progress: SendProgress, located: Located, awaited: readonly DeviceAddress[]): Plan {
  const { envelope, message } = progress;
  const planned = planSend(message, envelope, located);
  if (planned.goesToJava) refuseForJava(message);
  if (message.sendResult) progress.expectResults(planned, awaited);
  progress.notOnline(planned.offline);
  return planned;
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  const [first, second]: [T[], T[]] = [[], []];
  for (const item of items) (isFirst(item) ? first : second).push(item);
  return [first, second];
}

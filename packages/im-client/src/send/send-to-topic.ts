import { serversThatServe } from '../locate/place.ts';
import { planToEveryone, planTopicCopies } from './plan.ts';
import type { Receipt } from './receipt.ts';
import type { SendProgress } from './send-progress.ts';

/** How often servers are looked for that have come since the last look. */
const maxRounds = 3;

/** One entry to each server that has members: it knows which of its devices they are. */
export async function sendToTopic(progress: SendProgress, topic: string): Promise<Receipt> {
  try {
    progress.checkStillWanted();
    await toMembers(progress, topic);
    return progress.finish();
  } catch (error) {
    throw progress.fail(error);
  }
}

async function toMembers(progress: SendProgress, topic: string): Promise<void> {
  const { deps, envelope, message } = progress;
  const tried = new Set<number>();
  for (let round = 1; round <= maxRounds; round += 1) {
    const { abortable: signal } = progress;
    const options = { lane: message.kind, fresh: round > 1, signal };
    const [servers, seen, copies] = await Promise.all([
      deps.repeater.run(() => deps.topics.servers(topic)),
      deps.locator.view(options),
      round === 1 && message.copies.length > 0 ? deps.locator.locate(message.copies, options) : [],
    ]);
    // One that has just started is not in the view yet.
    const isKnown = (id: number): boolean => seen.live.has(id) || seen.gone.has(id);
    const view = servers.every(isKnown) ? seen : await deps.locator.view({ ...options, fresh: true });
    progress.checkStillWanted();
    const places = serversThatServe(view).filter(({ features, serverId }) => {
      return features.has('topics') && servers.includes(serverId) && !tried.has(serverId);
    });
    const serverIds = places.map(({ serverId }) => serverId);
    for (const id of serverIds) tried.add(id);
    if (message.sendResult) progress.expectServers(serverIds);
    progress.leftOut = deps.locator.withoutFeature(view, 'topics');
    const puts = [
      ...planToEveryone(message, envelope, places),
      ...planTopicCopies(message, envelope, copies),
    ];
    const closed = progress.note(await progress.putAll(puts)).filter(({ isCopy }) => !isCopy);
    progress.serversClosed(closed);
    if (closed.length === 0) return;
  }
}

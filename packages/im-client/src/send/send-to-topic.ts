import { claimsKeptMs } from 'im-common/internal/bus';
import { serversThatServe } from '../locate/place.ts';
import type { OutgoingMessage, TopicOfMessage } from './outgoing-message.ts';
import { planToEveryone, planTopicCopies, topicEntry } from './plan.ts';
import type { Receipt } from './receipt.ts';
import type { SendProgress } from './send-progress.ts';

/** How often servers are looked for that have come since the last look. */
const maxRounds = 3;

/** One entry to each server that has members: it knows which of its devices they are. */
export async function sendToTopic(progress: SendProgress, topic: TopicOfMessage): Promise<Receipt> {
  try {
    progress.checkStillWanted();
    if (progress.message.expiresInMs !== undefined) await progress.setEnd();
    await toMembers(progress, topic);
    return progress.finish();
  } catch (error) {
    throw progress.fail(error);
  }
}

interface Found {
  readonly servers: readonly number[];
  readonly message: OutgoingMessage;
}

async function toMembers(progress: SendProgress, topic: TopicOfMessage): Promise<void> {
  const { deps, envelope } = progress;
  let { message } = progress;
  const tried = new Set<number>();
  for (let round = 1; round <= maxRounds; round += 1) {
    const { abortable: signal } = progress;
    const options = { lane: message.kind, fresh: round > 1, signal };
    const [found, seen, copies] = await Promise.all([
      round === 1 && topic.keep ? append(progress, topic) : look(progress, message, topic),
      deps.locator.view(options),
      round === 1 && message.copies.length > 0 ? deps.locator.locate(message.copies, options) : [],
    ]);
    const { servers } = found;
    message = found.message;
    // One that has just started is not in the view yet.
    const isKnown = (id: number): boolean => seen.live.has(id) || seen.gone.has(id);
    const view = servers.every(isKnown) ? seen : await deps.locator.view({ ...options, fresh: true });
    progress.checkStillWanted();
    const serving = serversThatServe(view).filter(({ features, serverId }) => {
      return features.has('topics') && servers.includes(serverId) && !tried.has(serverId);
    });
    const places = (await progress.once?.placeTopic(round, serving)) ?? serving;
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

async function look(
  { deps }: SendProgress,
  message: OutgoingMessage,
  { name }: TopicOfMessage,
): Promise<Found> {
  return { servers: await deps.repeater.run(() => deps.topics.servers(name)), message };
}

/** Before it is on any list: who logs in afterwards finds it there, who did before is on one of these servers. */
async function append(progress: SendProgress, topic: TopicOfMessage): Promise<Found> {
  const { deps, envelope, message } = progress;
  const { messageId: id, expiresAt } = envelope;
  const { forMs = 0, most = 0 } = topic.keep ?? {};
  const rememberMs = progress.once && claimsKeptMs;
  const toKeep = { id, text: topicEntry(message, envelope), forMs, most, expiresAt, rememberMs };
  const answer = await deps.repeater.run(() => deps.topics.history.append(topic.name, toKeep));
  progress.isKeptByTopic = true;
  const { epoch, number, servers } = answer;
  return {
    servers,
    message: { ...message, topic: { ...topic, extras: { ...topic.extras, number, epoch } } },
  };
}

import { addressKey } from 'im-common';
import { serversThatServe } from '../locate/place.ts';
import { planToEveryone, planToFound, receiversOf } from './plan.ts';
import type { Receipt } from './receipt.ts';
import { refuseForJava } from './refuse-for-java.ts';
import type { SendProgress } from './send-progress.ts';

/** How often servers are looked for that have started since the last look. */
const maxRounds = 3;

/** One entry to each server, which knows its own devices; to servers of box-im only when the client is told of them. */
export async function sendToEveryone(progress: SendProgress): Promise<Receipt> {
  const { besideBoxIm, locator } = progress.deps;
  try {
    progress.checkStillWanted();
    if (besideBoxIm) refuseForJava(progress.message);
    if (progress.message.expiresInMs !== undefined) await progress.setEnd();
    await toServers(progress);
    if (besideBoxIm) await toBoxIm(progress);
    else progress.leftOut = locator.boxImServers();
    return progress.finish();
  } catch (error) {
    throw progress.fail(error);
  }
}

async function toServers(progress: SendProgress): Promise<void> {
  const { deps, message } = progress;
  const tried = new Set<number>();
  for (let round = 1; round <= maxRounds; round += 1) {
    const { abortable: signal } = progress;
    const view = await deps.locator.view({
      lane: message.isHigh ? 'high' : 'system',
      fresh: round > 1,
      signal,
    });
    progress.checkStillWanted();
    const places = serversThatServe(view).filter(({ serverId }) => !tried.has(serverId));
    const serverIds = places.map(({ serverId }) => serverId);
    for (const id of serverIds) tried.add(id);
    if (message.sendResult) progress.expectServers(serverIds);
    const puts = planToEveryone(message, progress.envelope, places);
    const closed = progress.note(await progress.putAll(puts));
    progress.serversClosed(closed);
    if (closed.length === 0) return;
  }
}

/** Servers of box-im know nothing of a push to everyone, and only the routes tell their devices. */
async function toBoxIm(progress: SendProgress): Promise<void> {
  const { deps, envelope, message } = progress;
  const { everyoneOn = [], sendResult } = message;
  const found = new Set<string>();
  for await (const page of deps.presence.routes()) {
    const routes = page.filter(({ address: { id, terminal }, serverId }) => {
      const key = addressKey(id, terminal);
      if (!everyoneOn.includes(terminal) || deps.locator.knows(serverId) || found.has(key)) return false;
      found.add(key);
      return true;
    });
    const receivers = routes.map(({ address }) => address);
    if (sendResult && receivers.length > 0) progress.expectFound(receivers);
    const puts = planToFound(message, envelope, routes);
    progress.notOnline(receiversOf(progress.note(await progress.putAll(puts))));
  }
}

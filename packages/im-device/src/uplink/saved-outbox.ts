import { DeviceError } from '../errors.ts';
import { platform } from '../platform.ts';
import type { Lane } from './lane.ts';
import type { OutboxStore, StoredLane, StoredOutbox } from './outbox-store.ts';

/** Reads what {@link saveOutbox} has written; undefined for anything else, and for the outbox of another page that lives. */
export async function loadOutbox(store: OutboxStore): Promise<StoredOutbox | undefined> {
  const stored = parse(await store.load());
  return stored && (await isFree(stored.box)) ? stored : undefined;
}

/** Saves it, and gives up what is not saved when that fails: it must not be sent. */
export async function saveOutbox(
  store: OutboxStore,
  box: string,
  lanes: ReadonlyMap<string, Lane>,
): Promise<void> {
  const items = Array.from(lanes.values()).flatMap((lane) => lane.items);
  try {
    await store.save(textOf(box, lanes));
    for (const item of items) item.isSaved = true;
  } catch (cause) {
    const error = new DeviceError('STORE_FAILED', `The outbox cannot be saved: ${String(cause)}`, { cause });
    for (const lane of lanes.values()) {
      for (const item of lane.items.filter(({ isSaved }) => !isSaved)) lane.giveUp(item, error);
    }
  }
}

function textOf(box: string, lanes: ReadonlyMap<string, Lane>): string {
  const stored: Record<string, StoredLane> = {};
  for (const [to, { next, items }] of lanes) {
    stored[to] = { next, items: items.map(({ n, data, asks, at }) => ({ n, data, asks, at })) };
  }
  return JSON.stringify({ box, lanes: stored } satisfies StoredOutbox);
}

function parse(text: string | null | undefined): StoredOutbox | undefined {
  try {
    return (JSON.parse(text ?? 'null') as StoredOutbox | null) ?? undefined; // only we write it
  } catch {
    return undefined;
  }
}

/**
 * A tab that was duplicated has the outbox of the other one, and would give its numbers to other messages. Where the platform has
 * locks, the first one keeps it as long as it lives.
 */
async function isFree(box: string): Promise<boolean> {
  const locks = platform.navigator?.locks;
  if (!locks) return true;
  return new Promise((resolve) => {
    void locks.request(`im-outbox:${box}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? Promise.resolve() : new Promise(() => undefined);
    });
  });
}

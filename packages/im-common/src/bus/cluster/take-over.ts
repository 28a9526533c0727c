import type { Lists, Taken } from '../bus.ts';

export interface TakeOverOptions {
  readonly list: string;
  /** Names who takes over, on this list. */
  readonly consumer: string;
  /** Whose entries in flight are put back first. */
  readonly isGone: (consumer: string) => boolean;
  /** Asked before each batch. False breaks off, because somebody else has taken over, say. */
  readonly mayGoOn: () => Promise<boolean>;
  readonly maxBatch: number;
  /** Resolves when all of the batch have ended, with the numbers of those that are dealt with. */
  readonly handle: (batch: readonly Taken[]) => Promise<readonly number[]>;
}

/**
 * Empties a list that has lost its consumer: what that one had in flight, and what it never took. Can be broken off and
 * repeated; what was handled and not acknowledged is handled again then. Returns how many were taken.
 */
export async function takeOver(lists: Lists, options: TakeOverOptions): Promise<number> {
  const { list, consumer, isGone, mayGoOn, maxBatch, handle } = options;
  await putBack(lists, list, isGone);
  if ((await lists.length(list)) === 0) return 0;
  await lists.open(list, consumer);
  let seen = 0;
  while (await mayGoOn()) {
    const batch = await lists.take(list, consumer, seen, maxBatch);
    if (!batch?.length) break; // or somebody else has put back what we had
    seen = batch.at(-1)?.seq ?? seen;
    await lists.acknowledge(list, consumer, await handle(batch));
  }
  await lists.requeue(list, consumer);
  return seen;
}

/** Puts back what consumers who are gone had in flight. Returns how many entries these were. */
export async function putBack(
  lists: Lists,
  list: string,
  isGone: (consumer: string) => boolean,
): Promise<number> {
  let count = 0;
  for (const consumer of await lists.consumers(list)) {
    if (isGone(consumer)) count += await lists.requeue(list, consumer);
  }
  return count;
}

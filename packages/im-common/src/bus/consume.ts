import { setTimeout as sleep } from 'node:timers/promises';
import type { Lists, Taken } from './bus.ts';

export interface ConsumeOptions {
  readonly list: string;
  /** Names this consumer; unique per life of a process. */
  readonly consumer: string;
  /** A function is asked before each take. */
  readonly maxBatch: number | (() => number);
  readonly signal: AbortSignal;
  /** Nobody else takes from this list, so the bus may bring entries along with the news of them. @default false */
  readonly isAlone?: boolean;
  /** Opens the consumer. False: it may not any more; stop. @default {@link Lists.open} */
  readonly open?: () => Promise<boolean>;
  /** Called before every take. Resolves when there is room for more entries and the consumer may still act as owner. */
  readonly ready?: () => Promise<void> | undefined;
  /** The bus does not know this consumer (any more). True: open it again and go on; false: stop. */
  readonly onUnknown: () => Promise<boolean>;
  /** A call to the bus failed; it is tried again after a pause. Told once per outage. */
  readonly onOutage?: (error: unknown) => void;
}

const waitMs = 5_000;
const shortestPauseMs = 20;
const longestPauseMs = 500;

/**
 * Takes entries until the signal aborts: take, handle, take again; wait only when the list was emptied. `handle` gets
 * every entry once per life of this consumer; it acknowledges them itself, whenever it is done with them. It may return a
 * promise to slow the taking down.
 */
export async function consume(
  lists: Lists,
  options: ConsumeOptions,
  handle: (batch: readonly Taken[]) => Promise<void> | undefined,
): Promise<void> {
  const { list, consumer, signal, isAlone = false } = options;
  let seen = 0;
  let pauseMs = 0;
  let known = false;
  while (!signal.aborted) {
    try {
      if (!known && options.open && !(await options.open())) return;
      if (!known && !options.open) await lists.open(list, consumer);
      known = true;
      await options.ready?.();
      if (isAborted(signal)) return;
      const maxBatch = typeof options.maxBatch === 'number' ? options.maxBatch : options.maxBatch();
      const batch = await lists.take(list, consumer, seen, maxBatch);
      pauseMs = 0;
      if (batch === undefined) {
        known = false;
        if (!(await options.onUnknown())) return;
        continue;
      }
      seen = batch.at(-1)?.seq ?? seen;
      if (batch.length > 0) await handle(batch);
      // It took all there was. To ask for more at once would find nothing most times; a wait that finds some costs as much.
      if (batch.length < maxBatch) {
        await lists.wait(list, waitMs, signal, isAlone ? { consumer, afterSeq: seen } : undefined);
      }
    } catch (error) {
      if (isAborted(signal)) return;
      if (pauseMs === 0) options.onOutage?.(error);
      pauseMs = Math.min(longestPauseMs, pauseMs * 2 + shortestPauseMs);
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** A function, because the compiler takes an aborted flag that was false once for false for ever. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

import { platform } from '../platform.ts';

/** Where an outbox outlives a reload: of one page, or one installation, at a time. */
export interface OutboxStore {
  /** What was saved last; nothing when there was nothing. */
  load(): string | null | undefined | Promise<string | null | undefined>;
  /** Called with the whole outbox after each change. Nothing is sent before it is saved. */
  save(text: string): unknown;
}

/** What is not on the bus yet. */
export interface StoredItem {
  readonly n: number;
  readonly data: unknown;
  readonly asks: boolean;
  /** Since when, in epoch milliseconds. */
  readonly at: number;
}

export interface StoredLane {
  readonly next: number;
  readonly items: readonly StoredItem[];
}

export interface StoredOutbox {
  readonly box: string;
  /** By service. */
  readonly lanes: Readonly<Record<string, StoredLane>>;
}

/** Reads what {@link OutboxStore.save} was given; undefined for anything else, and for the outbox of another page that lives. */
export async function loadOutbox(store: OutboxStore): Promise<StoredOutbox | undefined> {
  const stored = parse(await store.load());
  return stored && (await isFree(stored.box)) ? stored : undefined;
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

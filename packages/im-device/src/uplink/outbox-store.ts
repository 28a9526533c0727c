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

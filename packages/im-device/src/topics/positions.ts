/** How far the application has the messages of a topic, as the server says it. */
export type Position = readonly unknown[];

/** All of them stand in a login, which servers take up to 64 KiB of. */
const mostPositions = 250;
const longestPauseMs = 30_000;

/** What a login says of topics. Of a topic that is to be loaded anew nothing, until that is done. */
export class Positions {
  /** The one that was set last stands last. */
  readonly #known = new Map<string, Position>();
  readonly #loading = new Map<string, { position: Position }>();

  get topics(): Iterable<string> {
    return [...this.#known.keys()];
  }

  /** As they go into a login. */
  toJSON(): Readonly<Record<string, Position>> {
    return Object.fromEntries(this.#known);
  }

  set(topic: string, position: Position): void {
    const loading = this.#loading.get(topic);
    if (loading) {
      loading.position = position;
      return;
    }
    this.#known.delete(topic);
    this.#known.set(topic, position);
    const [oldest = ''] = this.#known.keys();
    if (this.#known.size > mostPositions) this.#known.delete(oldest);
  }

  /** The application loads the topic, which makes up for all up to this position. It is asked again as long as it fails. */
  async load(topic: string, position: Position, load: () => Promise<unknown>): Promise<void> {
    this.forget(topic);
    const loading = { position };
    this.#loading.set(topic, loading);
    for (let failures = 0; this.#loading.get(topic) === loading; failures += 1) {
      if (failures > 0) await new Promise((resolve) => setTimeout(resolve, backoffMs(failures)));
      const isLoaded = await load().then(
        () => true,
        () => false,
      );
      if (!isLoaded || this.#loading.get(topic) !== loading) continue;
      this.#loading.delete(topic);
      this.set(topic, loading.position);
    }
  }

  /** Nothing is loaded any more. */
  close(): void {
    this.#loading.clear();
  }

  forget(topic: string): void {
    this.#known.delete(topic);
    this.#loading.delete(topic);
  }
}

function backoffMs(failures: number): number {
  return Math.min(longestPauseMs, 500 * 2 ** failures);
}

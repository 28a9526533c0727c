// Who has a page open, and is told how things stand there: lines of JSON in an answer that does not end.
import type { ServerResponse } from 'node:http';

const mostPages = 4;
const beatMs = 15_000;

export class Streams {
  readonly #open = new Map<string, Set<ServerResponse>>();
  readonly #gone: (who: string) => void;

  /** `gone` is told of whoever has closed their last page. */
  constructor(gone: (who: string) => void) {
    this.#gone = gone;
  }

  isThere(who: string): boolean {
    return this.#open.has(who);
  }

  /** A page more; of too many the oldest ends. */
  add(who: string, response: ServerResponse): void {
    const pages = this.#open.get(who) ?? new Set();
    this.#open.set(who, pages.add(response));
    response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
    // So that a dead line is noticed, by both.
    const beat = setInterval(() => response.write('\n'), beatMs);
    response.once('close', () => {
      clearInterval(beat);
      pages.delete(response);
      if (pages.size > 0) return;
      this.#open.delete(who);
      this.#gone(who);
    });
    if (pages.size > mostPages) pages.values().next().value?.destroy();
  }

  tell(who: string, view: () => object): void {
    const pages = this.#open.get(who);
    if (!pages) return;
    const line = `${JSON.stringify(view())}\n`;
    for (const page of pages) page.write(line);
  }
}

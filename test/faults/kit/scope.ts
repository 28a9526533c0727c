/** What has to be ended after a run, in vitest or out of it. Last in, first out. */
export class Scope implements AsyncDisposable {
  readonly #endings: (() => unknown)[] = [];

  onEnd(end: () => unknown): void {
    this.#endings.push(end);
  }

  async end(): Promise<void> {
    for (let end = this.#endings.pop(); end; end = this.#endings.pop()) await end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
  }
}

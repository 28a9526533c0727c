import type { MessageWindow } from './message-window.ts';
import type { Turns } from './turns.ts';

export interface CatchUpDeps {
  readonly window: MessageWindow;
  readonly turns: Pick<Turns, 'run'>;
  /** What is held ends before what is known to be there, and is to go on. */
  isBehind(): boolean;
  fetchAfter(number: number): Promise<unknown>;
  fetchNewest(): Promise<unknown>;
}

/** With a gap this long the newest part is fetched instead of all in between. */
const farBehind = 400;
/** A replica of the database may be a little behind what was pushed. */
const mostFruitlessTries = 5;

/** Fetches what is between what is held and what is known to be there. */
export class CatchUp {
  readonly #deps: CatchUpDeps;
  #isRunning = false;

  constructor(deps: CatchUpDeps) {
    this.#deps = deps;
  }

  run(): void {
    if (this.#isRunning || !this.#deps.isBehind()) return;
    this.#isRunning = true;
    let isGivenUp = true;
    const running = this.#deps.turns.run(async () => {
      isGivenUp = !(await this.#fetchAll());
    });
    // A failure is shown where the conversation is.
    const ignore = (): void => undefined;
    void running.catch(ignore).finally(() => {
      this.#isRunning = false;
      // Given up, it is tried again with the next push, and with the next connection.
      if (!isGivenUp) this.run();
    });
  }

  /** False: the platform does not give what it should have. */
  async #fetchAll(): Promise<boolean> {
    const deps = this.#deps;
    const { window } = deps;
    for (let fruitless = 0; deps.isBehind();) {
      const { to, last } = window;
      await (last - to > farBehind ? deps.fetchNewest() : deps.fetchAfter(to));
      if (window.to > to) continue;
      fruitless += 1;
      if (fruitless > mostFruitlessTries) return false;
      await pause(100 * 2 ** fruitless);
    }
    return true;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

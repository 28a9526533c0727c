import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../../support/wait-until.ts';
import type { Random } from './random.ts';

/** A request of somebody, by method and path; of what is for devices alone with its type behind it. */
export interface Cut {
  readonly who: string;
  readonly is: RegExp;
}

/** `answered`: it was done, and nobody hears of it. `begun`: killed a few milliseconds after it was sent. */
export type CutHow = 'answered' | 'begun';

interface Waiting extends Cut {
  isReached: boolean;
}

/** What devices ask a platform through it is held until several requests are out, which one kill of the platform then cuts off together. */
export class CuttingWire {
  readonly #random: Random;
  readonly #heard: (path: string, answer: Response) => void;
  #how: CutHow = 'answered';
  #cuts: Waiting[] = [];
  #dead: PromiseWithResolvers<void> = withResolvers();
  #out: PromiseWithResolvers<void> = withResolvers();

  constructor(random: Random, heard: (path: string, answer: Response) => void) {
    this.#random = random;
    this.#heard = heard;
  }

  /** From now on. */
  arm(cuts: readonly Cut[], how: CutHow): void {
    this.#how = how;
    this.#cuts = cuts.map((cut) => ({ ...cut, isReached: false }));
    [this.#dead, this.#out] = [withResolvers(), withResolvers()];
  }

  /** When all of them are out. Names those that are not, should they never be. */
  async cut(kill: () => Promise<void>): Promise<void> {
    const missing = (): string[] => this.#cuts.filter(({ isReached }) => !isReached).map(nameOf);
    await waitUntil('all requests are out', async () => missing().length === 0, 60_000).catch(() => {
      throw new Error(`These were never asked: ${missing().join(', ')}`);
    });
    this.#out.resolve();
    if (this.#how === 'begun') await sleep(this.#random.between(0, 12));
    await kill();
    this.#dead.resolve();
  }

  async ask(who: string, request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const name = `${request.method} ${pathname}${await typeIn(pathname, request)}`;
    const cut = this.#cuts.find((one) => !one.isReached && one.who === who && one.is.test(name));
    if (cut && this.#how === 'begun') {
      cut.isReached = true;
      await this.#out.promise;
    }
    const answer = await fetch(request);
    this.#heard(pathname, answer);
    if (!cut || this.#how === 'begun') return answer;
    if (!answer.ok) throw new Error(`${name} of ${who} was answered ${answer.status}`);
    cut.isReached = true;
    await this.#dead.promise;
    throw new TypeError('the answer was lost');
  }
}

function nameOf({ who, is }: Cut): string {
  return `${who} ${is.source}`;
}

async function typeIn(pathname: string, request: Request): Promise<string> {
  if (!pathname.endsWith('/encryption/messages')) return '';
  const { type } = (await request.clone().json()) as { readonly type: string };
  return ` ${type}`;
}

interface PromiseWithResolvers<Value> {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
}

function withResolvers(): PromiseWithResolvers<void> {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

import { KeyRefused, type KeyProvider } from '../../src/at-rest/key-provider.ts';
import { masterKeys } from '../../src/at-rest/master-keys.ts';

export function masterKey(id: string): string {
  return `${id}:${Buffer.alloc(32, id).toString('base64')}`;
}

/** A service that keeps the master keys, and is slow, away or without them as a test wants it. */
export class TestKeys implements KeyProvider {
  readonly #keys: KeyProvider;
  /** What was asked for, by whom it is for: `private:1:2/1`. */
  readonly asked: string[] = [];
  /** Of these it does not answer, or says that it has none. */
  away: RegExp | undefined;
  hanging: RegExp | undefined;
  refused: RegExp | undefined;

  constructor(...ids: readonly string[]) {
    this.#keys = masterKeys(ids.map(masterKey));
  }

  get masterId(): string {
    return this.#keys.masterId;
  }

  async wrap(...[key, context]: Parameters<KeyProvider['wrap']>): ReturnType<KeyProvider['wrap']> {
    await this.#ask(context);
    return this.#keys.wrap(key, context);
  }

  async unwrap(...[key, context]: Parameters<KeyProvider['unwrap']>): ReturnType<KeyProvider['unwrap']> {
    await this.#ask(context);
    return this.#keys.unwrap(key, context);
  }

  async #ask(context: string): Promise<void> {
    this.asked.push(context);
    if (this.hanging?.test(context)) await new Promise(() => undefined);
    // A way there and back.
    await new Promise(setImmediate);
    if (this.away?.test(context)) throw new Error('connect ECONNREFUSED');
    if (this.refused?.test(context)) throw new KeyRefused('no such key');
  }
}

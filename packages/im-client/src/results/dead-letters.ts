import { deadLetterList, fromByteText, Producer, toByteText } from 'im-common/internal/bus';
import type { ByteText, Lists } from 'im-common/bus';
import { keepTrying } from '../keep-trying.ts';
import { resultTexts } from './forward.ts';
import type { InHand } from './in-hand.ts';

const keptEntries = 1_000;
const keptMs = 7 * 24 * 3_600_000;

/** What no listener could take, and what nobody can read, for people to look at. */
export class DeadLetters {
  readonly #producer: Producer;
  readonly #list: string;
  readonly #signal: AbortSignal;

  constructor(lists: Lists, options: { service: string; timeoutMs: number; signal: AbortSignal }) {
    this.#list = deadLetterList(`result:${options.service}`);
    this.#signal = options.signal;
    this.#producer = new Producer(lists, {
      maxLength: keptEntries,
      whenFull: 'drop-oldest',
      ttlMs: keptMs,
      timeoutMs: options.timeoutMs,
      maxBatch: 100,
    });
  }

  async putBatch(listener: string, batch: readonly InHand[], error: unknown): Promise<void> {
    const results = batch.flatMap(({ kind, result }) =>
      resultTexts(kind, result).map((text) => `{"kind":"${kind}","result":${text}}`),
    );
    const head = toByteText(
      `"listener":${JSON.stringify(listener)},"error":${JSON.stringify(String(error))}`,
    );
    await this.#put(`{${head},"at":${Date.now()},"results":[${results.join(',')}]}` as ByteText);
  }

  async putUnreadable(list: string, text: ByteText, error: unknown): Promise<void> {
    const letter = { list, error: String(error), at: Date.now(), text: fromByteText(text) };
    await this.#put(toByteText(JSON.stringify(letter)));
  }

  async #put(letter: ByteText): Promise<void> {
    await keepTrying(this.#signal, () => this.#producer.put(this.#list, letter));
  }
}

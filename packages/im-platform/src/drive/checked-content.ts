import { createHash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';

/**
 * Passes a file on, and holds its end back until all of it has the hash that it had when it came: what was torn or changed in the store never
 * arrives as a whole.
 */
export class CheckedContent extends Transform {
  readonly #hash = createHash('sha256');
  readonly #expected: string;
  #held: Buffer | undefined;

  constructor(expected: string) {
    super();
    this.#expected = expected;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#hash.update(chunk);
    const before = this.#held;
    this.#held = chunk;
    done(null, before);
  }

  override _flush(done: TransformCallback): void {
    if (this.#hash.digest('hex') === this.#expected) done(null, this.#held);
    else done(new TornContent());
  }
}

/** What lies in the store is not what came. */
class TornContent extends Error {
  override readonly name = 'TornContent';

  constructor() {
    super('A file in the store is not what was uploaded.');
  }
}

import { SinkRefusal, type OutgoingEvent, type Sink } from '../events/sink.ts';
import { NotTaken, SignedPost, type SignedPostOptions } from '../outgoing/signed-post.ts';

/** What a receiver says when it has looked at an event and will never take it. */
const refusals: ReadonlySet<number> = new Set([400, 413, 422]);

/** Posts events to a receiver. It has an event when it has answered with 2xx. */
export class HttpSink implements Sink {
  readonly parallel = 16;
  readonly timeoutMs = 5_000;
  readonly #post: SignedPost;

  constructor(options: Omit<SignedPostOptions, 'atOnce'>) {
    this.#post = new SignedPost({ ...options, atOnce: this.parallel });
  }

  async deliver({ id, body }: OutgoingEvent, signal: AbortSignal): Promise<void> {
    try {
      await this.#post.ask(id, body, signal);
    } catch (error) {
      if (error instanceof NotTaken && refusals.has(error.status)) throw new SinkRefusal(error.message);
      throw error;
    }
  }

  close(): Promise<void> {
    this.#post.close();
    return Promise.resolve();
  }
}

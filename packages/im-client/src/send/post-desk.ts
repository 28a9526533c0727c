import { ImError } from 'im-common';
import type { PostAnswer, Posts, PutBatch, PutOutcome } from 'im-common/bus';
import { Producer, type ProducerOptions } from 'im-common/internal/bus';
import type { DoneEntries } from '../bus/done-entries.ts';
import { Posting, type PostingDesk } from './posting.ts';
import type { Receipt } from './receipt.ts';
import type { Desk, OtherWays, SendProgress } from './send-progress.ts';

export interface PostDeskDeps {
  readonly posts: Posts;
  /** As of other puts; `holdAbove` is the longest list that is posted on. */
  readonly options: ProducerOptions & { readonly holdAbove: number };
  /** Asks the bus anything. */
  readonly ping: () => Promise<unknown>;
  /** What is acknowledged along the way. */
  readonly doneEntries: Pick<DoneEntries, 'take' | 'giveBack'>;
}

/** All lists are one here: the bus finds them itself. */
const everywhere = '';

/**
 * Sends private messages in one call: plain ones go to the bus as they are, which finds the receivers and puts them in one step. The
 * others are looked for and put one by one. No message overtakes an earlier one: one that goes one by one begins when
 * those that were posted before are there, and while it is under way, those after it go one by one as well.
 */
export class PostDesk implements Desk, PostingDesk {
  readonly #deps: PostDeskDeps;
  readonly #producer: Producer;
  /** Messages that were posted and are not answered, and what waits for that. */
  #posted = 0;
  #afterPosts: (() => void)[] = [];
  /** Messages that are looked for and put. */
  #oneByOne = 0;
  #batchNumber = 0;
  #answers: readonly PostAnswer[] = [];
  /** This Redis refuses scripts that find keys themselves, as proxies before several Redis do. */
  #isRefused = false;

  constructor(deps: PostDeskDeps) {
    this.#deps = deps;
    const target = {
      put: (_list: string, batch: PutBatch) => this.#put(batch),
      length: () => deps.ping().then(() => 0),
    };
    this.#producer = new Producer(target, { ...deps.options, gathers: true });
  }

  send(progress: SendProgress, otherwise: OtherWays): Promise<Receipt> {
    const isAfterOther = this.#oneByOne + this.#afterPosts.length > 0;
    if (!isAfterOther && !this.#isRefused && progress.isPlain) return this.#post(progress, otherwise);
    const begin = (): Promise<Receipt> => this.#oneOfItsOwn(progress, otherwise.oneByOne);
    if (this.#posted === 0) return begin();
    return new Promise((resolve) => this.#afterPosts.push(() => resolve(begin())));
  }

  close(): void {
    this.#producer.close();
  }

  #post(progress: SendProgress, otherwise: OtherWays): Promise<Receipt> {
    const entry = this.#deps.posts.encode(progress.toPost());
    this.#posted += 1;
    const posting = new Posting(entry, progress, otherwise, this);
    this.#producer.add(everywhere, posting);
    return posting.receipt;
  }

  answer({ progress, otherwise }: Posting, first: number): Receipt | Promise<Receipt> {
    const answer = this.#answers[first];
    if (!answer) return this.#oneOfItsOwn(progress, otherwise.oneByOne);
    progress.posted(answer);
    return progress.hasToKeep ? this.#oneOfItsOwn(progress, otherwise.keepRest) : progress.finish();
  }

  leave(): void {
    this.#posted -= 1;
    if (this.#posted > 0 || this.#afterPosts.length === 0) return;
    for (const begin of this.#afterPosts.splice(0)) begin();
  }

  #oneOfItsOwn(progress: SendProgress, way: (progress: SendProgress) => Promise<Receipt>): Promise<Receipt> {
    this.#oneByOne += 1;
    const sending = way(progress);
    const leave = (): void => void (this.#oneByOne -= 1);
    sending.then(leave, leave);
    return sending;
  }

  async #put({ entries, producer, batchNumber }: PutBatch): Promise<PutOutcome> {
    const { options, posts, doneEntries } = this.#deps;
    const isFirstTry = batchNumber !== this.#batchNumber;
    this.#batchNumber = batchNumber;
    const done = { status: 'put', length: 0, dropped: 0 } as const;
    // One of the batch before goes one by one now, and is not there yet.
    if (isFirstTry && (this.#oneByOne > 0 || this.#isRefused)) {
      this.#answers = [];
      return done;
    }
    const acknowledge = doneEntries.take();
    try {
      const { holdAbove: longestList } = options;
      this.#answers = await posts.post({ posts: entries, producer, batchNumber, longestList, acknowledge });
    } catch (error) {
      doneEntries.giveBack(acknowledge);
      if (!isRefusal(error) || !isFirstTry) throw error;
      this.#isRefused = true;
      this.#answers = [];
    }
    return done;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof ImError && error.code === 'BUS_REFUSED';
}

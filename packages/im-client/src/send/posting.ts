import type { ByteText, InFlight, PutOutcome } from 'im-common/bus';
import type { WaitingToBePut } from 'im-common/internal/bus';
import type { Receipt } from './receipt.ts';
import type { OtherWays, SendProgress } from './send-progress.ts';

/** Who posts messages, and has their answers. */
export interface PostingDesk {
  /** `first`: which of the messages of the call that was answered it is. */
  answer(posting: Posting, first: number): Receipt | Promise<Receipt>;
  /** One less is posted. */
  leave(): void;
}

const nothing: readonly InFlight[] = [];

/** A message that is posted. One object, as functions of its own would cost each message more. */
export class Posting implements WaitingToBePut {
  readonly progress: SendProgress;
  readonly otherwise: OtherWays;
  readonly receipt: Promise<Receipt>;
  readonly entries: readonly ByteText[];
  readonly acknowledge: readonly InFlight[] = nothing;
  since = 0;
  readonly #desk: PostingDesk;
  #succeed!: (receipt: Receipt | Promise<Receipt>) => void;
  #fail!: (error: unknown) => void;

  constructor(entry: ByteText, progress: SendProgress, otherwise: OtherWays, desk: PostingDesk) {
    this.entries = [entry];
    this.progress = progress;
    this.otherwise = otherwise;
    this.#desk = desk;
    this.receipt = new Promise((resolve, reject) => {
      this.#succeed = resolve;
      this.#fail = reject;
    });
  }

  resolve(_outcome: PutOutcome, first: number): void {
    try {
      this.#succeed(this.#desk.answer(this, first));
    } catch (error) {
      // Whatever one message does, the others of the call are told theirs.
      this.#fail(this.progress.fail(error));
    }
    this.#desk.leave();
  }

  reject(error: unknown): void {
    this.#fail(this.progress.fail(error));
    this.#desk.leave();
  }
}

import type { Result, ResultKind } from 'im-common/internal/bus';
import type { Forwarder } from '../listen/forwarder.ts';
import type { Origin } from '../listen/result-in-flight.ts';

/**
 * Where each of several results came from that share an entry, which is done with when all of them are. One that nobody
 * here handles goes to other instances alone, as those that were handled must not come again.
 */
export class PackOrigin implements Origin {
  readonly isShared: boolean;
  readonly #entry: Origin;
  readonly #forwarder: Pick<Forwarder, 'put'>;
  #left: number;
  /** One of those that could not be passed on; then all come again. */
  #failed: { readonly kind: ResultKind; readonly result: Result } | undefined;

  constructor(entry: Origin, count: number, forwarder: Pick<Forwarder, 'put'>) {
    this.isShared = entry.isShared;
    this.#entry = entry;
    this.#left = count;
    this.#forwarder = forwarder;
  }

  done(seq: number): void {
    this.#left -= 1;
    if (this.#left > 0) return;
    if (this.#failed) this.#entry.giveBack(this.#failed.kind, this.#failed.result, seq);
    else this.#entry.done(seq);
  }

  giveBack(kind: ResultKind, result: Result, seq: number): void {
    this.#forwarder
      .put(kind, result)
      .catch(() => (this.#failed = { kind, result }))
      .finally(() => {
        this.done(seq);
      });
  }
}

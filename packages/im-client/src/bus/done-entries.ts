import type { InFlight } from 'im-common/bus';

/** A list of which entries are done with. */
interface DoneList {
  /** Those that are not acknowledged yet, for the caller to acknowledge; undefined when there are none. */
  takeDone(): InFlight | undefined;
  /** These may not have been acknowledged after all. */
  doneAgain(seqs: readonly number[]): void;
}

/** What is acknowledged along the way, and the list that it came from. */
export interface DoneOfList extends InFlight {
  readonly from: DoneList;
}

/** What a client is done with, for who calls the bus anyway and can acknowledge it in the same step. */
export class DoneEntries {
  readonly #lists = new Set<DoneList>();

  add(list: DoneList): void {
    this.#lists.add(list);
  }

  remove(list: DoneList): void {
    this.#lists.delete(list);
  }

  take(): readonly DoneOfList[] {
    const taken: DoneOfList[] = [];
    for (const from of this.#lists) {
      const done = from.takeDone();
      if (done) taken.push({ ...done, from });
    }
    return taken;
  }

  /** A call that should have acknowledged them failed. */
  giveBack(acknowledging: readonly DoneOfList[]): void {
    for (const { from, seqs } of acknowledging) from.doneAgain(seqs);
  }
}

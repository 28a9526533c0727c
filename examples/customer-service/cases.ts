// The rules of the desk: who waits, who has whom, and what was said. Nothing here waits for anybody, so of two agents who claim
// at once one is first; and each change is kept before it is told.

/** Something that was said, as the platform tells it. */
export interface Line {
  readonly number: number;
  /** `visitor`, `desk`, or the name of an agent. */
  readonly from: string;
  readonly text: string;
  readonly at: string;
}

/** One visit: from the first question to the transcript. */
export interface Case {
  readonly id: string;
  readonly visitor: string;
  readonly openedAt: number;
  state: 'waiting' | 'taken' | 'closed';
  agent?: string;
  /** Who gave it back to the queue: somebody else's turn, if there is anybody. */
  passedBy?: string;
  closedAt?: number;
  rating?: { readonly stars: number; readonly words: string };
  readonly lines: Line[];
  /** How many of them are no longer there, from the middle of it. */
  dropped?: number;
  /** What has been done at the platform, so that after a crash the rest is. */
  conversationId?: string;
  groupId?: string;
  inGroup: string[];
  /** The number of the last message, by which the desk says good-bye. */
  lastNumber?: number;
}

/** What the desk says to whoever asked for what is not possible. */
export class NotPossible extends Error {}

const mostWaiting = 200;
const mostPerAgent = 3;
/** Of one case: all of them are kept anew and told with each one more. */
const mostLines = 500;

export class Cases {
  readonly #all: Map<string, Case>;
  readonly #keep: (all: readonly Case[]) => void;
  readonly #changed: (one: Case) => void;
  /** When each agent was given somebody last. */
  readonly #givenAt = new Map<string, number>();
  #given = 0;

  constructor(kept: readonly Case[], on: { keep(all: readonly Case[]): void; changed(one: Case): void }) {
    this.#all = new Map(kept.map((one) => [one.id, one]));
    this.#keep = (all) => on.keep(all);
    this.#changed = (one) => on.changed(one);
  }

  all(): Case[] {
    return [...this.#all.values()];
  }

  /** Those who wait, who came first first. */
  waiting(): Case[] {
    return this.all()
      .filter(({ state }) => state === 'waiting')
      .sort((one, other) => one.openedAt - other.openedAt);
  }

  of(agent: string): Case[] {
    return this.all().filter((one) => one.state === 'taken' && one.agent === agent);
  }

  /** The newest of this visitor. */
  latest(visitor: string): Case | undefined {
    return this.all().findLast((one) => one.visitor === visitor);
  }

  /** A visitor has one at a time: a second tab gets the same. */
  open(visitor: string): Case {
    const there = this.latest(visitor);
    if (there && there.state !== 'closed') return there;
    if (this.waiting().length >= mostWaiting)
      throw new NotPossible('So many are waiting that nobody can be taken in. Try again later.');
    const id = crypto.randomUUID();
    const opened: Case = { id, visitor, openedAt: Date.now(), state: 'waiting', lines: [], inGroup: [] };
    this.#all.set(id, opened);
    this.change(opened, {});
    return opened;
  }

  /** Who waits longest goes to who has fewest; of those to who has been without a new one for longest. */
  assign(available: readonly string[]): void {
    for (const next of this.waiting()) {
      const free = available.filter((name) => this.of(name).length < mostPerAgent);
      const others = free.filter((name) => name !== next.passedBy);
      // Nobody gets what they have just passed on, unless they are alone.
      const candidates = available.length > 1 ? others : free;
      const [first] = candidates.sort(
        (one, other) =>
          this.of(one).length - this.of(other).length ||
          (this.#givenAt.get(one) ?? 0) - (this.#givenAt.get(other) ?? 0),
      );
      if (first !== undefined) this.#give(next, first);
    }
  }

  /** An agent picks somebody out of the queue. */
  claim(id: string, agent: string): void {
    const wanted = this.#all.get(id);
    if (wanted?.state !== 'waiting') throw new NotPossible('Somebody else was first.');
    this.#give(wanted, agent);
  }

  /** To another agent, or back into the queue, where it keeps its place. */
  handOver(id: string, agent: string, to: string | undefined): void {
    const own = this.#own(id, agent);
    if (to === undefined) this.change(own, { state: 'waiting', passedBy: agent });
    else this.#give(own, to);
  }

  /** Of an agent who is gone. */
  giveBack(agent: string): void {
    for (const own of this.of(agent)) this.change(own, { state: 'waiting', passedBy: agent });
  }

  closeAs(agent: string, id: string): void {
    this.#close(this.#own(id, agent));
  }

  /** The visitor leaves, at any time. */
  leave(visitor: string): void {
    const own = this.latest(visitor);
    if (own && own.state !== 'closed') this.#close(own);
  }

  rate(visitor: string, stars: unknown, words: string): void {
    const own = this.latest(visitor);
    if (own?.state !== 'closed' || own.rating) throw new NotPossible('There is nothing to rate.');
    if (typeof stars !== 'number' || ![1, 2, 3, 4, 5].includes(stars))
      throw new NotPossible('A rating has one to five stars.');
    this.change(own, { rating: { stars, words: words.slice(0, 500) } });
  }

  /** Told twice it is one line. What comes after the end is not part of it. */
  hear(conversationId: string, line: Line): void {
    const its = this.all().find((one) => one.conversationId === conversationId);
    if (!its || line.number <= (its.lines.at(-1)?.number ?? 0)) return;
    if (line.number > (its.lastNumber ?? Infinity)) return;
    its.lines.push(line);
    // The question stays.
    const dropped = its.lines.length > mostLines ? its.lines.splice(1, 1).length : 0;
    this.change(its, { dropped: (its.dropped ?? 0) + dropped });
  }

  /** Its transcript is at home. */
  forget({ id }: Case): void {
    this.#all.delete(id);
    this.#keep(this.all());
  }

  change(one: Case, changes: Partial<Case>): void {
    Object.assign(one, changes);
    this.#keep(this.all());
    this.#changed(one);
  }

  #give(one: Case, agent: string): void {
    this.#givenAt.set(agent, (this.#given += 1));
    this.change(one, { state: 'taken', agent });
  }

  #close(one: Case): void {
    this.change(one, { state: 'closed', closedAt: Date.now() });
  }

  #own(id: string, agent: string): Case {
    const own = this.#all.get(id);
    if (own?.state !== 'taken' || own.agent !== agent) throw new NotPossible('You do not have it any more.');
    return own;
  }
}

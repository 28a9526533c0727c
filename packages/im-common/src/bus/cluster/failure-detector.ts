import type { DeadMember, GroupView, Member, Registry } from '../bus.ts';

/** Members whose lease was over at the last look: id → boot. */
export type Suspects = ReadonlyMap<string, string>;

const noSuspects: Suspects = new Map();

/**
 * Who is to be declared dead: whose lease was over, under the same boot, at the last look and at this one. One look may be
 * the fault of the bus: while it was away every lease ran out, until its member had the time to renew it.
 */
export function judge(
  { expired }: Pick<GroupView, 'expired'>,
  before: Suspects,
  me: string,
): { readonly dead: readonly Member[]; readonly suspects: Suspects } {
  const others = expired.filter(({ id }) => id !== me);
  return {
    dead: others.filter(({ id, boot }) => before.get(id) === boot),
    suspects: new Map(others.map(({ id, boot }) => [id, boot])),
  };
}

export interface FailureDetectorOptions {
  readonly registry: Registry;
  readonly group: string;
  /** Who looks. The boot holds the lock. */
  readonly me: () => Pick<Member, 'id' | 'boot'>;
  /** How long the right to look after the dead lasts, from the last time that it was asked for. */
  readonly lockMs: number;
  /** Whether those who died before want to be looked after again. */
  readonly isWanted: (dead: readonly DeadMember[]) => boolean;
  /** Looks after those declared dead just now, and after all that are remembered, these not among them. */
  readonly lookAfter: (died: readonly string[], dead: readonly DeadMember[]) => Promise<void>;
  /** It is tried again at the next look. */
  readonly onError: (error: unknown) => void;
}

/** Finds members whose lease is over, declares them dead, and looks after the dead: one member of the group at a time. */
export class FailureDetector {
  readonly #options: FailureDetectorOptions;
  #suspects = noSuspects;
  #work: Promise<void> | undefined;

  constructor(options: FailureDetectorOptions) {
    this.#options = options;
  }

  /** To be called with each view. Looks without keeping the caller waiting, unless the last look still goes on. */
  look(view: GroupView): void {
    const { id: me } = this.#options.me();
    const { dead: toDeclare, suspects } = judge(view, this.#suspects, me);
    this.#suspects = suspects;
    const dead = view.dead.filter(({ id }) => id !== me);
    if (this.#work || (toDeclare.length === 0 && !this.#options.isWanted(dead))) return;
    this.#work = this.#declareAndLookAfter(toDeclare, dead)
      .catch(this.#options.onError)
      .finally(() => (this.#work = undefined));
  }

  /** The bus could not be asked: what was seen before proves nothing any more. */
  forget(): void {
    this.#suspects = noSuspects;
  }

  async whenIdle(): Promise<void> {
    await this.#work;
  }

  /** Whether it is still ours to look after the dead. Also keeps it ours for a while. */
  mayGoOn(): Promise<boolean> {
    const { registry, group, me, lockMs } = this.#options;
    return registry.lock(`take-over:${group}`, me().boot, lockMs);
  }

  async #declareAndLookAfter(toDeclare: readonly Member[], dead: readonly DeadMember[]): Promise<void> {
    const { registry, group, lookAfter } = this.#options;
    if (!(await this.mayGoOn())) return;
    const died: string[] = [];
    for (const { id, boot } of toDeclare) {
      if (await registry.declareDead(group, id, boot)) died.push(id);
    }
    await lookAfter(died, dead);
  }
}

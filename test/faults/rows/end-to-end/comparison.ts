import type { Verification, VerificationStep } from 'im-chat/end-to-end';
import { waitUntil } from '../../../support/wait-until.ts';
import type { Cut } from '../../kit/cutting-wire.ts';
import { again, patienceMs, type Person } from './stage.ts';

/** Whose request it is, and which: in the order in which they are made. */
type Step = readonly ['asking' | 'asked', string];

const message = (type: string): string => `^POST .*/encryption/messages m\\.key\\.verification\\.${type}$`;
const signatures = '^PUT .*/encryption/signatures$';

export const earlySteps: readonly Step[] = [
  ['asking', message('request')],
  ['asked', message('ready')],
  ['asking', message('start')],
  ['asked', message('accept')],
  ['asking', message('key')],
  ['asked', message('key')],
];
/** Of her own devices the new one has nothing to sign with. */
export const signedByBoth: Step = ['asking', signatures];
export const lateSteps: readonly Step[] = [
  ['asking', message('mac')],
  ['asked', message('mac')],
  ['asking', message('done')],
  ['asked', message('done')],
  ['asked', signatures],
];

/** Somebody may be told that it is done before what confirms it, which was cut off, and does not wait for that again. */
const hungMs = 20_000;

/** Two devices compare codes, of one person or of two. */
export class Comparison {
  readonly problems: string[] = [];
  /** How often they had to begin: one that is cancelled is begun anew. */
  begun = 0;
  readonly #asking: Person;
  readonly #asked: Person;
  readonly #names: Readonly<Record<Step[0], string>>;

  constructor(asking: Person, asked: Person, names: Readonly<Record<Step[0], string>>) {
    this.#asking = asking;
    this.#asked = asked;
    this.#names = names;
  }

  cutAt([who, is]: Step): Cut {
    return { who: this.#names[who], is: new RegExp(is) };
  }

  /** Until both say that it is done. */
  async run(): Promise<void> {
    while (!(await this.#compare()));
  }

  async #compare(): Promise<boolean> {
    this.begun += 1;
    const mine = await this.#begin();
    const theirs = await this.#find(mine);
    if (!theirs) return false;
    await again(() => theirs.accept());
    if (!(await become([mine, theirs], 'comparing'))) return false;
    const [shown, other] = [mine.get(), theirs.get()];
    if (shown.emoji.length !== 7 || shown.emoji.join() !== other.emoji.join())
      this.problems.push(`${this.#names.asking} sees ${shown.emoji.join()}, and ${other.emoji.join()} there`);
    await Promise.all([mine, theirs].map((one) => again(() => one.confirm())));
    if (await become([mine, theirs], 'done', hungMs).catch(() => false)) return true;
    // They see that it does not go on.
    for (const one of [mine, theirs]) if (!one.isOver) await again(() => one.cancel());
    return false;
  }

  async #begin(): Promise<Verification> {
    let begun: Verification | undefined;
    await again(async () => (begun = await this.#asking.keys.verify(this.#asked.id)));
    return begun as Verification;
  }

  /** Undefined: it is over before the other one has seen it. */
  async #find(mine: Verification): Promise<Verification | undefined> {
    const theirs = () => this.#asked.keys.verifications.get().find(({ id }) => id === mine.id);
    await waitUntil(
      'the other one is asked',
      async () => theirs() !== undefined || mine.get().step === 'cancelled',
      patienceMs,
    );
    return theirs();
  }
}

/** False: it was cancelled. */
async function become(
  both: readonly Verification[],
  wanted: VerificationStep,
  withinMs: number = patienceMs,
): Promise<boolean> {
  const after: readonly VerificationStep[] = [wanted, 'done', 'cancelled'];
  const steps = (): VerificationStep[] => both.map((one) => one.get().step);
  await waitUntil(
    `both are ${wanted}`,
    async () => steps().every((step) => after.includes(step)),
    withinMs,
  ).catch((cause: unknown) => {
    throw new Error(`A comparison stays ${steps().join()}, and should become ${wanted}`, { cause });
  });
  return !steps().includes('cancelled');
}

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
    return become([mine, theirs], 'done');
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
async function become(both: readonly Verification[], wanted: VerificationStep): Promise<boolean> {
  const after: readonly VerificationStep[] = [wanted, 'done', 'cancelled'];
  await waitUntil(
    `both are ${wanted}: ${both.map((one) => one.get().step).join()}`,
    async () => both.every((one) => after.includes(one.get().step)),
    patienceMs,
  );
  return both.every((one) => one.get().step !== 'cancelled');
}

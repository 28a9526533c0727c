import { Shown, type Readable } from '../readable.ts';
import type { Keyring } from './keyring.ts';
import type { Sas, VerificationRequest } from './library.ts';
import { userOf } from './names.ts';
import type { Request } from './requests.ts';

/** `asked`: the other one wants to; `waiting`: for the other one; `comparing`: people look whether both devices show the same. */
export type VerificationStep = 'asked' | 'waiting' | 'comparing' | 'confirmed' | 'done' | 'cancelled';

export interface VerificationView {
  readonly step: VerificationStep;
  readonly userId: string;
  /** Another device of one's own. */
  readonly isMine: boolean;
  /** What both devices must show, while it is compared. */
  readonly emoji: readonly string[];
  /** The same as three numbers, for who cannot see them. */
  readonly numbers: readonly number[];
}

/** Two people, or two devices of one, look whether nobody is between them: both see the same pictures, or somebody is. */
export class Verification implements Readable<VerificationView> {
  readonly get: () => VerificationView;
  readonly subscribe: (listener: () => void) => () => void;
  readonly #keyring: Keyring;
  readonly #request: VerificationRequest;
  readonly #shown: Shown<VerificationView>;
  readonly #weAsked: boolean;
  #sas: Sas | undefined;
  #isStarting = false;

  constructor(keyring: Keyring, request: VerificationRequest) {
    this.#keyring = keyring;
    this.#request = request;
    this.#weAsked = request.weStarted();
    this.#shown = new Shown(() => this.#look());
    this.get = this.#shown.get;
    this.subscribe = this.#shown.subscribe;
  }

  get id(): string {
    return this.#request.flowId;
  }

  get isOver(): boolean {
    return ['done', 'cancelled'].includes(this.get().step);
  }

  /** Yes, I am at the other device, or talk to the other one. */
  async accept(): Promise<void> {
    const { VerificationMethod } = this.#keyring.crypto;
    await this.#say(this.#request.acceptWithMethods([VerificationMethod.SasV1]));
    await this.heard();
  }

  /** Both show the same. */
  async confirm(): Promise<void> {
    await this.#say(...((await this.#sas?.confirm()) ?? []));
    await this.heard();
  }

  /** They do not, or nobody wants to any more. */
  async cancel(): Promise<void> {
    await this.#say(this.#sas ? this.#sas.cancelWithCode('m.mismatched_sas') : this.#request.cancel());
    await this.heard();
  }

  /** @internal Something may have come of the other one, or the network is back. */
  async heard(): Promise<void> {
    const { crypto } = this.#keyring;
    if (this.#request.isReady() && this.#weAsked && !this.#isStarting) {
      this.#isStarting = true;
      const started = await this.#request.startSas();
      if (started) {
        const [sas, request] = started;
        this.#sas = sas;
        await this.#say(request);
      }
    }
    const flow = this.#request.getVerification();
    if (!this.#sas && flow instanceof crypto.Sas) this.#sas = flow;
    if (this.#sas && !this.#sas.weStarted() && !this.#sas.hasBeenAccepted()) {
      await this.#say(this.#sas.accept());
    }
    this.#shown.changed();
  }

  #say(...requests: readonly (Request | undefined)[]): Promise<void> {
    return this.#keyring.requests.say(...requests);
  }

  #look(): VerificationView {
    const step = this.#step();
    const isComparing = step === 'comparing' || step === 'confirmed';
    return {
      ...{ step, userId: userOf(this.#request.otherUserId.toString()) },
      isMine: this.#request.isSelfVerification(),
      emoji: isComparing ? (this.#sas?.emoji() ?? []).map(({ symbol }) => symbol) : [],
      numbers: isComparing ? [...(this.#sas?.decimals() ?? [])] : [],
    };
  }

  #step(): VerificationStep {
    const sas = this.#sas;
    if (this.#request.isCancelled() || sas?.isCancelled() || this.#request.timedOut()) return 'cancelled';
    if (this.#request.isDone() || sas?.isDone()) return 'done';
    if (sas?.haveWeConfirmed()) return 'confirmed';
    if (sas?.canBePresented()) return 'comparing';
    const isNew = this.#request.phase() === this.#keyring.crypto.VerificationRequestPhase.Requested;
    return isNew && !this.#weAsked ? 'asked' : 'waiting';
  }
}

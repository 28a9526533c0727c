import type { Keyring, PlainEvent } from './keyring.ts';
import { userOf } from './names.ts';
import { noKeys } from './refusals.ts';
import { Verification } from './verification.ts';

/** Where codes are compared: with other people, and with other devices of one's own. */
export class Comparisons {
  readonly #onChanged: () => void;
  readonly #all = new Map<string, Verification>();
  /** With whom it was done, and whose keys nobody has looked at since. */
  readonly done: Set<string> = new Set();

  constructor(onChanged: () => void) {
    this.#onChanged = onChanged;
  }

  get going(): readonly Verification[] {
    return [...this.#all.values()].filter(({ isOver }) => !isOver);
  }

  /** Without a device: all others of one's own; of somebody else the first that is signed. */
  async begin(keyring: Keyring, userId: string, deviceId?: string): Promise<Verification> {
    const { machine, requests, crypto } = keyring;
    await keyring.look([userId]);
    const methods = [crypto.VerificationMethod.SasV1];
    if (userId === keyring.userId && deviceId === undefined) {
      const identity = await machine.getIdentity(keyring.user());
      if (!(identity instanceof crypto.OwnUserIdentity)) throw noKeys();
      const [asked, message] = await identity.requestVerification(methods);
      await requests.send(message);
      return this.#add(new Verification(keyring, asked));
    }
    const devices = (await machine.getUserDevices(keyring.user(userId))).devices();
    const device = devices.find((one) =>
      deviceId === undefined ? one.isCrossSignedByOwner() : one.deviceId.toString() === deviceId,
    );
    if (!device) throw noKeys();
    const [asked, message] = device.requestVerification(methods);
    await requests.send(message);
    return this.#add(new Verification(keyring, asked));
  }

  /** Others want to compare codes, or go on with it; or what did not get through may now. */
  async heard(keyring: Keyring, events: readonly PlainEvent[]): Promise<void> {
    for (const { type, sender, content } of events) {
      const id = content['transaction_id'];
      if (type !== 'm.key.verification.request' || typeof id !== 'string' || this.#all.has(id)) continue;
      const request = keyring.machine.getVerificationRequest(keyring.user(userOf(sender)), id);
      if (request) this.#add(new Verification(keyring, request));
    }
    for (const verification of this.going) {
      await verification.heard().catch(() => undefined);
      const { step, userId } = verification.get();
      if (step === 'done') this.done.add(userId);
    }
    await keyring.requests.run();
  }

  #add(verification: Verification): Verification {
    this.#all.set(verification.id, verification);
    this.#onChanged();
    return verification;
  }
}

export function isOfComparing({ type }: PlainEvent): boolean {
  return type.startsWith('m.key.verification.');
}

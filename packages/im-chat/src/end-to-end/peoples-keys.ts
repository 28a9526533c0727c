import type { Keyring } from './keyring.ts';
import { noKeys } from './refusals.ts';

/** What is known of somebody's keys. */
export interface PersonKeys {
  readonly userId: string;
  /** Nobody can encrypt for whom has none. */
  readonly hasKeys: boolean;
  /** Codes were compared with them. */
  readonly isVerified: boolean;
  /** The keys are others than those that were known: nothing is sent before somebody has looked at that. */
  readonly hasChanged: boolean;
  readonly devices: readonly DeviceKeys[];
}

export interface DeviceKeys {
  readonly deviceId: string;
  /** Its person has signed it: only then it is encrypted for. */
  readonly isSigned: boolean;
  readonly isThis: boolean;
  /** Of one's own: what the session was called in which it was set up. The platform says so, and nobody has signed it. */
  readonly name: string | null;
  /** Of one's own: since when, RFC 3339. */
  readonly addedAt: string | null;
}

/** What is known of the keys of people who were asked for; it is kept up. */
export class PeoplesKeys {
  all: ReadonlyMap<string, PersonKeys> = new Map();
  readonly #onChanged: () => void;

  constructor(onChanged: () => void) {
    this.#onChanged = onChanged;
  }

  /** In one request, however many they are. */
  async askFor(keyring: Keyring, userIds: readonly string[]): Promise<readonly PersonKeys[]> {
    await keyring.look(userIds);
    const people: PersonKeys[] = [];
    for (const id of userIds) people.push(await keysOf(keyring, id));
    this.#know(people);
    return people;
  }

  async lookAgainAt(keyring: Keyring, userId: string): Promise<void> {
    if (this.all.has(userId)) this.#know([await keysOf(keyring, userId)]);
  }

  /** Their keys are fine as they are now, though no codes were compared. */
  async approve(keyring: Keyring, userId: string): Promise<void> {
    const identity = await keyring.machine.getIdentity(keyring.user(userId));
    if (!identity) throw noKeys();
    if (identity.hasVerificationViolation()) await identity.withdrawVerification();
    if ('pinCurrentMasterKey' in identity) await identity.pinCurrentMasterKey();
    this.#know([await keysOf(keyring, userId)]);
  }

  #know(people: readonly PersonKeys[]): void {
    this.all = new Map([...this.all, ...people.map((one) => [one.userId, one] as const)]);
    this.#onChanged();
  }
}

async function keysOf(keyring: Keyring, userId: string): Promise<PersonKeys> {
  const identity = await keyring.machine.getIdentity(keyring.user(userId));
  const isOther = identity && 'identityNeedsUserApproval' in identity;
  const devices = await keyring.machine.getUserDevices(keyring.user(userId));
  return {
    ...{ userId, hasKeys: identity !== undefined, isVerified: identity?.isVerified() ?? false },
    hasChanged:
      identity !== undefined &&
      (identity.hasVerificationViolation() || (isOther === true && identity.identityNeedsUserApproval())),
    devices: devices.devices().map((device) => ({
      deviceId: device.deviceId.toString(),
      isSigned: device.isCrossSignedByOwner(),
      isThis: device.deviceId.toString() === keyring.deviceId,
      ...(keyring.requests.mine.get(device.deviceId.toString()) ?? { name: null, addedAt: null }),
    })),
  };
}

import type { AccountEncryption, Encryption, EncryptionDeps } from '../encryption/encryption.ts';
import { ChatError } from '../errors.ts';
import type { FileKey } from '../model/message.ts';
import { Shown, type Readable } from '../readable.ts';
import { AccountKeys, type AccountKeysOptions, type EncryptionState } from './account-keys.ts';
import { Memory } from './memory.ts';
import type { PersonKeys } from './peoples-keys.ts';
import type { Verification } from './verification.ts';

export type EndToEndOptions = AccountKeysOptions;

/** End-to-end encryption of a chat. Nothing is loaded, and nobody encrypts for this device, before it is set up. */
export class EndToEnd implements Encryption {
  readonly state: Readable<EncryptionState>;
  /** Where codes are compared now, or somebody wants to. */
  readonly verifications: Readable<readonly Verification[]>;
  /** What is known of people's keys, by their ids: of those who were asked for, and kept up. */
  readonly known: Readable<ReadonlyMap<string, PersonKeys>>;
  readonly #shown: Shown<EncryptionState>;
  readonly #known: Shown<ReadonlyMap<string, PersonKeys>>;
  readonly #comparing: Shown<readonly Verification[]>;
  readonly #options: EndToEndOptions;
  #account: AccountKeys | undefined;

  constructor(options: EndToEndOptions = {}) {
    this.#options = options;
    this.state = this.#shown = new Shown<EncryptionState>(() => this.#account?.state ?? { kind: 'off' });
    this.verifications = this.#comparing = new Shown<readonly Verification[]>(
      () => this.#account?.verifications ?? [],
    );
    this.known = this.#known = new Shown<ReadonlyMap<string, PersonKeys>>(
      () => this.#account?.known ?? nobody,
    );
  }

  /** A device of one's own that is gone, or should be: from the next message on nobody encrypts for it. */
  removeDevice(deviceId: string): Promise<void> {
    return this.#signedIn().removeDevice(deviceId);
  }

  /** Makes the keys of this device. The first device of a person signs itself; another one has to be signed: `unsigned`. */
  async setUp(): Promise<void> {
    await this.#signedIn().setUp();
  }

  /** Encrypts a conversation from now on. There is no way back. */
  async encrypt(conversationId: string): Promise<void> {
    await this.#signedIn().mark(conversationId);
  }

  /** What is known of somebody's keys, asked anew. */
  person(userId: string): Promise<PersonKeys> {
    return this.#signedIn().person(userId);
  }

  /** Those of a conversation, oneself included. */
  async people(conversationId: string): Promise<readonly PersonKeys[]> {
    const account = this.#signedIn();
    return account.people(conversationId);
  }

  /** Compares codes with a device of somebody, or of one's own. @default all of one's own; of others the first that is signed */
  verify(userId: string, deviceId?: string): Promise<Verification> {
    return this.#signedIn().verify(userId, deviceId);
  }

  /** The new keys of somebody are fine, though no codes were compared. */
  approve(userId: string): Promise<void> {
    return this.#signedIn().approve(userId);
  }

  /** A key to write down, which nobody can show again. It is good for nothing, and the one before is as good as it was, until `useRecoveryKey`. */
  createRecoveryKey(): Promise<string> {
    return this.#signedIn().createRecoveryKey();
  }

  /**
   * It is written down: with it a new device reads what was said before, and is signed. The one before is worth nothing as soon as this has
   * resolved, and until all is backed up for the new one it is good for all. Broken off, it is called again with the same key.
   */
  useRecoveryKey(recoveryKey: string): Promise<void> {
    return this.#signedIn().useRecoveryKey(recoveryKey);
  }

  /** On a new device. Says how many keys it has got. */
  restore(recoveryKey: string): Promise<number> {
    return this.#signedIn().restore(recoveryKey);
  }

  /** What is in a file of a message that was encrypted. */
  async openFile(key: FileKey): Promise<Blob> {
    return this.#signedIn().openFile(key);
  }

  /** @internal */
  async open(deps: EncryptionDeps): Promise<AccountEncryption> {
    const account = new AccountKeys(deps, {
      options: this.#options,
      memory: await Memory.open(deps.store).catch((cause: unknown) => Memory.unread(cause)),
      onState: () => this.#shown.changed(),
      onVerifications: () => this.#comparing.changed(),
      onKnown: () => this.#known.changed(),
    });
    this.#account = account;
    this.#shown.changed();
    this.#known.changed();
    return account;
  }

  #signedIn(): AccountKeys {
    if (!this.#account)
      throw new ChatError('SIGNED_OUT', 'Nobody is signed in.', { cure: 'Sign in before.' });
    return this.#account;
  }
}

const nobody: ReadonlyMap<string, PersonKeys> = new Map();

export function endToEnd(options: EndToEndOptions = {}): EndToEnd {
  return new EndToEnd(options);
}

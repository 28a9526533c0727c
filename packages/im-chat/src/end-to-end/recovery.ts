import type { ApiClient } from 'im-platform/client';
import { ask } from '../api/api.ts';
import { ChatError, toChatError } from '../errors.ts';
import type { Keyring } from './keyring.ts';
import type { Memory } from './memory.ts';
import { libraryRoom } from './names.ts';
import { backedUpText } from './requests.ts';
import {
  fromBase64,
  lock,
  markOf,
  readRecoveryKey,
  toBase64,
  unlock,
  writeRecoveryKey,
} from './recovery-key.ts';

interface Secrets {
  readonly master?: string | undefined;
  readonly selfSigning?: string | undefined;
  readonly userSigning?: string | undefined;
}

interface LockedSession {
  readonly session_data: { readonly ephemeral: string; readonly mac: string; readonly ciphertext: string };
}

type DecryptionKey = ReturnType<Keyring['crypto']['BackupDecryptionKey']['createRandomKey']>;

const perPage = 500;
const secretName = 'm.megolm_backup.v1';

/** What the platform keeps for a person's next device: locked, with a key that it never sees. */
export class Recovery {
  readonly #api: ApiClient;
  readonly #keyring: Keyring;
  readonly #memory: Memory;
  #backingUp: Promise<void> | undefined;
  /** It counts when all that is here is in it; told the platform again by each run, which may have been broken off. */
  #unused: number | undefined;
  /** The platform has said that it counts now. */
  #used: number | undefined;
  /** What was made last, and which backup counted then: in its place alone it may be used, and not in that of another device's. */
  #made: { readonly recoveryKey: string; readonly replaces: number } | undefined;

  constructor(api: ApiClient, keyring: Keyring, memory: Memory) {
    this.#api = api;
    this.#keyring = keyring;
    this.#memory = memory;
    keyring.machine.registerReceiveSecretCallback(async (name, value) => {
      // From another device of the same person, with whom codes were compared.
      if (name === secretName) await this.#take(value).catch(() => undefined);
    });
  }

  /** A key that counts for nothing yet: first somebody has it, then it is used. */
  async create(): Promise<string> {
    await this.#secrets();
    const replaces = await this.#counting();
    const key = this.#keyring.crypto.BackupDecryptionKey.createRandomKey();
    const recoveryKey = await writeRecoveryKey(fromBase64(key.toBase64()));
    this.#made = { recoveryKey, replaces };
    return recoveryKey;
  }

  /**
   * A new backup with all keys that are here. The one before counts until all is in it, and is worth nothing from then on. Broken off, it is
   * gone on with: by calling it again, or by the next run of this device. Throws when another device was before it.
   */
  async use(recoveryKey: string): Promise<void> {
    const { machine, crypto } = this.#keyring;
    const bytes = await readRecoveryKey(recoveryKey);
    if (!bytes) throw wrongKey();
    const key = crypto.BackupDecryptionKey.fromBase64(toBase64(bytes));
    const body = {
      auth: JSON.stringify({ publicKey: key.megolmV1PublicKey.publicKeyBase64 }),
      secrets: await lock(bytes, JSON.stringify(await this.#secrets())),
      replaces: this.#made?.recoveryKey === recoveryKey ? this.#made.replaces : await this.#counting(),
    };
    const { version } = await ask(this.#api.POST('/v1/encryption/backup', { body })).catch(
      (error: unknown) => {
        throw toChatError(error).code === 'NOT_FOUND' ? otherKey() : error;
      },
    );
    await this.#backingUp?.catch(() => undefined);
    await machine.disableBackup();
    await this.#enable(key, version);
    this.#unused = version;
    await this.#backingUp?.catch(() => undefined);
    await this.backUp();
    // Another device has begun yet another one.
    if (this.#used !== version) throw otherKey();
  }

  /** Which backup counts now; 0: none. */
  async #counting(): Promise<number> {
    try {
      return (await ask(this.#api.GET('/v1/encryption/backup'))).version;
    } catch (error) {
      if (toChatError(error).code === 'NOT_FOUND') return 0;
      throw error;
    }
  }

  /** This device is the person's, and has the keys that were backed up. Says how many these are. */
  async restore(recoveryKey: string): Promise<number> {
    const { machine, crypto } = this.#keyring;
    const bytes = await readRecoveryKey(recoveryKey);
    if (!bytes) throw wrongKey();
    const backup = await ask(this.#api.GET('/v1/encryption/backup'));
    const key = crypto.BackupDecryptionKey.fromBase64(toBase64(bytes));
    if (publicKeyIn(backup.auth) !== key.megolmV1PublicKey.publicKeyBase64) throw wrongKey();
    const secrets = await unlock(bytes, backup.secrets).catch(() => Promise.reject(wrongKey()));
    const { master, selfSigning, userSigning } = JSON.parse(secrets) as Secrets;
    // First what is needed to go on with it, should it be broken off: once it is signed nobody would ask for the key again.
    await this.#begin(key, backup.version);
    await machine.importCrossSigningKeys(master, selfSigning, userSigning);
    if (!(await this.#keyring.signAsGiven())) throw wrongKey();
    return this.#import(key, backup.version);
  }

  /** Of another run of this device. */
  async resume(): Promise<void> {
    const { machine } = this.#keyring;
    for (const value of await machine.getSecretsFromInbox(secretName)) await this.#take(value);
    const { decryptionKey: key, backupVersion } = await machine.getBackupKeys();
    if (!key || backupVersion === undefined) return;
    this.#mark(key);
    await machine.enableBackupV1(key.megolmV1PublicKey.publicKeyBase64, backupVersion);
    const version = Number(backupVersion);
    this.#unused = version;
    await this.backUp();
    // Meanwhile another device may have begun a new one: it gives this one the key.
    if (this.#memory.device?.restores && (await machine.isBackupEnabled())) await this.#import(key, version);
  }

  /**
   * What this device lacks it asks of the others of its person: one of them may have died before it had answered. Each is asked once, and keeps
   * that until it has answered; asked again with each connection, one that is away for long would have no room for anything else.
   */
  async askForMissing(): Promise<void> {
    const { machine, requests } = this.#keyring;
    const others = await this.#keyring.otherDevices();
    if (others.length === 0 || !(await this.#keyring.isSigned())) return;
    const { hasMaster, hasSelfSigning, hasUserSigning } = await machine.crossSigningStatus();
    const signs = hasMaster && hasSelfSigning && hasUserSigning;
    if (signs && (await machine.getBackupKeys()).decryptionKey) return;
    const version = await this.#counting();
    const asked = [version, ...others.toSorted()].join(' ');
    if ((signs && version === 0) || this.#memory.device?.asked === asked) return;
    await machine.requestMissingSecretsIfNeeded();
    await requests.run();
    await this.#memory.markAsked(asked);
  }

  async #secrets(): Promise<Secrets> {
    const exported = await this.#keyring.machine.exportCrossSigningKeys();
    if (!exported?.masterKey)
      throw new ChatError('DEVICE_NOT_SIGNED', 'This device does not have what signs devices.', {
        cure: 'Make the recovery key on another device, or compare codes with one first.',
      });
    return {
      ...{ master: exported.masterKey, selfSigning: exported.self_signing_key },
      userSigning: exported.userSigningKey,
    };
  }

  /** What is not in it yet. */
  backUp(): Promise<void> {
    this.#backingUp ??= this.#backUpAll().finally(() => (this.#backingUp = undefined));
    return this.#backingUp;
  }

  async #backUpAll(): Promise<void> {
    const { machine, requests } = this.#keyring;
    if (!(await machine.isBackupEnabled())) return;
    try {
      for (let request; (request = await machine.backupRoomKeys());) await requests.send(request);
      if (this.#unused === undefined) return;
      const params = { path: { version: this.#unused } };
      await ask(this.#api.PUT('/v1/encryption/backup/{version}', { params }));
      this.#used = this.#unused;
      this.#unused = undefined;
    } catch (error) {
      if (toChatError(error).code !== 'NOT_FOUND') throw error;
      // Another device of the person has made a new one. It has the key, and gives it to those that are signed.
      this.#unused = undefined;
      await machine.disableBackup();
      if (await machine.requestMissingSecretsIfNeeded()) await requests.run();
    }
  }

  async #take(value: string): Promise<void> {
    const { crypto, machine } = this.#keyring;
    const key = crypto.BackupDecryptionKey.fromBase64(value);
    const backup = await ask(this.#api.GET('/v1/encryption/backup'));
    // Of an earlier backup, or the platform has put another one in its place.
    if (publicKeyIn(backup.auth) !== key.megolmV1PublicKey.publicKeyBase64) return;
    await this.#begin(key, backup.version);
    await machine.deleteSecretsFromInbox(secretName);
    await this.#import(key, backup.version);
  }

  /** All that is in it is to come here. */
  async #begin(key: DecryptionKey, version: number): Promise<void> {
    await this.#memory.markRestoring(true);
    await this.#enable(key, version);
  }

  async #enable(key: DecryptionKey, version: number): Promise<void> {
    const { machine } = this.#keyring;
    this.#mark(key);
    const { publicKeyBase64 } = key.megolmV1PublicKey;
    await machine.saveBackupDecryptionKey(key, String(version));
    await machine.enableBackupV1(publicKeyBase64, String(version));
  }

  #mark(key: DecryptionKey): void {
    const bytes = fromBase64(key.toBase64());
    this.#keyring.requests.markBackedUp = (text) => markOf(bytes, text);
  }

  async #import(key: DecryptionKey, version: number): Promise<number> {
    const { crypto, machine } = this.#keyring;
    let imported = 0;
    for (let cursor: string | undefined; ;) {
      const query = { limit: perPage, ...(cursor !== undefined && { cursor }) };
      const { items, nextCursor } = await ask(
        this.#api.GET('/v1/encryption/backup/{version}/keys', { params: { path: { version }, query } }),
      );
      const rooms = new Map<InstanceType<typeof crypto.RoomId>, Map<string, unknown>>();
      for (const { conversation, sessionId, data: marked } of items) {
        const [mark, data] = [marked.slice(0, marked.indexOf(' ')), marked.slice(marked.indexOf(' ') + 1)];
        const text = backedUpText({ conversation, sessionId, data });
        // The platform, or whoever has it, has put it there: what it opens nobody has said.
        if (mark !== (await this.#keyring.requests.markBackedUp(text))) continue;
        const { ephemeral, mac, ciphertext } = (JSON.parse(data) as LockedSession).session_data;
        try {
          const session = JSON.parse(key.decryptV1(ephemeral, mac, ciphertext)) as object;
          rooms.set(new crypto.RoomId(libraryRoom(conversation)), new Map([[sessionId, session]]));
        } catch {
          // It was broken on its way.
        }
      }
      const result = await machine.importBackedUpRoomKeys(rooms, () => undefined, String(version));
      imported += result.importedCount;
      if (nextCursor === null) break;
      cursor = nextCursor;
    }
    await this.#memory.markRestoring(false);
    return imported;
  }
}

function publicKeyIn(auth: string): unknown {
  try {
    return (JSON.parse(auth) as { publicKey?: unknown }).publicKey;
  } catch {
    return undefined;
  }
}

function otherKey(): ChatError {
  return new ChatError('RECOVERY_KEY_WRONG', 'Another device of yours has made a recovery key meanwhile.', {
    cure: 'Throw this one away, it opens nothing: the other one counts. Or make a new one.',
  });
}

function wrongKey(): ChatError {
  return new ChatError('RECOVERY_KEY_WRONG', 'That is not the recovery key.', {
    cure: 'Look whether all of it is there; a newer one is worth, an older one is not.',
  });
}

import { ask } from '../api/api.ts';
import type { AccountEncryption, EncryptionDeps, EncryptionNews, Sent } from '../encryption/encryption.ts';
import { isSealedAs } from '../encryption/is-sealed-as.ts';
import { ChatError, otherMessage, toChatError } from '../errors.ts';
import type { FileKey, LocalFile, SendableContent, StoredMessage } from '../model/message.ts';
import type { Sealed } from '../model/outbox-item.ts';
import { Patience } from '../patience.ts';
import type { Change } from '../store/store.ts';
import { Comparisons, isOfComparing } from './comparisons.ts';
import { openFile, sealFile } from './files.ts';
import type { Keyring, KeyringOptions, PlainEvent } from './keyring.ts';
import type { Memory } from './memory.ts';
import { conversationOf } from './names.ts';
import { PeoplesKeys, type PersonKeys } from './peoples-keys.ts';
import { peopleIn } from './people-in.ts';
import type { Recovery } from './recovery.ts';
import { needsApproval } from './refusals.ts';
import { Revealed } from './revealed.ts';
import { deleteStores } from './stored-keys.ts';
import type { Verification } from './verification.ts';

/**
 * `off`: nobody has set it up here. `elsewhere`: another tab has the keys. `unsigned`: the person's other devices do not know this one yet,
 * so that nobody encrypts for it; or this one does not know them. `removed`: another device of the person has removed it; `setUp` makes a new one of it.
 */
export type EncryptionState =
  | { readonly kind: 'off' | 'starting' | 'elsewhere' | 'unsigned' | 'removed' | 'ready' }
  | { readonly kind: 'failed'; readonly error: ChatError };

export interface AccountKeysOptions extends KeyringOptions {
  /** @default the global one */
  readonly fetch?: ((url: string) => Promise<Response>) | undefined;
}

interface AccountKeysMore {
  readonly options: AccountKeysOptions;
  readonly memory: Memory;
  onState(): void;
  onVerifications(): void;
  onKnown(): void;
}

/** What one account has on this device: its keys, and what they open and close. */
export class AccountKeys implements AccountEncryption {
  state: EncryptionState = { kind: 'off' };
  readonly #deps: EncryptionDeps;
  readonly #more: AccountKeysMore;
  readonly #revealed: Revealed;
  readonly #people: PeoplesKeys;
  readonly #comparisons: Comparisons;
  #keyring: Promise<Keyring> | undefined;
  #recovery: Recovery | undefined;
  #open: Keyring | undefined;
  #isLeader = false;
  #isLoading = false;
  readonly #patience = new Patience();
  #isWaiting = false;
  #failedBefore = 0;
  #ending: Promise<void> | undefined;

  constructor(deps: EncryptionDeps, more: AccountKeysMore) {
    this.#deps = deps;
    this.#more = more;
    this.#people = new PeoplesKeys(() => more.onKnown());
    this.#comparisons = new Comparisons(() => more.onVerifications());
    this.#revealed = new Revealed({
      memory: more.memory,
      keyring: () => this.#open,
      onNoKey: () => void this.#pull(),
      onChanged: (id) => deps.onChanged(id),
    });
    if (more.memory.device) this.state = { kind: 'elsewhere' };
  }

  lead(): void {
    this.#isLeader = true;
    const { memory } = this.#more;
    void memory
      .lead()
      .then(() => memory.device && this.#start())
      .catch(() => undefined);
  }

  online(): void {
    if (this.#open) void this.#pull(true).then(() => this.#goOnComparing());
    else if (this.#isLeader && this.#more.memory.device) void this.#start().catch(() => undefined);
  }

  heard(news: EncryptionNews): void {
    if (news.kind === 'conversation') void this.#encrypted([news.conversationId]);
    if (!this.#open) return;
    if (news.kind === 'messages') void this.#pull();
    if (news.kind === 'devices')
      void this.#open
        .devicesChanged([news.userId])
        .then(() => this.#open && this.#people.lookAgainAt(this.#open, news.userId))
        // This one may be what is gone.
        .then(() => (news.userId === this.#deps.userId ? this.#pull(true) : this.#look()))
        .catch((error: unknown) => this.#failed(error));
  }

  get isSetUp(): boolean {
    return this.#more.memory.device !== undefined;
  }

  isEncrypted(conversationId: string): boolean {
    return this.#more.memory.isEncrypted(conversationId);
  }

  async staysEncrypted(conversationId: string): Promise<void> {
    await this.#encrypted([conversationId]);
  }

  async seal(conversationId: string, content: SendableContent, key: string): Promise<Sealed | undefined> {
    await this.#more.memory.lead();
    if (!this.isEncrypted(conversationId)) return undefined;
    const keyring = await this.#ready();
    const { body, place } = await keyring.encrypt(conversationId, content, { key });
    void this.#recovery?.backUp().catch((error: unknown) => this.#failed(error));
    const { key: fileKey } = content as { key?: FileKey };
    const file = fileKey && { url: fileKey.url, size: fileKey.size };
    return { content: { type: 'encrypted', body, ...(file && { file }) }, place };
  }

  async sealEdit(conversationId: string, number: number, content: SendableContent): Promise<SendableContent> {
    const keyring = await this.#ready();
    const edits = this.#revealed.asEdited(conversationId, number);
    if (!edits)
      throw new ChatError(
        'NOT_ENCRYPTED',
        'It cannot be read on this device, so it cannot be written over.',
        {
          cure: 'Take it back, and say it anew.',
        },
      );
    const { body } = await keyring.encrypt(conversationId, content, { edits });
    return { type: 'encrypted', body };
  }

  editsOf(conversationId: string, number: number): readonly number[] {
    return this.#revealed.editsOf(conversationId, number);
  }

  async arrived(answer: StoredMessage, sent: Sent): Promise<readonly Change[]> {
    const place = await this.#placeOf(answer, sent);
    return place === undefined ? [] : this.#more.memory.arrived(sent.conversationId, place);
  }

  /** Undefined: it is not known, or of another device. */
  async #placeOf(answer: StoredMessage, { key, conversationId, sealed }: Sent): Promise<number | undefined> {
    const { content, senderId } = answer;
    if (answer.conversationId !== conversationId || senderId !== this.#deps.userId) throw otherMessage();
    // It had arrived, and was taken back meanwhile: as which it is shown.
    if (content.type === 'recalled') return undefined;
    if (isSealedAs(content, sealed.content)) return sealed.place;
    if (content.type !== 'encrypted') throw otherMessage();
    // It was sent with the same key before, and sealed anew as nobody had heard the answer. Anything else is another one.
    const keyring = await this.#keys();
    const opened = await keyring.decrypt(answer, content.body);
    if (!('place' in opened) || opened.key !== key) throw otherMessage();
    return opened.deviceId === keyring.deviceId ? opened.place : undefined;
  }

  async sealFile(file: LocalFile): Promise<{ readonly file: LocalFile; readonly key: Omit<FileKey, 'url'> }> {
    return sealFile((await this.#ready()).crypto, file);
  }

  async openFile(key: FileKey): Promise<Blob> {
    const crypto = async () => (await this.#keys()).crypto;
    return openFile(key, { fetch: this.#more.options.fetch, crypto });
  }

  get known(): ReadonlyMap<string, PersonKeys> {
    return this.#people.all;
  }

  get verifications(): readonly Verification[] {
    return this.#comparisons.going;
  }

  async person(userId: string): Promise<PersonKeys> {
    const [keys] = await this.#people.askFor(await this.#keys(), [userId]);
    return keys as PersonKeys;
  }

  async people(conversationId: string): Promise<readonly PersonKeys[]> {
    const userIds = await peopleIn(this.#deps.api, conversationId);
    return this.#people.askFor(await this.#keys(), userIds);
  }

  async verify(userId: string, deviceId?: string): Promise<Verification> {
    return this.#comparisons.begin(await this.#keys(), userId, deviceId);
  }

  async approve(userId: string): Promise<void> {
    await this.#people.approve(await this.#keys(), userId);
    this.#revealed.tryAgain();
  }

  /** From the next message on nobody encrypts for it. */
  async removeDevice(deviceId: string): Promise<void> {
    const params = { path: { deviceId } };
    await ask(this.#deps.api.DELETE('/v1/encryption/devices/{deviceId}', { params })).catch(
      (error: unknown) => {
        // Asked again, as nobody had heard the answer.
        if (toChatError(error).code !== 'NOT_FOUND') throw error;
      },
    );
    await this.person(this.#deps.userId);
  }

  async createRecoveryKey(): Promise<string> {
    await this.#ready();
    return (this.#recovery as Recovery).create();
  }

  async useRecoveryKey(recoveryKey: string): Promise<void> {
    await this.#ready();
    await (this.#recovery as Recovery).use(recoveryKey);
  }

  async restore(recoveryKey: string): Promise<number> {
    const keyring = await this.#keys();
    await keyring.lookAtMe();
    const imported = await (this.#recovery as Recovery).restore(recoveryKey);
    await this.#look();
    return imported;
  }

  reveal(message: StoredMessage): StoredMessage {
    return this.#revealed.reveal(message);
  }

  async setUp(): Promise<void> {
    if (!this.#isLeader)
      throw new ChatError('OTHER_TAB', 'Another tab of this browser is open.', {
        cure: 'Close it, or set up there.',
      });
    await this.#more.memory.lead();
    if (this.#more.memory.device?.isRemoved) await this.#beginAnew();
    const keyring = await this.#start();
    await keyring.requests.run();
    await this.#finishSetUp(keyring);
    await this.#look();
    await this.#pull(true);
  }

  async mark(conversationId: string): Promise<void> {
    await this.#ready();
    const params = { path: { conversationId } };
    await ask(this.#deps.api.PUT('/v1/conversations/{conversationId}/encryption', { params }));
    await this.#encrypted([conversationId]);
  }

  async forget(): Promise<void> {
    const { api, userId } = this.#deps;
    const { device } = this.#more.memory;
    if (device) {
      const params = { path: { deviceId: device.deviceId } };
      // A session that is over takes none; it is in the list of the person's devices then.
      await ask(api.DELETE('/v1/encryption/devices/{deviceId}', { params })).catch(() => undefined);
    }
    await this.#end();
    await deleteStores(userId);
  }

  close(): void {
    void this.#end().catch(() => undefined);
  }

  /** Resolves when nobody has the keys open. */
  #end(): Promise<void> {
    this.#ending ??= this.#opened().then((keyring) => keyring?.close());
    this.#open = undefined;
    this.#patience.wake();
    return this.#ending;
  }

  /** Also one whose setting up the platform has not answered. */
  async #opened(): Promise<Keyring | undefined> {
    const open = this.#open;
    return (await this.#keyring?.catch(() => undefined)) ?? open;
  }

  /** The keys, which it makes should there be none. */
  #start(): Promise<Keyring> {
    this.#keyring ??= this.#load().catch((error: unknown) => {
      this.#isLoading = false;
      this.#keyring = undefined;
      this.#failed(error);
      throw error;
    });
    return this.#keyring;
  }

  async #load(): Promise<Keyring> {
    this.#isLoading = true;
    this.#become({ kind: 'starting' });
    await this.#more.memory.lead();
    // Of no use to those who have not set it up.
    const [{ Keyring }, { Recovery }] = await Promise.all([import('./keyring.ts'), import('./recovery.ts')]);
    const { userId, api } = this.#deps;
    // What it had made before an answer got lost is in it, and where nothing is on a disk nowhere else.
    const keyring =
      this.#open ??
      (await Keyring.open({
        ...{ userId, api, memory: this.#more.memory, options: this.#more.options },
        onKeys: (rooms) => {
          for (const room of rooms) this.#revealed.tryAgain(conversationOf(room));
        },
        onPulled: (events) => void this.#heardOfComparing(events),
      }));
    keyring.onConversations = (ids) => void this.#encrypted(ids);
    keyring.requests.onUnsent = () => void this.#again();
    this.#recovery = new Recovery(api, keyring, this.#more.memory);
    this.#open = keyring;
    // What was shown as unreadable meanwhile is opened.
    this.#deps.onChanged();
    await keyring.requests.run();
    await this.#finishSetUp(keyring);
    this.#isLoading = false;
    await this.#look();
    void this.#pull(true);
    void this.#recovery.resume().catch((error: unknown) => this.#failed(error));
    return keyring;
  }

  /** Of an earlier page as well, which was broken off in the midst of it. The first device of a person is signed by itself. */
  async #finishSetUp(keyring: Keyring): Promise<void> {
    if (this.#more.memory.device?.isRemoved || (await keyring.isSigned())) return;
    // Should there be other keys at the platform now, those that are here are forgotten.
    await keyring.lookAtMe();
    const isKnown = (await keyring.machine.getIdentity(keyring.user())) !== undefined;
    const canSign = await keyring.canSignItself();
    if (!isKnown || (canSign && !keyring.requests.hasIdentity)) await keyring.signItself();
    else if (canSign) await keyring.signAsGiven();
  }

  /** Two tabs that had them at once would spoil them. */
  async #keys(): Promise<Keyring> {
    const { memory } = this.#more;
    if (this.#isLeader) await memory.lead();
    if (memory.failure) throw memory.failure;
    if (!memory.device || !this.#isLeader)
      throw new ChatError(
        'ENCRYPTION_OFF',
        'Encryption is not set up on this device, or another tab has it.',
        {
          cure: 'Set it up: `setUp()`; or close the other tab.',
        },
      );
    return this.#start();
  }

  /** With which it may say something. */
  async #ready(): Promise<Keyring> {
    const keyring = await this.#keys();
    if (this.#more.memory.device?.isRemoved)
      throw new ChatError('DEVICE_REMOVED', 'Another device of yours has removed this one.', {
        cure: 'Set encryption up again: `setUp()`. It is a new device then.',
      });
    if (!(await keyring.isSigned())) throw needsApproval();
    return keyring;
  }

  /** What its keys have opened a recovery key brings back. */
  async #beginAnew(): Promise<void> {
    const keyring = await this.#opened();
    this.#open = undefined;
    this.#keyring = undefined;
    await keyring?.close();
    await this.#more.memory.forgetDevice();
  }

  /** Whether others know this device now. */
  async #look(): Promise<void> {
    if (!this.#open) return;
    const isSigned = await this.#open.isSigned();
    // It may sign itself yet.
    if (this.#isLoading && !isSigned) return;
    const { device } = this.#more.memory;
    this.#become({ kind: device?.isRemoved ? 'removed' : isSigned ? 'ready' : 'unsigned' });
    this.#revealed.tryAgain();
  }

  async #pull(isBack = false): Promise<void> {
    // The platform may not know this device yet, and it pulls at the end of that.
    if (this.#isLoading) return;
    try {
      await this.#open?.pull({ isBack });
      await this.#more.memory.markRemoved(false);
      await this.#look();
      await this.#recovery?.backUp();
      if (isBack) await this.#recovery?.askForMissing();
    } catch (error) {
      await this.#lookForMe(error).catch((thrown: unknown) => this.#failed(thrown));
    }
  }

  /** There is nothing for a device that is not there; or there is no encryption at the platform now. */
  async #lookForMe(error: unknown): Promise<void> {
    const keyring = this.#open;
    if (!keyring || toChatError(error).code !== 'NOT_FOUND') throw error;
    const body = { userIds: [this.#deps.userId] };
    const { devices } = await ask(this.#deps.api.POST('/v1/encryption/keys/query', { body }));
    if (devices.some(({ deviceId }) => deviceId === keyring.deviceId)) throw error;
    await this.#more.memory.markRemoved(true);
    await this.#look();
  }

  async #encrypted(ids: readonly string[]): Promise<void> {
    const { memory } = this.#more;
    for (const id of ids) {
      const isNews = !memory.conversations.includes(id);
      await memory.encrypted(id, this.#deps.lastNumber(id)).catch(() => undefined);
      if (isNews) this.#deps.onChanged(id);
    }
  }

  /** Others want to compare codes, or go on with it. */
  async #heardOfComparing(events: readonly PlainEvent[]): Promise<void> {
    if (!events.some(isOfComparing)) return;
    await this.#goOnComparing(events);
    await this.#look();
    this.#more.onVerifications();
  }

  async #goOnComparing(events: readonly PlainEvent[] = []): Promise<void> {
    const keyring = this.#open;
    if (!keyring) return;
    try {
      await this.#comparisons.heard(keyring, events);
      const { done } = this.#comparisons;
      if (done.size > 0) {
        await this.#people.askFor(keyring, [...done]);
        done.clear();
        this.#revealed.forget();
      }
      this.#failedBefore = 0;
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(thrown: unknown): void {
    if (this.#ending) return;
    const error = toChatError(thrown);
    if (!this.#open) this.#become({ kind: 'failed', error });
    if (error.retryable) void this.#again(error.retryAfterMs);
    else this.#deps.onError(error);
  }

  /** By itself: a connection that stays says nothing of a platform that was away. */
  async #again(leastMs?: number): Promise<void> {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    await this.#patience.wait(this.#failedBefore++, leastMs);
    this.#isWaiting = false;
    if (!this.#ending) this.online();
  }

  #become(state: EncryptionState): void {
    if (this.#ending) return;
    this.state = state;
    this.#more.onState();
  }
}

import { ask } from '../api/api.ts';
import type { EncryptionDeps } from '../encryption/encryption.ts';
import { ChatError } from '../errors.ts';
import type { EditedMessage, SendableContent, StoredMessage, UnreadableWhy } from '../model/message.ts';
import { randomId } from '../random-id.ts';
import type { Crypto, OlmMachine, OtherUserIdentity, ShieldColor, UserId } from './library.ts';
import { loadCrypto } from './library.ts';
import type { Memory } from './memory.ts';
import { libraryRoom, libraryUser, userOf } from './names.ts';
import { peopleIn } from './people-in.ts';
import { needsApproval } from './refusals.ts';
import { Requests } from './requests.ts';
import { readSaid, type Said } from './said.ts';
import { deleteStores, storeName } from './stored-keys.ts';

export interface KeyringOptions {
  /** What the keys on this device are locked with. @default nothing: whoever can read the browser's profile has them */
  readonly passphrase?: string | undefined;
}

type Deps = Pick<EncryptionDeps, 'userId' | 'api'> & {
  readonly memory: Memory;
  readonly options: KeyringOptions;
  /** Keys of these conversations have come. */
  onKeys(conversationIds: readonly string[]): void;
  /** What devices have said about comparing codes. */
  onPulled(events: readonly PlainEvent[]): void;
};

export interface PlainEvent {
  readonly type: string;
  readonly sender: string;
  readonly content: Readonly<Record<string, unknown>>;
}

export type Opened =
  | {
      readonly content: StoredMessage['content'];
      readonly deviceId: string;
      readonly place: number;
      readonly since?: number;
      readonly key?: string;
      readonly isVerified: boolean;
      readonly edits?: EditedMessage;
    }
  | { readonly why: UnreadableWhy };

/** As a new one, under the key with which it is sent, or in the place of another one. */
type SaidAs = { readonly key: string } | { readonly edits: EditedMessage };

const eventType = 'm.room.message';
const rotateAfterMs = 7 * 86_400_000;
/**
 * So many one-time keys the library has at the platform. Told nothing of them, it takes it that there are none, and makes all of them anew; those
 * before it keeps, and each of its steps takes longer with each of them.
 */
const enoughKeys = 50;

/** The keys of one device of one person, and all that is done with them. */
export class Keyring {
  readonly crypto: Crypto;
  readonly machine: OlmMachine;
  readonly requests: Requests;
  readonly #deps: Deps;
  #pulling: Promise<void> | undefined;
  #pullsAgain = false;
  #turn: Promise<unknown> = Promise.resolve();

  static async open(deps: Deps): Promise<Keyring> {
    const { userId, memory, options } = deps;
    if (!memory.device) {
      // Of a device that was removed, or that nobody knows of any more: they belong to no other one.
      await deleteStores(userId);
      await memory.keepDevice({ deviceId: randomId(), acknowledged: 0, since: 0 });
    }
    const deviceId = memory.device?.deviceId ?? '';
    const crypto = await loadCrypto();
    const isKept = 'indexedDB' in globalThis;
    const machine = await crypto.OlmMachine.initialize(
      new crypto.UserId(libraryUser(userId)),
      new crypto.DeviceId(deviceId),
      ...(isKept ? [storeName(userId), options.passphrase] : []),
    );
    machine.roomKeyRequestsEnabled = false;
    machine.roomKeyForwardingEnabled = false;
    return new Keyring(deps, { crypto, machine, deviceId });
  }

  private constructor(
    deps: Deps,
    { crypto, machine, deviceId }: { crypto: Crypto; machine: OlmMachine; deviceId: string },
  ) {
    this.#deps = deps;
    this.crypto = crypto;
    this.machine = machine;
    const { api, userId, memory } = deps;
    const onRemoved = (id: string): Promise<void> => memory.removed(id);
    this.requests = new Requests({ api, crypto, machine, userId, deviceId, onRemoved });
    machine.registerRoomKeyUpdatedCallback((keys) => {
      deps.onKeys(keys.map(({ roomId }) => roomId.toString()));
      return Promise.resolve();
    });
  }

  get userId(): string {
    return this.#deps.userId;
  }

  get deviceId(): string {
    return this.machine.deviceId.toString();
  }

  /** Whether others take this device for its person's, and it knows that what has signed it is its person's, and not somebody else's. */
  async isSigned(): Promise<boolean> {
    const identity = await this.machine.getIdentity(this.user());
    if (!(identity instanceof this.crypto.OwnUserIdentity)) return false;
    return identity.isVerified() && (await identity.trustsOurOwnDevice());
  }

  user(userId: string = this.#deps.userId): UserId {
    return new this.crypto.UserId(libraryUser(userId));
  }

  /** The public keys of people, as the platform has them now. */
  async look(userIds: readonly string[]): Promise<void> {
    await this.machine.updateTrackedUsers(userIds.map((id) => this.user(id)));
    await this.requests.send(this.machine.queryKeysForUsers(userIds.map((id) => this.user(id))));
    await this.requests.run();
  }

  lookAtMe(): Promise<void> {
    return this.look([this.#deps.userId]);
  }

  /** Those that its person has signed, beside this one. */
  async otherDevices(): Promise<string[]> {
    const devices = (await this.machine.getUserDevices(this.user())).devices();
    const signed = devices.filter((device) => device.isCrossSignedByOwner());
    return signed.map(({ deviceId }) => deviceId.toString()).filter((id) => id !== this.deviceId);
  }

  /** It has what signs devices, and was not signed: it was broken off before that was told. */
  async canSignItself(): Promise<boolean> {
    return (await this.machine.crossSigningStatus()).hasSelfSigning && !(await this.isSigned());
  }

  /** With keys that it makes for it, or has made when it was broken off: the first device of a person. */
  async signItself(): Promise<void> {
    const { hasMaster } = await this.machine.crossSigningStatus();
    const requests = await this.machine.bootstrapCrossSigning(!hasMaster);
    const { uploadSigningKeysRequest, uploadSignaturesRequest } = requests;
    if (requests.uploadKeysRequest) await this.requests.send(requests.uploadKeysRequest as never);
    // Where another device was before it, the library forgets these keys when it looks, and this one is not signed.
    if (await this.requests.putIdentity(uploadSigningKeysRequest.body))
      await this.requests.send(uploadSignaturesRequest);
    await this.lookAtMe();
  }

  /**
   * With the keys of its person that it was given. These stay as they are at the platform: given by others they lack what they are signed with,
   * and nobody would believe them. False: the person has none.
   */
  async signAsGiven(): Promise<boolean> {
    const identity = await this.machine.getIdentity(this.user());
    if (!(identity instanceof this.crypto.OwnUserIdentity)) return false;
    await this.requests.send(await identity.verify());
    const device = await this.machine.getDevice(this.user(), this.machine.deviceId);
    if (device) await this.requests.send(await device.verify());
    await this.lookAtMe();
    return true;
  }

  /** Somebody's devices are others than before. */
  async devicesChanged(userIds: readonly string[]): Promise<void> {
    await this.#receive([], userIds);
    await this.requests.run();
  }

  /** What other devices have said to this one. `isBack`: pushes may have been missed. */
  pull({ isBack = false }: { readonly isBack?: boolean } = {}): Promise<void> {
    if (this.#pulling) {
      this.#pullsAgain = true;
      return this.#pulling;
    }
    this.#pulling = this.#pullAll(isBack).finally(() => (this.#pulling = undefined));
    return this.#pulling;
  }

  /** One after the other: what is said has its place. */
  encrypt(
    conversationId: string,
    content: SendableContent,
    as: SaidAs,
  ): Promise<{ readonly body: string; readonly place: number }> {
    const turn = this.#turn.then(() => this.#encrypt(conversationId, content, as));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async decrypt({ conversationId, number, senderId, sentAt }: StoredMessage, body: string): Promise<Opened> {
    const { crypto, machine } = this;
    const event = JSON.stringify({
      ...{
        type: 'm.room.encrypted',
        event_id: `$${conversationId.replaceAll(':', '-')}-${number}`,
        sender: libraryUser(senderId),
      },
      ...{ origin_server_ts: Date.parse(sentAt), content: JSON.parse(body) as unknown, unsigned: {} },
    });
    try {
      // Keys of a backup do not say whose device they are of; who has put them there is looked at when they come.
      const settings = new crypto.DecryptionSettings(crypto.TrustRequirement.CrossSignedOrLegacy);
      const room = new crypto.RoomId(libraryRoom(conversationId));
      const open = await machine.decryptRoomEvent(event, room, settings);
      const said = readSaid(open.event);
      if (!said) return { why: 'altered' };
      const key = open.senderCurve25519Key;
      const deviceId = open.senderDevice?.toString() ?? (await this.#deviceWith(senderId, key));
      const { place, since, conversation, key: sentAs, content, edits } = said;
      if (conversation !== conversationId || userOf(open.sender.toString()) !== senderId)
        return { why: 'altered' };
      // By its key, as keys of a backup name no device. What is written over others has places of its own, so that nothing seems to be
      // missing where it is not shown.
      const counted = edits ? `${key}/edits` : key;
      const isInOrder = await this.#deps.memory.isInOrder(conversationId, {
        deviceId: counted,
        place,
        number,
      });
      if (!isInOrder) return { why: 'out-of-order' };
      return {
        content,
        deviceId,
        place,
        isVerified: await this.#isVerified(senderId, open.shieldState(true)),
        ...(since !== undefined && { since }),
        ...(sentAs !== undefined && { key: sentAs }),
        ...(edits && { edits }),
      };
    } catch (error) {
      return { why: this.#whyNot(error) };
    }
  }

  async close(): Promise<void> {
    await this.#pulling?.catch(() => undefined);
    await this.#turn.catch(() => undefined);
    this.machine.close();
  }

  async #encrypt(
    conversationId: string,
    content: SendableContent,
    as: SaidAs,
  ): Promise<{ readonly body: string; readonly place: number }> {
    const { api, userId, memory } = this.#deps;
    const { crypto, machine } = this;
    if (!(await this.isSigned())) throw needsApproval();
    const people = await peopleIn(api, conversationId);
    const others = people.filter((id) => id !== userId);
    await machine.updateTrackedUsers(people.map((id) => this.user(id)));
    await this.requests.run();
    const readers = await this.#readersAmong(others);
    if (readers.length === 0)
      throw new ChatError('NO_KEYS', 'Nobody else here has set up encryption: nobody could read it.', {
        cure: 'Ask them to set it up, and send it again.',
      });
    const all = [userId, ...readers];
    const claim = await machine.getMissingSessions(all.map((id) => this.user(id)));
    if (claim) await this.requests.send(claim);
    const room = (): InstanceType<Crypto['RoomId']> => new crypto.RoomId(libraryRoom(conversationId));
    const settings = new crypto.EncryptionSettings();
    settings.sharingStrategy = crypto.CollectStrategy.identityBasedStrategy();
    settings.rotationPeriod = BigInt(rotateAfterMs) * 1_000n;
    const share = () =>
      machine.shareRoomKey(
        room(),
        all.map((id) => this.user(id)),
        settings,
      );
    // A device that is gone may have the key from a backup: the library knows only to whom it gave it. It has to be loaded to be ended.
    if (memory.mustRenew(conversationId, all)) {
      await share();
      await machine.invalidateGroupSession(room());
    }
    for (const request of await share()) await this.requests.send(request);
    memory.renewed(conversationId);
    const isEdit = 'edits' in as;
    const place = await memory.nextPlace(conversationId, isEdit ? 'edited' : 'said');
    const said: Said = {
      ...{ place, conversation: conversationId, content, ...as },
      ...(!isEdit && { since: memory.lastArrived(conversationId) }),
    };
    const body = await machine.encryptRoomEvent(room(), eventType, JSON.stringify(said));
    return { body, place };
  }

  /** Those who have keys. Refuses while somebody's keys are others than they were, until somebody has looked at that. */
  async #readersAmong(userIds: readonly string[]): Promise<string[]> {
    const readers: string[] = [];
    for (const id of userIds) {
      const identity = (await this.machine.getIdentity(this.user(id))) as OtherUserIdentity | undefined;
      if (!identity) continue;
      if (identity.identityNeedsUserApproval() || identity.hasVerificationViolation())
        throw new ChatError('KEYS_CHANGED', 'The keys of somebody here are others than before.', {
          cure: 'Compare codes with them, or say that the new keys are fine: `approve`. Then send it again.',
        });
      readers.push(id);
    }
    return readers;
  }

  /** Empty: it is not there any more. */
  async #deviceWith(userId: string, key: string): Promise<string> {
    const devices = (await this.machine.getUserDevices(this.user(userId))).devices();
    return devices.find((one) => one.curve25519Key?.toBase64() === key)?.deviceId.toString() ?? '';
  }

  async #isVerified(senderId: string, shield: { readonly color: ShieldColor }): Promise<boolean> {
    if (shield.color !== this.crypto.ShieldColor.None) return false;
    const identity = await this.machine.getIdentity(this.user(senderId));
    return identity?.isVerified() ?? false;
  }

  #whyNot(error: unknown): UnreadableWhy {
    const { DecryptionErrorCode: codes, MegolmDecryptionError } = this.crypto;
    if (!(error instanceof MegolmDecryptionError)) return 'altered';
    switch (error.code) {
      case codes.MissingRoomKey:
      case codes.UnknownMessageIndex:
        return 'no-key';
      case codes.UnknownSenderDevice:
      case codes.UnsignedSenderDevice:
      case codes.MismatchedSender:
        return 'unsigned';
      case codes.SenderIdentityVerificationViolation:
        return 'changed-keys';
      default:
        return 'altered';
    }
  }

  async #pullAll(isBack: boolean): Promise<void> {
    const { api, memory } = this.#deps;
    let asksForChanges = isBack;
    const { unanswered } = memory.device ?? {};
    if (unanswered) await this.#receive(unanswered);
    for (;;) {
      this.#pullsAgain = false;
      const known = memory.device;
      if (!known) return;
      const tracked = asksForChanges ? await this.machine.trackedUsers() : undefined;
      const answer = await ask(
        api.POST('/v1/encryption/devices/{deviceId}/sync', {
          params: { path: { deviceId: known.deviceId } },
          body: {
            acknowledged: known.acknowledged,
            ...(tracked && {
              tracked: {
                userIds: [...tracked].map((one) => userOf(one.toString())).slice(0, 2_000),
                since: known.since,
              },
            }),
          },
        }),
      );
      const events = answer.messages.map(({ senderId, type, content }) => ({
        ...{ type, sender: libraryUser(senderId), content: JSON.parse(content) as PlainEvent['content'] },
      }));
      await this.#know(answer.messages.map(({ senderId }) => senderId));
      await this.#receive(events, answer.changed, answer);
      const acknowledged = answer.messages.at(-1)?.id ?? known.acknowledged;
      const since = asksForChanges ? answer.until : known.since;
      await memory.acknowledge({ acknowledged, since }, events.filter(this.#isForSecret));
      await this.requests.run();
      await memory.markAnswered();
      this.#deps.onPulled(events);
      this.onConversations?.(answer.conversations);
      asksForChanges = false;
      if (!answer.hasMore && !this.#mustPullAgain()) return;
    }
  }

  /** Another device of the person asks for what opens the backup, or signs devices. The library sees to who gets it. */
  readonly #isForSecret = ({ type, sender }: PlainEvent): boolean =>
    type === 'm.secret.request' && sender === libraryUser(this.#deps.userId);

  /** Whose devices these are: or nothing that they say would be believed. */
  async #know(userIds: readonly string[]): Promise<void> {
    if (userIds.length === 0) return;
    await this.machine.updateTrackedUsers([...new Set(userIds)].map((id) => this.user(id)));
    await this.requests.run();
  }

  /** Something came while it was asked. */
  #mustPullAgain(): boolean {
    return this.#pullsAgain;
  }

  /** Which conversations are encrypted, as the platform says. */
  onConversations: ((ids: readonly string[]) => void) | undefined;

  async #receive(
    events: readonly object[],
    changed: readonly string[] = [],
    state?: { readonly oneTimeKeys: number; readonly isFallbackUsed: boolean },
  ): Promise<void> {
    const { crypto, machine } = this;
    const counts = new Map([['signed_curve25519', state?.oneTimeKeys ?? enoughKeys]]);
    const unused = new Set<string>(state?.isFallbackUsed === false ? ['signed_curve25519'] : []);
    await machine.receiveSyncChanges(
      JSON.stringify(events),
      new crypto.DeviceLists(changed.map((id) => this.user(id))),
      counts,
      state ? unused : undefined,
      new crypto.DecryptionSettings(crypto.TrustRequirement.Untrusted),
    );
  }
}

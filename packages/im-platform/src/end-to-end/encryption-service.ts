import type { Database } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import type { Addressed, DeviceMessage, DeviceMessages } from './device-messages.ts';
import type { ClaimedKey, DeviceName, Devices, DeviceState, PublicDevice, Upload } from './devices.ts';
import type { EncryptionNews } from './encryption-news.ts';
import type { Identities, Identity, Signature } from './identities.ts';
import type { Marks } from './marks.ts';
import { sharedWith } from './shared.ts';

export interface EncryptionDeps {
  readonly database: Pick<Database, 'sql'>;
  readonly devices: Devices;
  readonly identities: Identities;
  readonly messages: DeviceMessages;
  readonly marks: Marks;
  readonly news: EncryptionNews;
}

/** What a device says when it asks what is new. */
export interface Asked {
  /** It has all messages up to this one. */
  readonly acknowledged: number;
  /** Whose devices it knows, and since when. */
  readonly tracked?: { readonly userIds: readonly number[]; readonly since: number } | undefined;
  readonly limit: number;
}

export interface Answered extends DeviceState {
  readonly messages: readonly DeviceMessage[];
  readonly changed: readonly number[];
  /** What to say the next time as `since`. */
  readonly until: number;
  readonly conversations: readonly string[];
}

export interface PublicKeys {
  readonly devices: readonly PublicDevice[];
  readonly identities: readonly Identity[];
  readonly signatures: readonly Signature[];
}

/** Clocks of instances differ, and a transaction takes a while; who asks again about the same is none the worse. */
const slackMs = 60_000;

export class EncryptionService {
  readonly #deps: EncryptionDeps;

  constructor(deps: EncryptionDeps) {
    this.#deps = deps;
  }

  async upload(name: DeviceName, upload: Upload, sessionId: string): Promise<DeviceState> {
    const state = await this.#deps.devices.upload(name, upload, sessionId);
    if (upload.deviceKeys !== undefined) await this.#tellOfDevices(name.userId);
    return state;
  }

  async removeDevice(name: DeviceName): Promise<void> {
    const wasThere = await this.#deps.devices.remove(name);
    await this.#tellOfDevices(name.userId);
    if (!wasThere) throw unknownDevice();
  }

  async putIdentity(userId: number, keys: string, isFirst: boolean): Promise<void> {
    await this.#deps.identities.put(userId, keys, isFirst);
    await this.#tellOfDevices(userId);
  }

  /** Somebody signs their own devices, or whom they have verified. */
  async sign(userId: number, signatures: readonly Omit<Signature, 'userId'>[]): Promise<void> {
    const { identities } = this.#deps;
    const shared = await this.#shared(
      userId,
      signatures.map(({ signedUserId }) => signedUserId),
    );
    await identities.sign(
      userId,
      signatures.filter(({ signedUserId }) => shared.has(signedUserId)),
    );
    if (signatures.some(({ signedUserId }) => signedUserId === userId)) await this.#tellOfDevices(userId);
  }

  /** Of those alone with whom the user shares something. */
  async keysOf(userId: number, userIds: readonly number[]): Promise<PublicKeys> {
    const { devices, identities } = this.#deps;
    const shared = [...(await this.#shared(userId, userIds))];
    return {
      devices: await devices.of(shared),
      identities: await identities.of(shared),
      signatures: await identities.signaturesOf(shared, userId),
    };
  }

  async claim(userId: number, names: readonly DeviceName[]): Promise<ClaimedKey[]> {
    const shared = await this.#shared(
      userId,
      names.map((name) => name.userId),
    );
    return this.#deps.devices.claim(names.filter((name) => shared.has(name.userId)));
  }

  async send(userId: number, type: string, messages: readonly Addressed[]): Promise<void> {
    const shared = await this.#shared(
      userId,
      messages.map((message) => message.userId),
    );
    const allowed = messages.filter((message) => shared.has(message.userId));
    const told = await this.#deps.messages.put(userId, type, allowed);
    await this.#deps.news.tell(told, { kind: 'messages' });
  }

  async ask(name: DeviceName, { acknowledged, tracked, limit }: Asked): Promise<Answered> {
    const { devices, messages, marks, identities } = this.#deps;
    const state = await devices.state(name);
    if (!state) throw unknownDevice();
    const until = Date.now() - slackMs;
    await messages.forget(name, acknowledged);
    const shared = tracked ? [...(await this.#shared(name.userId, tracked.userIds))] : [];
    return {
      ...state,
      messages: await messages.after(name, acknowledged, limit),
      changed: tracked ? await identities.changedSince(shared, tracked.since) : [],
      until,
      conversations: await marks.list(name.userId),
    };
  }

  async mark(userId: number, conversationId: string): Promise<void> {
    const people = await this.#deps.marks.mark(userId, conversationId);
    await this.#deps.news.tell(people, { kind: 'conversation', conversationId });
  }

  #shared(userId: number, others: readonly number[]): Promise<Set<number>> {
    return sharedWith(this.#deps.database, userId, [...new Set(others)]);
  }

  /** Asked for a second time, too: an instance that died may have told nobody. */
  async #tellOfDevices(userId: number): Promise<void> {
    const { marks, news } = this.#deps;
    await news.tell(await marks.peopleAround(userId), { kind: 'devices', userId: String(userId) });
  }
}

function unknownDevice(): Refusal {
  return new Refusal('encryptionDeviceUnknown', { code: 404 });
}

import type { ApiClient } from 'im-platform/client';
import { ask } from '../api/api.ts';
import { toChatError } from '../errors.ts';
import type { Crypto, OlmMachine } from './library.ts';
import { conversationOf, libraryUser, userOf } from './names.ts';

// What the library wants to ask a server of Matrix, asked of ours; and what it answers, as that would.

export interface Request {
  readonly id?: string | undefined;
  readonly type?: number;
  readonly body: string;
  readonly event_type?: string;
  readonly version?: string;
}

type Json = Record<string, unknown>;
type ByUser<Value> = Record<string, Record<string, Value>>;

interface Signed {
  readonly signatures?: ByUser<string>;
}

const mostAddressed = 250;

export interface OwnDevice {
  /** As the session in which it was set up. */
  readonly name: string | null;
  /** RFC 3339. */
  readonly addedAt: string;
}

export interface RequestDeps {
  readonly api: ApiClient;
  readonly crypto: Crypto;
  readonly machine: OlmMachine;
  readonly userId: string;
  readonly deviceId: string;
  /** Somebody has one device less; told before the library knows it. */
  readonly onRemoved: (userId: string) => Promise<void>;
}

export class Requests {
  readonly #deps: RequestDeps;
  /** What shows that a device of the person has backed something up. */
  markBackedUp: (text: string) => Promise<string> = () => Promise.resolve('');
  /** What the platform says of the person's own devices. */
  readonly mine: Map<string, OwnDevice> = new Map();
  /** The platform has said that there is something that signs the person's devices. */
  hasIdentity = false;
  /** Something of what was said did not get through. */
  onUnsent: () => void = () => undefined;
  /** What the library gives once, in its order. */
  readonly #said: Request[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  constructor(deps: RequestDeps) {
    this.#deps = deps;
  }

  /** All that the library wants to be asked now, and what follows from the answers. What was said and has not gone out goes first. */
  run(): Promise<void> {
    return this.#inTurn(async () => {
      for (;;) {
        await this.#sendSaid();
        const requests = (await this.#deps.machine.outgoingRequests()) as Request[];
        if (requests.length === 0) return;
        for (const request of requests) await this.send(request);
      }
    });
  }

  /** What the library does not give again: until the platform has it, it goes out before all else. */
  async say(...requests: readonly (Request | undefined)[]): Promise<void> {
    this.#said.push(...requests.filter((request) => request !== undefined));
    await this.#inTurn(() => this.#sendSaid()).catch((error: unknown) => {
      if (this.#said.length > 0) this.onUnsent();
      throw error;
    });
  }

  async #sendSaid(): Promise<void> {
    for (let next; (next = this.#said[0]); this.#said.shift()) {
      try {
        await this.send(next);
      } catch (error) {
        // Nor will it be taken later, and others wait behind it.
        if (!toChatError(error).retryable) this.#said.shift();
        throw error;
      }
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async send(request: Request): Promise<void> {
    const { machine, crypto } = this.#deps;
    const { RequestType: types } = crypto;
    const { type, id } = request;
    const answer = await this.#ask(request, types);
    if (id !== undefined && type !== undefined)
      await machine.markRequestAsSent(id, type, JSON.stringify(answer));
  }

  /** False: another device of the person was before it. */
  async putIdentity(keys: string): Promise<boolean> {
    const { api } = this.#deps;
    try {
      await ask(api.PUT('/v1/encryption/identity', { body: { keys, isFirst: true } }));
      return true;
    } catch (error) {
      if (toChatError(error).code === 'NOT_ALLOWED') return false;
      throw error;
    }
  }

  async #ask(request: Request, types: Crypto['RequestType']): Promise<Json> {
    const body = JSON.parse(request.body) as Json;
    switch (request.type) {
      case types.KeysUpload:
        return this.#upload(body);
      case types.KeysQuery:
        return this.#query(Object.keys(body['device_keys'] as Json).map(userOf));
      case types.KeysClaim:
        return this.#claim(body['one_time_keys'] as ByUser<string>);
      case types.ToDevice:
        return this.#toDevice(request.event_type ?? '', body['messages'] as ByUser<Json>);
      case types.SignatureUpload:
        return this.#sign(body as ByUser<Signed>);
      case types.KeysBackup:
        return this.#backUp(Number(request.version), body['rooms'] as Record<string, { sessions: Json }>);
      default:
        return {};
    }
  }

  async #upload(body: Json): Promise<Json> {
    const { api, deviceId } = this.#deps;
    const keys = (name: string): { id: string; key: string }[] =>
      Object.entries((body[name] as Json | undefined) ?? {}).map(([id, key]) => ({
        ...{ id, key: JSON.stringify(key) },
      }));
    const [fallbackKey] = keys('fallback_keys');
    const state = await ask(
      api.PUT('/v1/encryption/devices/{deviceId}', {
        params: { path: { deviceId } },
        body: {
          ...(body['device_keys'] !== undefined && { deviceKeys: JSON.stringify(body['device_keys']) }),
          oneTimeKeys: keys('one_time_keys'),
          ...(fallbackKey && { fallbackKey }),
        },
      }),
    );
    return { one_time_key_counts: { signed_curve25519: state.oneTimeKeys } };
  }

  /** With the signatures where they belong: the platform keeps them beside what they sign, which it does not read. */
  async #query(userIds: readonly string[]): Promise<Json> {
    const { api } = this.#deps;
    const found = await ask(api.POST('/v1/encryption/keys/query', { body: { userIds: [...userIds] } }));
    const devices: ByUser<Signed> = Object.fromEntries(userIds.map((id) => [libraryUser(id), {}]));
    for (const { userId, deviceId, keys, mine } of found.devices) {
      (devices[libraryUser(userId)] ??= {})[deviceId] = JSON.parse(keys) as Signed;
      if (mine) this.mine.set(deviceId, mine);
    }
    for (const id of userIds) await this.#lookForRemoved(id, devices[libraryUser(id)] ?? {});
    const { userId: me } = this.#deps;
    if (userIds.includes(me)) this.hasIdentity = found.identities.some(({ userId }) => userId === me);
    const [masters, selves, users]: Record<string, Signed>[] = [{}, {}, {}];
    for (const { userId, keys } of found.identities) {
      const name = libraryUser(userId);
      const parsed = JSON.parse(keys) as Record<string, Signed | undefined>;
      if (masters && parsed['master_key']) masters[name] = parsed['master_key'];
      if (selves && parsed['self_signing_key']) selves[name] = parsed['self_signing_key'];
      if (users && parsed['user_signing_key'] && userId === this.#deps.userId)
        users[name] = parsed['user_signing_key'];
    }
    for (const { userId, signedUserId, keyId, signatures } of found.signatures) {
      const owner = libraryUser(signedUserId);
      const signed = devices[owner]?.[keyId] ?? (isKeyOf(masters?.[owner], keyId) && masters?.[owner]);
      if (signed)
        addSignatures(signed, libraryUser(userId), JSON.parse(signatures) as Record<string, string>);
    }
    return {
      ...{ device_keys: devices, master_keys: masters, self_signing_keys: selves, user_signing_keys: users },
      failures: {},
    };
  }

  async #lookForRemoved(userId: string, now: Record<string, Signed>): Promise<void> {
    const { crypto, machine, onRemoved } = this.#deps;
    const before = await machine.getUserDevices(new crypto.UserId(libraryUser(userId)));
    if (before.devices().some((device) => !(device.deviceId.toString() in now))) await onRemoved(userId);
  }

  async #claim(wanted: ByUser<string>): Promise<Json> {
    const { api } = this.#deps;
    const devices = Object.entries(wanted).flatMap(([name, ids]) =>
      Object.keys(ids).map((deviceId) => ({ userId: userOf(name), deviceId })),
    );
    const claimed: ByUser<Json> = {};
    for (const some of inParts(devices)) {
      const { keys } = await ask(api.POST('/v1/encryption/keys/claim', { body: { devices: some } }));
      for (const { userId, deviceId, id, key } of keys)
        (claimed[libraryUser(userId)] ??= {})[deviceId] = { [id]: JSON.parse(key) as unknown };
    }
    return { one_time_keys: claimed, failures: {} };
  }

  async #toDevice(type: string, messages: ByUser<Json>): Promise<Json> {
    const { api } = this.#deps;
    const addressed: { userId: string; deviceId: string; content: string }[] = [];
    for (const [name, contents] of Object.entries(messages)) {
      for (const [deviceId, content] of Object.entries(contents)) {
        const userId = userOf(name);
        const all = deviceId === '*' ? await this.#otherDevices(userId) : [deviceId];
        for (const one of all) addressed.push({ userId, deviceId: one, content: JSON.stringify(content) });
      }
    }
    for (const some of inParts(addressed))
      await ask(api.POST('/v1/encryption/messages', { body: { type, messages: some } }));
    return {};
  }

  async #otherDevices(userId: string): Promise<string[]> {
    const { api, deviceId } = this.#deps;
    const { devices } = await ask(api.POST('/v1/encryption/keys/query', { body: { userIds: [userId] } }));
    return devices.map((device) => device.deviceId).filter((id) => id !== deviceId);
  }

  async #sign(body: ByUser<Signed>): Promise<Json> {
    const { api, userId } = this.#deps;
    const me = libraryUser(userId);
    const signatures = Object.entries(body).flatMap(([name, keys]) =>
      Object.entries(keys).flatMap(([keyId, signed]) => {
        const mine = signed.signatures?.[me];
        return mine ? [{ signedUserId: userOf(name), keyId, signatures: JSON.stringify(mine) }] : [];
      }),
    );
    await ask(api.PUT('/v1/encryption/signatures', { body: { signatures } }));
    return { failures: {} };
  }

  async #backUp(version: number, rooms: Record<string, { sessions: Json }>): Promise<Json> {
    const { api } = this.#deps;
    const sessions = Object.entries(rooms).flatMap(([room, { sessions: all }]) =>
      Object.entries(all).map(([sessionId, data]) => ({
        ...{ conversation: conversationOf(room), sessionId, data: JSON.stringify(data) },
        firstIndex: Number((data as Json)['first_message_index'] ?? 0),
      })),
    );
    for (const some of inParts(sessions, 100)) {
      const params = { path: { version } };
      const marked = some.map(async (session) => ({
        ...session,
        data: `${await this.markBackedUp(backedUpText(session))} ${session.data}`,
      }));
      const body = { sessions: await Promise.all(marked) };
      await ask(api.PUT('/v1/encryption/backup/{version}/keys', { params, body }));
    }
    return { etag: String(version), count: sessions.length };
  }
}

/** So that nothing stands for another session, or in another conversation. */
export function backedUpText({
  conversation,
  sessionId,
  data,
}: {
  readonly conversation: string;
  readonly sessionId: string;
  readonly data: string;
}): string {
  return `${conversation}\n${sessionId}\n${data}`;
}

function isKeyOf(signed: Signed | undefined, keyId: string): boolean {
  const { keys = {} } = (signed ?? {}) as { keys?: Json };
  return Object.keys(keys).includes(`ed25519:${keyId}`);
}

/** A device says of itself that it has signed something; so does the library's answer of Matrix. */
function addSignatures(signed: Signed, by: string, signatures: Record<string, string>): void {
  const all = ((signed as { signatures?: ByUser<string> }).signatures ??= {});
  all[by] = { ...all[by], ...signatures };
}

function inParts<One>(all: readonly One[], most = mostAddressed): One[][] {
  const parts: One[][] = [];
  for (let from = 0; from < all.length; from += most) parts.push(all.slice(from, from + most));
  return parts;
}

import { waitUntil } from '../../../support/wait-until.ts';
import { dyingAt } from '../../kit/dying-at.ts';
import type { PlatformProgram } from '../../kit/platform.ts';
import type { RowOptions } from '../row.ts';
import { password, type Stage } from './stage.ts';

/** A request that has not ended by then asks for ever. */
const mostDeaths = 20;
const changed = [
  ...['encryption_device', 'encryption_key', 'encryption_identity', 'encryption_signature'],
  ...['encryption_message', 'encrypted_conversation'],
];

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  /** What may be answered to who asks again about what was done. */
  readonly also?: number;
}

interface Somebody {
  readonly id: string;
  readonly token: string;
}

type News = Readonly<Record<string, unknown>> & { readonly kind: string };

/** Something that a device asks for, about things of its own. */
interface Case {
  readonly ask: Asked;
  /** What bob is to be told, should he be. */
  readonly news?: News;
  /** What has to be so in the end. */
  readonly look: () => Promise<unknown>;
  readonly wanted: unknown;
}

type Kind = (statements: Statements, name: string) => Promise<Case>;

const query = { method: 'POST', path: '/encryption/keys/query' };
const device = (name: string): string => `/encryption/devices/${name}`;

const kinds: Readonly<Record<string, Kind>> = {
  async 'keys of a device'(here, name) {
    const oneTimeKeys = [{ id: 'k:1', key: '"1"' }];
    return {
      ask: { method: 'PUT', path: device(name), body: { deviceKeys: name, oneTimeKeys } },
      ...here.ofDevices(),
      look: async () => [await here.devicesNamed(name), await here.oneTimeKeysOf(name)],
      wanted: [[name], 1],
    };
  },
  async 'a device that is removed'(here, name) {
    await here.upload(here.ann, name);
    return {
      ask: { method: 'DELETE', path: device(name), also: 404 },
      ...here.ofDevices(),
      look: () => here.devicesNamed(name),
      wanted: [],
    };
  },
  async 'keys that sign devices'(here, name) {
    return {
      ask: { method: 'PUT', path: '/encryption/identity', body: { keys: name } },
      ...here.ofDevices(),
      look: async () => (await here.keysOfAnn()).identities.map(({ keys }) => keys),
      wanted: [name],
    };
  },
  async signatures(here, name) {
    const signatures = [{ signedUserId: here.ann.id, keyId: name, signatures: name }];
    return {
      ask: { method: 'PUT', path: '/encryption/signatures', body: { signatures } },
      ...here.ofDevices(),
      look: async () => (await here.keysOfAnn()).signatures.filter(({ keyId }) => keyId === name).length,
      wanted: 1,
    };
  },
  async 'a message to a device'(here, name) {
    await here.upload(here.bob, name);
    const messages = [{ userId: here.bob.id, deviceId: name, content: name }];
    return {
      ask: { method: 'POST', path: '/encryption/messages', body: { type: 'm.any', messages } },
      news: { kind: 'messages' },
      look: () => here.waitingFor(name),
      wanted: [name],
    };
  },
  async 'what a device has heard'(here, name) {
    await here.upload(here.ann, name);
    for (const content of ['first', 'second']) {
      const messages = [{ userId: here.ann.id, deviceId: name, content }];
      await here.must(here.bob, { ...sending, body: { type: 'm.any', messages } });
    }
    const { messages } = await here.sync(here.ann, name);
    return {
      ask: { method: 'POST', path: `${device(name)}/sync`, body: { acknowledged: messages[0]?.id } },
      look: async () => (await here.sync(here.ann, name)).messages.map(({ content }) => content),
      wanted: ['second'],
    };
  },
  async 'a conversation that is encrypted'(here) {
    const conversationId = await here.newGroup();
    return {
      ask: { method: 'PUT', path: `/conversations/${conversationId}/encryption` },
      news: { kind: 'conversation', conversationId },
      look: async () => (await here.sync(here.bob, here.watching)).conversations.includes(conversationId),
      wanted: true,
    };
  },
};
const sending = { method: 'POST', path: '/encryption/messages' };

interface Keys {
  readonly devices: readonly { readonly deviceId: string }[];
  readonly identities: readonly { readonly keys: string }[];
  readonly signatures: readonly { readonly keyId: string }[];
}

interface Synced {
  readonly oneTimeKeys: number;
  readonly messages: readonly { readonly id: number; readonly content: string }[];
  readonly conversations: readonly string[];
  readonly changed: readonly string[];
}

/**
 * What devices ask that changes something: an instance dies before its first statement, before its second one, and so on, and before it tells
 * others of it; the device asks another instance again.
 */
export class Statements {
  readonly problems: string[] = [];
  checked = 0;
  #number = 0;
  /** A device of bob's. */
  readonly watching = 'watching';
  readonly ann: Somebody;
  readonly bob: Somebody;
  readonly #stage: Stage;
  readonly #say: RowOptions['say'];
  readonly #heard: readonly { readonly data: unknown }[];

  static async start(stage: Stage, say: RowOptions['say']): Promise<Statements> {
    const [ann, bob] = [await signIn(stage, 'hal'), await signIn(stage, 'ida')];
    const { seen } = await stage.listen(Number(bob.id));
    const here = new Statements(stage, { ann, bob, heard: seen, say });
    await here.must(ann, { method: 'PUT', path: `/friends/${bob.id}` });
    await here.must(ann, { method: 'PUT', path: `/conversations/private:${ann.id}:${bob.id}/encryption` });
    await here.upload(bob, here.watching);
    return here;
  }

  private constructor(
    stage: Stage,
    given: {
      readonly ann: Somebody;
      readonly bob: Somebody;
      readonly heard: readonly { readonly data: unknown }[];
      readonly say: RowOptions['say'];
    },
  ) {
    this.#stage = stage;
    this.ann = given.ann;
    this.bob = given.bob;
    this.#heard = given.heard;
    this.#say = given.say;
  }

  /** `only`: one of them, and one death before others are told. */
  async killInAll(only?: number): Promise<void> {
    const all = Object.entries(kinds);
    if (only === undefined) for (const [name, kind] of all) await this.#killIn(name, kind);
    else
      for (const [name, kind] of [all[only % all.length]].flatMap((one) => (one ? [one] : [])))
        await this.#die(name, kind, 'telling');
  }

  async #killIn(name: string, kind: Kind): Promise<void> {
    for (let nth = 1; nth <= mostDeaths; nth++)
      if (!(await this.#die(name, kind, nth))) {
        await this.#die(name, kind, 'telling');
        return;
      }
    this.problems.push(`${name} has more than ${mostDeaths} statements`);
  }

  /** False: it lives. */
  async #die(name: string, kind: Kind, at: number | 'telling'): Promise<boolean> {
    this.#number += 1;
    const number = this.#number;
    const one = await kind(this, `D${number}`);
    const dying = await this.#stage.another(
      at === 'telling'
        ? { dieAt: { method: 'lists.put', list: 'message:system' } }
        : { flags: dyingAt(at, changed) },
    );
    const [since, heard] = [Date.now() - 1, this.#heard.length];
    const before = JSON.stringify(await one.look());
    const first = await ask(dying.url, this.ann, one.ask).catch((error: unknown) => error as Error);
    const isDead = first instanceof Error;
    const when = `${name}, killed at ${at}`;
    if (isDead) {
      this.#stage.kills += 1;
      this.#say?.(when);
      const isDone = JSON.stringify(await one.look()) !== before;
      // Also when the device dies, too, and never asks again.
      if (isDone && one.news?.kind === 'devices')
        this.#expect(`${when}: known when one comes back`, await this.#changedSince(since), [this.ann.id]);
      await this.must(this.ann, one.ask);
    }
    this.#expect(when, await one.look(), one.wanted);
    const { news } = one;
    if (news) await this.#isTold(when, news, heard);
    await dying.kill();
    for (const who of [this.ann, this.bob])
      await this.must(who, { method: 'DELETE', path: device(`D${number}`), also: 404 });
    return isDead;
  }

  async #isTold(when: string, news: News, after: number): Promise<void> {
    const isIt = ({ data }: { data: unknown }): boolean => {
      const told = (data as { encryption?: object }).encryption ?? {};
      return Object.entries(news).every(([key, value]) => (told as Record<string, unknown>)[key] === value);
    };
    const isTold = await waitUntil(
      'he is told',
      async () => this.#heard.slice(after).some(isIt),
      10_000,
    ).catch(() => false);
    this.#expect(`${when}: others are told`, isTold, true);
  }

  ofDevices(): { readonly news: News } {
    return { news: { kind: 'devices', userId: this.ann.id } };
  }

  async upload(who: Somebody, name: string): Promise<void> {
    await this.must(who, { method: 'PUT', path: device(name), body: { deviceKeys: name } });
  }

  async sync(who: Somebody, name: string, more: object = {}): Promise<Synced> {
    const body = { acknowledged: 0, ...more };
    return (await this.must(who, { method: 'POST', path: `${device(name)}/sync`, body })) as Synced;
  }

  async oneTimeKeysOf(name: string): Promise<number> {
    return (await this.devicesNamed(name)).length && (await this.sync(this.ann, name)).oneTimeKeys;
  }

  async waitingFor(name: string): Promise<string[]> {
    return (await this.sync(this.bob, name)).messages.map(({ content }) => content);
  }

  async keysOfAnn(): Promise<Keys> {
    return (await this.must(this.bob, { ...query, body: { userIds: [this.ann.id] } })) as Keys;
  }

  async devicesNamed(name: string): Promise<string[]> {
    const { devices } = await this.keysOfAnn();
    return devices.flatMap(({ deviceId }) => (deviceId === name ? [deviceId] : []));
  }

  async newGroup(): Promise<string> {
    const made = await this.must(this.ann, { method: 'POST', path: '/groups', body: { name: 'club' } });
    const { id, conversationId } = made as { id: string; conversationId: string };
    const body = { userIds: [this.bob.id] };
    await this.must(this.ann, { method: 'POST', path: `/groups/${id}/members`, body });
    return conversationId;
  }

  /** Of the instance that lives. */
  must(who: Somebody, asked: Asked): Promise<unknown> {
    return ask(this.#stage.url, who, asked);
  }

  async #changedSince(since: number): Promise<readonly string[]> {
    const tracked = { userIds: [this.ann.id], since };
    return (await this.sync(this.bob, this.watching, { tracked })).changed;
  }

  #expect(when: string, is: unknown, should: unknown): void {
    this.checked += 1;
    if (JSON.stringify(is) !== JSON.stringify(should))
      this.problems.push(`${when}: ${JSON.stringify(is)}, expected ${JSON.stringify(should)}`);
  }
}

async function signIn(stage: Stage, userName: string): Promise<Somebody> {
  const id = await stage.register(userName);
  const body = { userName, password, device: 'app' };
  const { accessToken } = (await ask(
    stage.url,
    { id, token: '' },
    { method: 'POST', path: '/sessions', body },
  )) as { accessToken: string };
  return { id, token: accessToken };
}

/** Rejects when nothing answers, or it was not done. */
async function ask(
  url: PlatformProgram['url'],
  { token }: Somebody,
  { method, path, body, also }: Asked,
): Promise<unknown> {
  const response = await fetch(`${url}/v1${path}`, {
    method,
    headers: {
      ...(token !== '' && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer = await response.text();
  if (!response.ok && response.status !== also)
    throw new Error(`${method} ${path}: ${response.status} ${answer}`);
  return answer === '' ? undefined : JSON.parse(answer);
}

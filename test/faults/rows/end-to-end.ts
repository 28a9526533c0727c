import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Chat, fileKeyOf, memoryStore, type Conversation, type Message } from 'im-chat';
import { endToEnd, missingIn, type EndToEnd } from 'im-chat/end-to-end';
import { createApiClient, unwrap } from 'im-platform/client';
import { WebSocket } from 'ws';
import { freePort } from '../../support/index.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { CuttingWire, type Cut, type CutHow } from '../kit/cutting-wire.ts';
import { migratedFor } from '../kit/databases.ts';
import { startOwnRedis, startProgram } from '../kit/few.ts';
import { PlatformProgram } from '../kit/platform.ts';
import { Random } from '../kit/random.ts';
import type { Scope } from '../kit/scope.ts';
import type { Row } from './row.ts';

const password = 'a-good-one-7';
const patienceMs = 120_000;
/** Each hits all kinds of requests. */
const killsOfCycle = 3;

/**
 * A platform is killed in the middle of all that devices ask it when they encrypt. Three kills cut off twelve kinds of requests, several with
 * each: they are held until all of them are out. In every second round they were done, and their answers are lost.
 */
export const endToEndUnderKills: Row = {
  name: 'end-to-end',
  numbers: [],
  holds:
    'a platform is killed in the midst of what devices ask it that encrypt: what was sent is read by every device that should, once and in order, no key is given twice, and nobody else reads',
  inTest: 3,
  inFull: 60,
  async run({ times, seed, scope }) {
    const random = new Random(seed);
    const problems: string[] = [];
    const figures: Record<string, { value: number; unit: string; atLeast?: number }> = {};
    let [checked, kills] = [0, 0];
    // Within the suite the one or the other.
    const stores = (['sqlite', 'mariadb'] as const).filter(
      (_, index) => times > killsOfCycle || index === seed % 2,
    );
    for (const store of stores) {
      const stage = await Stage.start(scope, store, random);
      const talk = new Talk(stage);
      await talk.begin();
      for (let cycle = 1; cycle <= Math.ceil(times / killsOfCycle); cycle++)
        await talk.cycle(cycle, random.chance(0.5) ? 'answered' : 'begun');
      await talk.end();
      checked += talk.checked;
      kills += stage.kills;
      for (const problem of [...stage.problems, ...talk.problems]) problems.push(`${store}: ${problem}`);
      figures[`${store}: one-time keys that were given`] = { value: stage.given, unit: '', atLeast: 3 };
      figures[`${store}: messages that others could not read`] = { value: talk.hidden, unit: '', atLeast: 1 };
    }
    return { faults: kills, checked, problems: problems.slice(0, 20), figures };
  },
};

interface Person {
  readonly chat: Chat;
  readonly keys: EndToEnd;
  readonly id: string;
}

/** A platform that is killed, and comes back where it was. */
class Stage {
  readonly problems: string[] = [];
  readonly wire: CuttingWire;
  kills = 0;
  given = 0;
  readonly #scope: Scope;
  readonly #imUrl: string;
  readonly #begin: () => Promise<PlatformProgram>;
  readonly #claimed = new Set<string>();
  #program: PlatformProgram;

  static async start(scope: Scope, store: 'sqlite' | 'mariadb', random: Random): Promise<Stage> {
    const filesDir = await mkdtemp(join(tmpdir(), 'im-test-end-to-end-'));
    scope.onEnd(() => rm(filesDir, { recursive: true, force: true }));
    const { url: databaseUrl } = await migratedFor(scope, store);
    const { url: redisUrl } = await startOwnRedis(scope);
    const { url: imUrl } = await startProgram(scope, redisUrl);
    const platform = {
      ...{ endToEnd: true, port: await freePort(), friendship: 'open' as const },
      registrationsPerHour: 100_000,
    };
    const begin = () => PlatformProgram.start(scope, { databaseUrl, redisUrl, filesDir, platform });
    return new Stage({ scope, random, imUrl, begin, program: await begin() });
  }

  private constructor(given: {
    readonly scope: Scope;
    readonly random: Random;
    readonly imUrl: string;
    readonly begin: () => Promise<PlatformProgram>;
    readonly program: PlatformProgram;
  }) {
    this.#scope = given.scope;
    this.#imUrl = given.imUrl;
    this.#begin = given.begin;
    this.#program = given.program;
    this.wire = new CuttingWire(given.random, (path, answer) => void this.#heard(path, answer.clone()));
  }

  /** One kill in the middle of all of these. Each act goes on until it is done. */
  async killIn(how: CutHow, cuts: readonly Cut[], acts: readonly (() => Promise<unknown>)[]): Promise<void> {
    this.wire.arm(cuts, how);
    const done = Promise.all(acts.map(again));
    // What it says is heard below.
    done.catch(() => undefined);
    await Promise.race([
      this.wire.cut(() => this.#program.kill()),
      done.then(() => new Promise(() => undefined)),
    ]);
    this.kills += 1;
    this.#program = await this.#begin();
    await done;
  }

  async register(userName: string): Promise<string> {
    const api = createApiClient({ url: this.#program.url });
    await unwrap(api.POST('/v1/accounts', { body: { userName, password } }));
    await unwrap(api.POST('/v1/sessions', { body: { userName, password, device: 'pc' } }));
    return (await unwrap(api.GET('/v1/me'))).id;
  }

  /** A new device of somebody; `who` is what the wire calls it. */
  async device(userName: string, who: string, kind: 'web' | 'app' = 'web'): Promise<Person> {
    const keys = endToEnd();
    const chat = new Chat({
      ...{ url: this.#program.url, imUrl: this.#imUrl, WebSocket, language: 'en' },
      ...{ encryption: keys, store: memoryStore(), fetch: (request) => this.wire.ask(who, request) },
      device: { backoffBaseMs: 50, backoffCeilingMs: 200 },
    });
    this.#scope.onEnd(() => chat.close());
    await chat.signIn({ userName, password, device: kind });
    await waitUntil('somebody is signed in', async () => chat.me.get() !== undefined, patienceMs);
    return { chat, keys, id: chat.me.get()?.id ?? '' };
  }

  /** A key that is no fallback is given once. */
  async #heard(path: string, answer: Response): Promise<void> {
    if (!path.endsWith('/keys/claim') || !answer.ok) return;
    const { keys } = (await answer.json()) as {
      keys: readonly { userId: string; deviceId: string; id: string; key: string }[];
    };
    for (const { userId, deviceId, id, key } of keys) {
      if (key.includes('"fallback":true')) continue;
      const name = `${userId} ${deviceId} ${id}`;
      if (this.#claimed.has(name)) this.problems.push(`key ${name} was given twice`);
      this.#claimed.add(name);
      this.given += 1;
    }
  }
}

/** Until it is answered, however often it is cut off. */
async function again(work: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if ((error as { retryable?: boolean }).retryable !== true) throw error;
      await sleep(50);
    }
  }
}

/** Three people and what they say: ann and bob, ann and cleo, and all of them. */
class Talk {
  readonly problems: string[] = [];
  checked = 0;
  hidden = 0;
  readonly #stage: Stage;
  readonly #said = new Map<string, string[]>();
  #ann = none;
  #bob = none;
  #cleo = none;
  #group = '';
  #withBob = '';
  #withCleo = '';
  #bobsKey = '';
  #cleosKey = '';

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  async begin(): Promise<void> {
    const stage = this.#stage;
    for (const name of ['ann', 'bob', 'cleo']) await stage.register(name);
    this.#ann = await stage.device('ann', 'ann');
    this.#bob = await stage.device('bob', 'bob');
    this.#cleo = await stage.device('cleo', 'cleo');
    const [ann, bob, cleo] = [this.#ann, this.#bob, this.#cleo];
    for (const { keys } of [ann, bob, cleo]) await keys.setUp();
    const { api } = ann.chat;
    for (const { id } of [bob, cleo])
      await unwrap(api.PUT('/v1/friends/{userId}', { params: { path: { userId: id } } }));
    const { id, conversationId } = await unwrap(api.POST('/v1/groups', { body: { name: 'all' } }));
    const params = { path: { groupId: id } };
    const body = { userIds: [bob.id, cleo.id] };
    await unwrap(api.POST('/v1/groups/{groupId}/members', { params, body }));
    this.#group = conversationId;
    [this.#withBob, this.#withCleo] = [`private:${ann.id}:${bob.id}`, `private:${ann.id}:${cleo.id}`];
    for (const one of [this.#group, this.#withBob, this.#withCleo]) await ann.keys.encrypt(one);
    for (const { chat } of [bob, cleo])
      await waitUntil(
        'all know that it is encrypted',
        async () => chat.conversation(this.#group).summary?.isEncrypted,
        patienceMs,
      );
    // Kept up from now on.
    for (const { keys } of [ann, bob]) await keys.people(this.#group);
    this.#bobsKey = await newRecoveryKey(bob);
    this.#cleosKey = await newRecoveryKey(cleo);
  }

  async cycle(cycle: number, how: CutHow): Promise<void> {
    const stage = this.#stage;
    const [ann, bob, cleo] = [this.#ann, this.#bob, this.#cleo];
    const say = (who: Person, conversationId: string, text: string): void => {
      who.chat.conversation(conversationId).send(`${cycle} ${text}`);
      const key = `${conversationId} ${who.id}`;
      this.#said.set(key, [...(this.#said.get(key) ?? []), `${cycle} ${text}`]);
    };
    say(bob, this.#withBob, 'to be edited');
    say(cleo, this.#group, 'to be forwarded');
    await this.#all();
    // A device that has no session with anybody, and the keys of what was said.
    const phone = await this.#newDeviceOfBob(cycle);

    this.#bobsKey = await phone.keys.createRecoveryKey();
    const pad = await stage.device('cleo', `pad ${cycle}`, 'app');
    const name = `${cycle}.txt`;
    const edited = this.#numberOf(bob, this.#withBob, `${cycle} to be edited`);
    await stage.killIn(
      how,
      [
        { who: 'ann', is: /^POST .*\/keys\/claim$/ },
        { who: 'bob', is: /^POST .*\/messages$/ },
        { who: 'cleo', is: /^POST .*\/files$/ },
        { who: `pad ${cycle}`, is: /^PUT .*\/encryption\/devices\/[^/]+$/ },
        { who: `phone ${cycle}`, is: /^PUT .*\/encryption\/backup\/\d+$/ },
      ],
      [
        async () => say(ann, this.#withBob, 'a session that is new'),
        () => bob.chat.conversation(this.#withBob).edit(edited, `${cycle} edited`),
        async () => void cleo.chat.conversation(this.#group).send(fileOf(name)),
        () => pad.keys.setUp(),
        () => phone.keys.useRecoveryKey(this.#bobsKey),
      ],
    );
    const saidByBob = this.#said.get(`${this.#withBob} ${bob.id}`) ?? [];
    saidByBob[saidByBob.indexOf(`${cycle} to be edited`)] = `${cycle} edited`;
    await this.#all();
    await this.#readsFile(name);

    const forwarded = this.#numberOf(cleo, this.#group, `${cycle} to be forwarded`);
    const once = { key: `forward-${cycle}` };
    this.#bobsKey = await bob.keys.createRecoveryKey();
    await stage.killIn(
      how,
      [
        { who: 'ann', is: /^POST .*\/encryption\/messages$/ },
        { who: 'bob', is: /^POST .*\/encryption\/backup$/ },
        { who: 'cleo', is: /^POST .*\/conversations\/.*\/messages$/ },
        { who: `pad ${cycle}`, is: /^PUT .*\/encryption\/signatures$/ },
      ],
      [
        async () => say(ann, this.#group, 'keys of another session'),
        () => bob.keys.useRecoveryKey(this.#bobsKey),
        () => cleo.chat.conversation(this.#group).forward([forwarded], [this.#withCleo], once),
        () => pad.keys.restore(this.#cleosKey),
      ],
    );
    const key = `${this.#withCleo} ${cleo.id}`;
    this.#said.set(key, [...(this.#said.get(key) ?? []), `${cycle} to be forwarded`]);
    await this.#all();

    this.#bobsKey = await bob.keys.createRecoveryKey();
    await stage.register(`dan${cycle}`);
    const dan = await stage.device(`dan${cycle}`, `dan ${cycle}`);
    const padId = (await cleo.keys.person(cleo.id)).devices.find(({ isThis }) => !isThis)?.deviceId ?? '';
    await stage.killIn(
      how,
      [
        { who: 'ann', is: /^POST .*\/conversations\/.*\/messages$/ },
        { who: 'bob', is: /^PUT .*\/encryption\/backup\/\d+\/keys$/ },
        { who: 'cleo', is: /^DELETE .*\/encryption\/devices\/[^/]+$/ },
        { who: `dan ${cycle}`, is: /^PUT .*\/encryption\/identity$/ },
      ],
      [
        async () => say(ann, this.#group, 'the message itself'),
        () => bob.keys.useRecoveryKey(this.#bobsKey),
        () => cleo.keys.removeDevice(padId),
        () => dan.keys.setUp(),
      ],
    );
    for (const { keys } of [ann, bob])
      await waitUntil(
        'others know that the pad is gone',
        async () =>
          !keys.known
            .get()
            .get(cleo.id)
            ?.devices.some(({ deviceId }) => deviceId === padId),
        patienceMs,
      );
    if (dan.keys.state.get().kind !== 'ready') this.problems.push('dan has no keys');
    say(ann, this.#group, 'without the pad');
    say(bob, this.#group, 'it was removed');
    say(cleo, this.#group, 'so it was');
    await this.#all();
    await this.#cannotRead(
      pad,
      ['without the pad', 'it was removed', 'so it was'].map((text) => `${cycle} ${text}`),
    );
    for (const { chat } of [pad, dan, phone]) await chat.signOut();
  }

  /** All of it once more, on a device that was not there. */
  async end(): Promise<void> {
    const phone = await this.#newDeviceOfBob(0);
    await this.#reads(phone, this.#group);
    await this.#reads(phone, this.#withBob);
  }

  async #newDeviceOfBob(cycle: number): Promise<Person> {
    const before = (await this.#bob.keys.person(this.#bob.id)).devices.filter(({ isThis }) => !isThis);
    for (const { deviceId } of before) await this.#bob.keys.removeDevice(deviceId);
    const phone = await this.#stage.device('bob', `phone ${cycle}`, 'app');
    await phone.keys.setUp();
    await phone.keys.restore(this.#bobsKey);
    return phone;
  }

  #numberOf({ chat }: Person, conversationId: string, text: string): number {
    const { messages } = chat.conversation(conversationId).get();
    return messages.find((message) => textOf(message) === text)?.number ?? 0;
  }

  /** Every device that should reads all of it. */
  async #all(): Promise<void> {
    for (const one of [this.#ann, this.#bob, this.#cleo]) await this.#reads(one, this.#group);
    for (const one of [this.#ann, this.#bob]) await this.#reads(one, this.#withBob);
    for (const one of [this.#ann, this.#cleo]) await this.#reads(one, this.#withCleo);
  }

  async #reads({ chat, id }: Person, conversationId: string): Promise<void> {
    const conversation = chat.conversation(conversationId);
    const wanted = new Map(
      [this.#ann, this.#bob, this.#cleo].map((one) => [
        one.id,
        this.#said.get(`${conversationId} ${one.id}`) ?? [],
      ]),
    );
    const read = () => textsBySender(conversation, [...wanted.keys()]);
    const isAll = () => [...wanted].every(([sender, texts]) => read().get(sender)?.join() === texts.join());
    await waitUntil('all of it is read', async () => isAll(), patienceMs).catch(() => undefined);
    for (const [sender, texts] of wanted) {
      const found = read().get(sender) ?? [];
      this.checked += texts.length;
      if (found.join() !== texts.join())
        this.problems.push(`${id} reads of ${sender} "${found.join(', ')}" instead of "${texts.join(', ')}"`);
    }
    const { messages } = conversation.get();
    for (const { number, encryption } of messages)
      if (encryption?.kind === 'unreadable')
        this.problems.push(`${id} cannot read ${number ?? 0} of ${conversationId}: ${encryption.why}`);
    for (const [key, count] of missingIn(messages))
      this.problems.push(`to ${id} ${count} are missing before ${key} of ${conversationId}`);
  }

  async #readsFile(name: string): Promise<void> {
    const { chat, keys } = this.#bob;
    const content = await waitUntil(
      'the file is there',
      async () =>
        chat
          .conversation(this.#group)
          .get()
          .messages.map((message) => message.content)
          .find((one) => one.type === 'file' && one.name === name),
      patienceMs,
    );
    const key = fileKeyOf(content);
    const text = key && (await (await keys.openFile(key)).text());
    if (text !== `what is in ${name}`) this.problems.push(`in ${name} is "${text ?? ''}"`);
  }

  /** What was said after it was removed. A message that was sealed before may be sent later than others. */
  async #cannotRead({ chat, id }: Person, texts: readonly string[]): Promise<void> {
    const numbers = texts.map((text) => this.#numberOf(this.#ann, this.#group, text));
    const conversation = chat.conversation(this.#group);
    const shown = () => conversation.get().messages.filter(({ number = 0 }) => numbers.includes(number));
    await waitUntil(
      'the removed one has looked',
      async () => {
        await conversation.loadNewest();
        return (
          shown().length === texts.length && shown().every(({ encryption }) => encryption?.kind !== 'opening')
        );
      },
      patienceMs,
    );
    for (const message of shown())
      if (message.encryption?.kind === 'unreadable') this.hidden += 1;
      else this.problems.push(`a device of ${id} that was removed reads "${textOf(message) ?? ''}"`);
  }
}

const none = {} as Person;

async function newRecoveryKey({ keys }: Person): Promise<string> {
  const key = await keys.createRecoveryKey();
  await keys.useRecoveryKey(key);
  return key;
}

function textOf({ content, encryption }: Message): string | undefined {
  return content.type === 'text' && encryption?.kind === 'read' ? content.text : undefined;
}

function textsBySender(conversation: Conversation, senders: readonly string[]): Map<string, string[]> {
  const texts = new Map<string, string[]>(senders.map((id) => [id, []]));
  for (const message of conversation.get().messages) {
    const text = textOf(message);
    if (text !== undefined && message.number !== undefined) texts.get(message.senderId)?.push(text);
  }
  return texts;
}

function fileOf(name: string) {
  const file = new Blob([`what is in ${name}`], { type: 'text/plain' });
  return { type: 'local-file', as: 'file', name, file } as const;
}

import { fileKeyOf, type Conversation, type Message } from 'im-chat';
import { missingIn } from 'im-chat/end-to-end';
import { unwrap } from 'im-platform/client';
import { waitUntil } from '../../../support/wait-until.ts';
import type { CutHow } from '../../kit/cutting-wire.ts';
import type { Random } from '../../kit/random.ts';
import { Comparison, earlySteps, lateSteps, signedByBoth } from './comparison.ts';
import { patienceMs, type Person, type Stage } from './stage.ts';

/** Three people and what they say: ann and bob, ann and cleo, and all of them. */
export class Talk {
  readonly problems: string[] = [];
  checked = 0;
  hidden = 0;
  /** Comparisons of codes that came to their end, and how often one had to be begun. */
  compared = 0;
  begun = 0;
  readonly #stage: Stage;
  readonly #random: Random;
  readonly #said = new Map<string, string[]>();
  #ann = none;
  #bob = none;
  #cleo = none;
  #group = '';
  #withBob = '';
  #withCleo = '';
  #bobsKey = '';
  #cleosKey = '';

  constructor(stage: Stage, random: Random) {
    this.#stage = stage;
    this.#random = random;
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
    await unwrap(bob.chat.api.PUT('/v1/friends/{userId}', { params: { path: { userId: cleo.id } } }));
    this.#group = await newGroup(ann, [bob, cleo]);
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
    const say = (who: Person, conversationId: string, text: string): void =>
      this.#say(who, conversationId, `${cycle} ${text}`);
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
        { who: 'ann', is: /^POST .*\/encryption\/messages m\.room\.encrypted$/ },
        { who: 'bob', is: /^POST .*\/encryption\/backup$/ },
        { who: 'cleo', is: /^POST .*\/conversations\/.*\/messages$/ },
        { who: `pad ${cycle}`, is: /^PUT .*\/encryption\/signatures$/ },
        { who: `phone ${cycle}`, is: /^POST .*\/encryption\/devices\/[^/]+\/sync$/ },
      ],
      [
        async () => say(ann, this.#group, 'keys of another session'),
        () => bob.keys.useRecoveryKey(this.#bobsKey),
        () => cleo.chat.conversation(this.#group).forward([forwarded], [this.#withCleo], once),
        () => pad.keys.restore(this.#cleosKey),
        () => phone.keys.setUp(),
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
        { who: `phone ${cycle}`, is: /^POST .*\/encryption\/keys\/query$/ },
      ],
      [
        async () => say(ann, this.#group, 'the message itself'),
        () => bob.keys.useRecoveryKey(this.#bobsKey),
        () => cleo.keys.removeDevice(padId),
        () => dan.keys.setUp(),
        () => phone.keys.people(this.#group),
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
    await pad.chat.signOut();
    await this.#compareCodes(cycle, how, { dan, phone });
    for (const { chat } of [dan, phone]) await chat.signOut();
  }

  /** A new device of cleo with an older one, dan with ann; and bob encrypts a group. */
  async #compareCodes(
    cycle: number,
    how: CutHow,
    { dan, phone }: { readonly dan: Person; readonly phone: Person },
  ): Promise<void> {
    const stage = this.#stage;
    const [ann, bob, cleo] = [this.#ann, this.#bob, this.#cleo];
    const desk = await stage.device('cleo', `desk ${cycle}`, 'app');
    await desk.keys.setUp();
    await unwrap(dan.chat.api.PUT('/v1/friends/{userId}', { params: { path: { userId: ann.id } } }));
    const group = await newGroup(bob, [ann, cleo]);
    const own = new Comparison(desk, cleo, { asking: `desk ${cycle}`, asked: 'cleo' });
    const others = new Comparison(dan, ann, { asking: `dan ${cycle}`, asked: 'ann' });
    const isOwnEarly = this.#random.chance(0.5);
    const [early, late] = isOwnEarly ? [own, others] : [others, own];
    await stage.killIn(
      how,
      [
        { who: 'bob', is: /^PUT .*\/conversations\/[^/]+\/encryption$/ },
        early.cutAt(this.#random.pick(earlySteps)),
        late.cutAt(this.#random.pick(isOwnEarly ? [...lateSteps, signedByBoth] : lateSteps)),
      ],
      [() => bob.keys.encrypt(group), () => own.run(), () => others.run()],
      [desk, cleo, dan, ann],
    );
    for (const one of [own, others]) {
      this.problems.push(...one.problems);
      this.begun += one.begun;
      this.compared += 1;
    }
    await until('the new device is ready', () => desk.keys.state.get().kind === 'ready');
    await until(
      'his other device knows that it is encrypted',
      () => phone.chat.conversation(group).summary?.isEncrypted === true,
    );
    for (const [one, other] of [
      [ann, dan],
      [dan, ann],
    ] as const)
      // A signature that was cut off goes out with what the device asks next.
      await waitUntil(
        'codes that were compared count',
        async () => (await one.keys.person(other.id)).isVerified,
        30_000,
      ).catch(() => this.problems.push(`${one.id} has not verified ${other.id}`));
    if (dan.keys.known.get().get(bob.id)?.isVerified || (await ann.keys.person(bob.id)).isVerified)
      this.problems.push('bob is verified, with whom nobody compared codes');
    // It has what was said before from those that have compared codes with it.
    await this.#reads(desk, this.#group);
    this.#say(bob, group, `${cycle} to all devices`);
    for (const one of [ann, bob, phone, cleo, desk]) await this.#reads(one, group);
    for (const { deviceId, isThis } of (await cleo.keys.person(cleo.id)).devices)
      if (!isThis) await cleo.keys.removeDevice(deviceId);
    await desk.chat.signOut();
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

  #say(who: Person, conversationId: string, text: string): void {
    who.chat.conversation(conversationId).send(text);
    const key = `${conversationId} ${who.id}`;
    this.#said.set(key, [...(this.#said.get(key) ?? []), text]);
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
    // After some cycles it is more than a page.
    const looksFurther = async (): Promise<boolean> => {
      const [first] = conversation.get().messages;
      if (!isAll() && (first?.number ?? 1) > 1) await conversation.loadEarlier();
      return isAll();
    };
    await waitUntil('all of it is read', looksFurther, patienceMs).catch(() => undefined);
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

function until(what: string, check: () => boolean): Promise<boolean> {
  return waitUntil(what, async () => check(), patienceMs);
}

async function newGroup({ chat: { api } }: Person, others: readonly Person[]): Promise<string> {
  const { id, conversationId } = await unwrap(api.POST('/v1/groups', { body: { name: 'all' } }));
  const body = { userIds: others.map((one) => one.id) };
  await unwrap(api.POST('/v1/groups/{groupId}/members', { params: { path: { groupId: id } }, body }));
  return conversationId;
}

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

import fc from 'fast-check';
import type { RawDevice } from 'im-test/support';
import { describe, expect, it, vi } from 'vitest';
import { unwrap, type ApiClient, type components } from '../src/client/index.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import type { Person } from './support/person.ts';
import { startTestPlatform, storeKinds, type TestPlatform } from './support/test-platform.ts';

// Two people on three devices and two instances say, recall, read, pin, hide, leave and come back, on and off line; beside them
// somebody who looks at every message each time. MODEL_RUNS=2000 makes as many rounds as that.

const runs = Number(process.env['MODEL_RUNS'] ?? 1);
/** Two instances on a machine with other things to do; it takes a second on one without. */
const msPerRun = 120_000;

type Conversation = Omit<components['schemas']['Conversation'], 'lastMessage'>;
type Where = 'pair' | 'club';
type Flag = 'isPinned' | 'isMuted' | 'isArchived' | 'isHidden' | 'isMarkedUnread';

const device = fc.nat({ max: 2 });
const where = fc.constantFrom<Where>('pair', 'club');
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('say' as const), device, where }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('recall' as const), device, where, back: fc.nat(4) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('read' as const), device, where, back: fc.nat(4) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ do: fc.constant('set' as const), device, where, on: fc.boolean() },
      flag: fc.constantFrom<Flag>('isPinned', 'isMuted', 'isArchived', 'isHidden', 'isMarkedUnread'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('comeOrGo' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('connect' as const), device }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drop' as const), device }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Said {
  readonly number: number;
  readonly by: number;
  readonly counts: boolean;
  isRecalled: boolean;
}

/** A conversation as somebody keeps it who looks at every message each time. */
class Naive {
  readonly said: Said[] = [];
  readonly read = new Map<number, number>();
  readonly first = new Map<number, number>();
  readonly left = new Map<number, number>();

  get last(): number {
    return this.said.length;
  }

  join(userId: number): void {
    this.left.delete(userId);
    this.first.set(userId, this.last + 1);
    this.read.set(userId, this.last);
  }

  note(by: number, counts: boolean): number {
    this.said.push({ number: this.last + 1, by, counts, isRecalled: false });
    return this.last;
  }

  moveRead(userId: number, upTo: number): void {
    if (this.left.has(userId)) return;
    this.read.set(userId, Math.max(this.read.get(userId) ?? 0, Math.min(upTo, this.last)));
  }

  ofMine(userId: number): Said[] {
    const first = this.first.get(userId) ?? 1;
    return this.said.filter(
      ({ by, number, counts, isRecalled }) => by === userId && counts && !isRecalled && number >= first,
    );
  }

  seenBy(userId: number): Pick<Conversation, 'first' | 'last' | 'unread' | 'isIn'> {
    const left = this.left.get(userId);
    const from = this.read.get(userId) ?? 0;
    const unread = this.said.filter(
      ({ number, by, counts, isRecalled }) => number > from && by !== userId && counts && !isRecalled,
    ).length;
    return {
      first: this.first.get(userId) ?? 1,
      last: left ?? this.last,
      unread: left === undefined ? unread : 0,
      isIn: left === undefined,
    };
  }
}

interface StatePush {
  readonly conversation?: Conversation;
  readonly positions?: { readonly conversationId: string; readonly read: number; readonly delivered: number };
}

/** Keeps the states of conversations from pushes and from syncs, by the rule that README.md gives. */
class Device {
  readonly person: Person;
  readonly api: ApiClient;
  readonly states = new Map<string, Conversation>();
  #cursor: string | undefined;
  #socket: RawDevice | undefined;

  constructor(person: Person, api: ApiClient) {
    this.person = person;
    this.api = api;
  }

  async connect(): Promise<void> {
    this.#socket ??= await this.person.connect();
    await this.sync();
  }

  async drop(): Promise<void> {
    await this.#socket?.close();
    this.#socket = undefined;
  }

  async sync(): Promise<void> {
    for (let more = true; more;) {
      const body = { limit: 1, messages: 2, ...(this.#cursor !== undefined && { cursor: this.#cursor }) };
      const answer = await unwrap(this.api.POST('/v1/sync', { body }));
      expect(answer.isReset).toBe(false);
      for (const { messages, changed: _, deleted: __, mustReload: ___, ...state } of answer.conversations) {
        this.#take(state);
        expect(messages.every(({ number }) => number >= state.first && number <= state.last)).toBe(true);
      }
      for (const id of answer.removed) {
        const state = this.states.get(id);
        if (state) this.states.set(id, { ...state, isHidden: true });
      }
      this.#cursor = answer.cursor;
      more = answer.more;
    }
  }

  /** Takes what was pushed, up to a change of its own that it makes to see where it is. */
  async takePushes(conversationId: string, mark: string): Promise<void> {
    const params = { path: { conversationId } };
    await unwrap(this.api.PATCH('/v1/conversations/{conversationId}', { params, body: { draft: mark } }));
    for (let draft: string | null = null; draft !== mark;) {
      const frame = await this.#socket!.next();
      if (frame.cmd !== 5) continue;
      const { conversation, positions } = frame.data as StatePush;
      if (positions) this.#takePositions(positions);
      if (!conversation) continue;
      this.#take(conversation);
      ({ draft } = conversation);
    }
  }

  #take(state: Conversation): void {
    const known = this.states.get(state.id);
    const isNewer =
      !known ||
      state.myStamp > known.myStamp ||
      (state.myStamp === known.myStamp && state.stamp > known.stamp);
    if (isNewer) this.states.set(state.id, state);
  }

  /** Of the other one: they only rise, so of two the higher one is newer. */
  #takePositions({ conversationId, read, delivered }: NonNullable<StatePush['positions']>): void {
    const known = this.states.get(conversationId);
    if (!known) return;
    const otherRead = Math.max(read, known.otherRead ?? 0);
    const otherDelivered = Math.max(delivered, known.otherDelivered ?? 0);
    this.states.set(conversationId, { ...known, otherRead, otherDelivered });
  }
}

class World {
  readonly #devices: readonly Device[];
  readonly #naive: Readonly<Record<Where, Naive>> = { pair: new Naive(), club: new Naive() };
  readonly #ids: Readonly<Record<Where, string>>;
  readonly #groupId: number;

  private constructor(devices: readonly Device[], groupId: number) {
    const [ann, , bob] = devices as [Device, Device, Device];
    this.#devices = devices;
    this.#groupId = groupId;
    this.#ids = { pair: `private:${ann.person.id}:${bob.person.id}`, club: `group:${groupId}` };
    this.#naive.club.join(ann.person.id);
  }

  static async create(test: TestPlatform, name: string): Promise<World> {
    const [here, there] = test.all as [TestPlatform['platform'], TestPlatform['platform']];
    const ann = await test.register(`${name}-ann`);
    const elsewhere = await test.logIn(`${name}-ann`, { terminal: 1, at: there });
    const bob = await test.register(`${name}-bob`, { at: there });
    await befriend(test, ann, bob);
    const { id } = await openGroup(ann, []);
    const world = new World(
      [
        new Device(ann, await apiOf(here, ann)),
        new Device(elsewhere, await apiOf(there, elsewhere)),
        new Device(bob, await apiOf(there, bob)),
      ],
      id,
    );
    await world.#do({ do: 'say', device: 0, where: 'pair' });
    await world.#do({ do: 'comeOrGo' });
    return world;
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const one of steps) {
      await this.#do(one);
      for (const { api, person } of this.#devices.slice(1)) await this.#check(api, person.id);
    }
    for (const [index, one] of this.#devices.entries()) {
      await one.connect();
      await one.takePushes(this.#ids.pair, `mark ${index}`);
      await one.sync();
      // What was pushed and was not taken yet changes nothing any more.
      const settled = [...one.states.values()];
      await one.takePushes(this.#ids.pair, `mark ${index} again`);
      const isPair = ({ id }: Conversation): boolean => id === this.#ids.pair;
      expect([...one.states.values()].filter((state) => !isPair(state))).toEqual(
        settled.filter((state) => !isPair(state)),
      );
      // What has reached the other one's devices is stored a moment after it has.
      await vi.waitFor(
        async () => {
          await one.sync();
          const truth = await this.#list(one.api);
          const shown = [...one.states.values()].filter(({ isHidden }) => !isHidden);
          expect(new Map(shown.map((state) => [state.id, state]))).toEqual(
            new Map(truth.items.map(({ lastMessage: _, ...state }) => [state.id, state])),
          );
        },
        { timeout: 20_000, interval: 100 },
      );
    }
  }

  async close(): Promise<void> {
    for (const one of this.#devices) await one.drop();
  }

  async #do(one: Step): Promise<void> {
    if (one.do === 'comeOrGo') return this.#comeOrGo();
    const at = this.#devices[one.device]!;
    if (one.do === 'connect') return at.connect();
    if (one.do === 'drop') return at.drop();
    const { api, person } = at;
    const naive = this.#naive[one.where];
    const path = { conversationId: this.#ids[one.where] };
    const isIn = !naive.left.has(person.id);
    const upTo = Math.max(0, naive.last - ('back' in one ? one.back : 0));
    switch (one.do) {
      case 'say': {
        const body = { content: { type: 'text' as const, text: 'x' } };
        const sending = unwrap(
          api.POST('/v1/conversations/{conversationId}/messages', { params: { path }, body }),
        );
        if (!isIn) return expect(sending).rejects.toMatchObject({ code: 'NOT_A_MEMBER' });
        expect((await sending).number).toBe(naive.note(person.id, true));
        return;
      }
      case 'recall': {
        const mine = naive.ofMine(person.id).at(-1 - one.back);
        if (!mine || !isIn) return;
        const params = { path: { ...path, number: mine.number } };
        await unwrap(api.DELETE('/v1/conversations/{conversationId}/messages/{number}', { params }));
        mine.isRecalled = true;
        naive.note(person.id, false);
        return;
      }
      case 'read': {
        const reading = unwrap(
          api.PUT('/v1/conversations/{conversationId}/read', { params: { path }, body: { number: upTo } }),
        );
        if (!isIn) return expect(reading).rejects.toMatchObject({ code: 'NOT_A_MEMBER' });
        await reading;
        naive.moveRead(person.id, upTo);
        return;
      }
      case 'set': {
        if (!isIn && one.flag === 'isMuted') return;
        const body = { [one.flag]: one.on };
        await unwrap(api.PATCH('/v1/conversations/{conversationId}', { params: { path }, body }));
        if (one.flag === 'isHidden' && one.on) naive.moveRead(person.id, naive.last);
      }
    }
  }

  /** Bob joins the group, or leaves it. */
  async #comeOrGo(): Promise<void> {
    const [ann, , bob] = this.#devices as [Device, Device, Device];
    const { club } = this.#naive;
    const groupId = String(this.#groupId);
    if (club.first.has(bob.person.id) && !club.left.has(bob.person.id)) {
      const path = { groupId, userId: 'me' };
      await unwrap(bob.api.DELETE('/v1/groups/{groupId}/members/{userId}', { params: { path } }));
      club.left.set(bob.person.id, club.note(bob.person.id, false));
      return;
    }
    const body = { userIds: [String(bob.person.id)] };
    await unwrap(ann.api.POST('/v1/groups/{groupId}/members', { params: { path: { groupId } }, body }));
    club.join(bob.person.id);
    club.note(ann.person.id, false);
  }

  #list(api: ApiClient): Promise<components['schemas']['ConversationPage']> {
    return unwrap(api.GET('/v1/conversations', { params: { query: {} } }));
  }

  /** Each conversation has unread what the naive one counts, and the total is their sum. */
  async #check(api: ApiClient, userId: number): Promise<void> {
    const { items, unread } = await this.#list(api);
    let sum = 0;
    for (const at of ['pair', 'club'] as const) {
      const shown = items.find(({ id }) => id === this.#ids[at]);
      const seen = this.#naive[at].seenBy(userId);
      // One that is off the list has nothing unread.
      if (!shown) expect(seen.unread).toBe(0);
      else {
        expect(shown).toMatchObject(seen);
        if (!shown.isMuted) sum += shown.unread;
      }
    }
    expect(unread).toBe(sum);
  }
}

describe.each(storeKinds)('whatever two people do on three devices and two instances, on %s', (store) => {
  it(
    'what is unread is right in every state, and devices end with what the platform says',
    async () => {
      const test = await startTestPlatform({
        ...{ store, instances: 2, bus: 'redis' },
        platform: { requestsPerMinute: 1_000_000, requestTimeoutMs: 30_000 },
      });
      let round = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 30, size: 'max' }), async (steps) => {
          const world = await World.create(test, `r${round++}`);
          try {
            await world.run(steps);
          } finally {
            await world.close();
          }
        }),
        { numRuns: runs, plugins: [fc.interruptAfterTimeLimit(runs * msPerRun)], endOnFailure: true },
      );
    },
    (runs + 2) * msPerRun,
  );
});

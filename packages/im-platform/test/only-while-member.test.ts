import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { say, sayInGroup } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { startTestPlatform, storeKinds, type TestPlatform } from './support/test-platform.ts';

// People say things in a group and to each other, take them back, come, go and come back. Whatever route is asked afterwards, nobody
// is shown anything from before they came (the last time) or after they left, nor what was taken back. MEMBER_RUNS=500 makes as many
// rounds as that.

const runs = Number(process.env['MEMBER_RUNS'] ?? 4);
const msPerRun = 8_000;

const names = ['owner', 'bob', 'cleo'] as const;
const who = fc.nat({ max: 2 });
const guest = fc.integer({ min: 1, max: 2 });
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('say' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('whisper' as const), who: fc.nat({ max: 1 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('recall' as const), who, back: fc.nat({ max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('read' as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('comeOrGo' as const), who: guest }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sync' as const), who }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Said {
  readonly text: string;
  readonly by: number;
  readonly id: number;
  /** In the group; undefined: between the first two. */
  readonly number?: number;
  isRecalled: boolean;
}

interface Stay {
  first: number;
  /** Undefined: they are there. */
  last?: number;
}

let worlds = 0;

class World {
  readonly #people: readonly Person[];
  readonly #url: string;
  readonly #groupId: number;
  readonly #said: Said[] = [];
  readonly #stays = new Map<number, Stay>([[0, { first: 1 }]]);
  readonly #cursors = new Map<number, string>();
  readonly #secret: string;
  #last = 0;

  private constructor(people: readonly Person[], url: string, groupId: number) {
    this.#secret = `secret-${groupId}-`;
    this.#people = people;
    this.#url = url;
    this.#groupId = groupId;
  }

  static async create(people: readonly Person[], { url }: TestPlatform): Promise<World> {
    return new World(people, url, (await openGroup(people[0]!, [], `club ${worlds++}`)).id);
  }

  async do(one: Step): Promise<void> {
    const person = this.#people[one.who]!;
    const isIn = this.#stays.has(one.who) && this.#stays.get(one.who)!.last === undefined;
    switch (one.do) {
      case 'say': {
        if (!isIn) return;
        const text = this.#secret + String(this.#said.length);
        const { id, number } = await sayInGroup(person, this.#groupId, text);
        this.#last += 1;
        expect(number).toBe(this.#last);
        this.#said.push({ text, by: one.who, id, number, isRecalled: false });
        return;
      }
      case 'whisper': {
        const text = this.#secret + String(this.#said.length);
        const { id } = await say(person, this.#people[1 - one.who]!, text);
        this.#said.push({ text, by: one.who, id, isRecalled: false });
        return;
      }
      case 'recall': {
        const said = this.#said
          .filter(
            ({ by, number, isRecalled }) => by === one.who && !isRecalled && (isIn || number === undefined),
          )
          .at(-1 - one.back);
        if (!said) return;
        const kind = said.number === undefined ? 'private' : 'group';
        await person.delete(`/message/${kind}/recall/${said.id}`);
        if (kind === 'group') this.#last += 1;
        said.isRecalled = true;
        return;
      }
      case 'read':
        await person.put(
          `/message/group/readed?groupId=${this.#groupId}&number=${this.#last}.${this.#said.length}`,
        );
        return;
      case 'comeOrGo':
        // The tip is the first that they see, and the last one.
        this.#last += 1;
        if (isIn) {
          await person.delete(`/group/quit/${this.#groupId}?number=${this.#last}`);
          this.#stays.get(one.who)!.last = this.#last;
        } else {
          const body = { groupId: this.#groupId, friendIds: [person.id] };
          await this.#people[0]!.post(`/group/invite?number=${this.#last}`, body);
          this.#stays.set(one.who, { first: this.#last });
        }
        return;
      case 'sync':
        await this.#sync(one.who);
    }
  }

  async check(): Promise<void> {
    for (const index of names.keys()) {
      const person = this.#people[index]!;
      const stay: Stay = this.#stays.get(index) ?? { first: 1, last: 0 };
      const { first, last = this.#last } = stay;
      const isIn = this.#stays.has(index) && this.#stays.get(index)!.last === undefined;
      const inGroup = this.#said.filter(
        ({ number, isRecalled }) => number !== undefined && number >= first && number <= last && !isRecalled,
      );
      const whispered = this.#said.filter(
        ({ number, isRecalled }) => number === undefined && !isRecalled && index < 2,
      );
      const ofGroup = new Set(inGroup.map(({ text }) => text));
      const all = new Set([...ofGroup, ...whispered.map(({ text }) => text)]);
      const shows = async (path: string, body?: object, exactly?: ReadonlySet<string>): Promise<unknown> => {
        const answer = await this.#ask(index, path, body);
        const shown = new Set(answer.match(new RegExp(`${this.#secret}\\d+`, 'g')));
        for (const text of shown) expect(all, `${names[index]}: ${path}`).toContain(text);
        if (exactly) expect(shown, `${names[index]}: ${path}`).toEqual(exactly);
        return JSON.parse(answer);
      };
      const club = `group:${this.#groupId}`;
      await shows(
        `/message/group/history?groupId=${this.#groupId}&size=100`,
        undefined,
        isIn ? ofGroup : new Set(),
      );
      await shows('/message/group/loadOfflineMessage?minId=0');
      const middle = this.#said.filter(({ number }) => number !== undefined)[3]?.id ?? 0;
      await shows(`/message/group/loadOfflineMessage?minId=${middle}`);
      await shows('/message/private/loadOfflineMessage?minId=0');
      await shows(`/message/private/history?friendId=${this.#people[index === 1 ? 0 : 1]!.id}&size=100`);
      await shows(`/group/find/${this.#groupId}`);
      await shows(`/group/members/${this.#groupId}`);
      await shows('/group/list');
      await shows(`/v1/conversations/${club}/messages?limit=200`, undefined, ofGroup);
      await shows(`/v1/conversations/${club}/messages?around=3&limit=5`);
      await shows(`/v1/conversations/${club}/messages?after=0&limit=200`, undefined, ofGroup);
      await shows(`/v1/conversations/${club}`);
      await shows('/v1/conversations');
      await shows('/v1/sync', { messages: 50 });
      const cursor = this.#cursors.get(index);
      if (cursor !== undefined) await shows('/v1/sync', { messages: 50, cursor });
      // What is noted of it by now.
      await shows('/v1/search/messages?query=secret&limit=50');
      const reads = (await shows(`/v1/conversations/${club}/reads?from=1&to=200`)) as {
        readonly items?: readonly { readonly number: number }[];
      };
      for (const { number } of reads.items ?? [])
        expect(number >= first && number <= last, `reads of ${number}`).toBe(true);
      for (const { id, number = 0 } of this.#said.filter((one) => one.number !== undefined)) {
        const mayKnow = isIn && number >= first && number <= last;
        const { code } = await person.ask(
          'GET',
          `/message/group/findReadedUsers?groupId=${this.#groupId}&messageId=${id}`,
        );
        expect(code === 200, `readers of ${number} for ${names[index]}`).toBe(mayKnow);
      }
    }
  }

  async #sync(index: number): Promise<void> {
    const { cursor } = JSON.parse(await this.#ask(index, '/v1/sync', { messages: 50 })) as { cursor: string };
    this.#cursors.set(index, cursor);
  }

  async #ask(index: number, path: string, body?: object): Promise<string> {
    const token = this.#people[index]!.tokens.accessToken;
    const answer = await fetch(`${this.#url}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        ...{ accessToken: token, authorization: `Bearer ${token}` },
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    expect(answer.status, `${path}: ${text}`).toBeLessThan(500);
    // A path that is none shows nothing to anybody.
    expect(text, path).not.toMatch(/接口不存在|There is nothing at/);
    return text;
  }
}

describe.each(storeKinds)('whoever comes, goes and comes back, on %s', (store) => {
  it(
    'is shown by no route what was said without them, nor what was taken back',
    async () => {
      const test = await startTestPlatform({
        store,
        platform: {
          ...{ requestsPerMinute: 1_000_000, searchesPerMinute: 1_000_000 },
          ...{ messagesPerMinute: 1_000_000, invitationsPerHour: 1_000_000 },
        },
      });
      const people: Person[] = [];
      for (const name of names) people.push(await test.register(name));
      await befriend(test, ...(people as [Person, Person, Person]));
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 24, size: 'max' }), async (steps) => {
          const world = await World.create(people, test);
          for (const one of steps) await world.do(one);
          await world.check();
        }),
        { numRuns: runs, plugins: [fc.interruptAfterTimeLimit(runs * msPerRun)], endOnFailure: true },
      );
    },
    (runs + 2) * msPerRun,
  );
});

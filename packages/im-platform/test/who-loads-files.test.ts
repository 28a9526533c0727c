import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { befriend } from './support/friends.ts';
import { upload } from './support/files.ts';
import { openGroup } from './support/groups.ts';
import { messageTypes } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { startTestPlatform, type TestPlatform } from './support/test-platform.ts';

// People send files to a group and to each other, forward them, take them back, come, go and come back. Afterwards a file is loaded by
// exactly those who may see a message that carries it: no route shows anybody else a link, and no address that they remember helps. FILE_RUNS=500
// makes as many rounds as that.

const runs = Number(process.env['FILE_RUNS'] ?? 4);
const msPerRun = 8_000;

const names = ['owner', 'bob', 'cleo'] as const;
const who = fc.nat({ max: 2 });
/** In the group, or between the first two. */
const inGroup = fc.boolean();
const back = fc.nat({ max: 3 });
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('send' as const), who, inGroup }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('forward' as const), who, inGroup, back }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('recall' as const), who, back }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('comeOrGo' as const), who: fc.integer({ min: 1, max: 2 }) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Sent {
  readonly key: string;
  readonly by: number;
  readonly inGroup: boolean;
  readonly number: number;
  isRecalled: boolean;
}

let worlds = 0;

class World {
  readonly #people: readonly Person[];
  readonly #url: string;
  readonly #groupId: number;
  readonly #sent: Sent[] = [];
  /** The address of each file, as it is stored, and who uploaded it. */
  readonly #files = new Map<string, { readonly url: string; readonly by: number }>();
  /** Files that were taken back before anybody had forwarded them. */
  readonly #gone = new Set<string>();
  readonly #forwarded = new Set<string>();
  /** From which number of the group on each sees it, and to which. */
  readonly #stays = new Map<number, { readonly first: number; last?: number }>([[0, { first: 1 }]]);
  #last = 0;

  private constructor(people: readonly Person[], url: string, groupId: number) {
    this.#people = people;
    this.#url = url;
    this.#groupId = groupId;
  }

  static async create(people: readonly Person[], { url }: TestPlatform): Promise<World> {
    const { id } = await openGroup(people[0]!, [], `club ${(worlds += 1)}`);
    return new World(people, url, id);
  }

  async do(one: Step): Promise<void> {
    const person = this.#people[one.who]!;
    switch (one.do) {
      case 'send': {
        if (!this.#mayWrite(one.who, one.inGroup)) return;
        const bytes = Buffer.from(`${this.#groupId} ${this.#sent.length}`);
        const { data: url } = await upload(`${this.#url}/file/upload`, person, { name: 'a.txt', bytes });
        const key = keyIn(url);
        this.#files.set(key, { url: url.replace(/\?.*/, ''), by: one.who });
        const content = JSON.stringify({ name: 'a.txt', size: bytes.length, url });
        const to = one.inGroup ? { groupId: this.#groupId } : { recvId: this.#people[1 - one.who]!.id };
        const path = `/message/${one.inGroup ? 'group' : 'private'}/send`;
        const body = { ...to, content, type: messageTypes.FILE };
        this.#note({ key, by: one.who, inGroup: one.inGroup, ...(await person.post<Said>(path, body)) });
        return;
      }
      case 'forward': {
        const seen = this.#seenBy(one.who).at(-1 - one.back);
        if (!seen || !this.#mayWrite(one.who, one.inGroup)) return;
        const { status, answer } = await this.#ask(
          one.who,
          `/v1/conversations/${this.#nameOf(seen.inGroup)}/forwards`,
          { numbers: [seen.number], to: [this.#nameOf(one.inGroup)] },
        );
        expect(status, answer).toBe(201);
        const { items } = JSON.parse(answer) as { items: [Said] };
        this.#forwarded.add(seen.key);
        this.#note({ key: seen.key, by: one.who, inGroup: one.inGroup, number: items[0].number });
        return;
      }
      case 'recall': {
        // Who left and came back sees no more what they said before, and so cannot take it back.
        const sent = this.#seenBy(one.who)
          .filter(({ by, inGroup }) => by === one.who && this.#mayWrite(one.who, inGroup))
          .at(-1 - one.back);
        if (!sent) return;
        const path = `/v1/conversations/${this.#nameOf(sent.inGroup)}/messages/${sent.number}`;
        const { status, answer } = await this.#ask(one.who, path, undefined, 'DELETE');
        expect(status, answer).toBe(204);
        if (sent.inGroup) this.#last += 1;
        sent.isRecalled = true;
        if (!this.#forwarded.has(sent.key)) this.#gone.add(sent.key);
        return;
      }
      case 'comeOrGo':
        this.#last += 1;
        if (this.#mayWrite(one.who, true)) {
          // The same twice in a second is refused, so each has a path of its own.
          await person.delete(`/group/quit/${this.#groupId}?number=${this.#last}`);
          this.#stays.get(one.who)!.last = this.#last;
        } else {
          const body = { groupId: this.#groupId, friendIds: [person.id] };
          await this.#people[0]!.post(`/group/invite?number=${this.#last}`, body);
          this.#stays.set(one.who, { first: this.#last });
        }
    }
  }

  async check(): Promise<void> {
    for (const [key, { url }] of this.#files)
      expect((await fetch(url)).status, key).toBe(this.#gone.has(key) ? 404 : 403);
    for (const [index, name] of names.entries()) {
      const expected = new Set(this.#seenBy(index).map(({ key }) => key));
      const shown = new Map((await this.#linksShownTo(index)).map((url) => [url, keyIn(url)]));
      const loaded = new Set<string>();
      for (const [url, key] of shown) {
        const { status } = await fetch(url);
        expect(expected.has(key), `${name} is shown a link of ${key}`).toBe(true);
        if (status === 200) loaded.add(key);
      }
      expect(loaded, name).toEqual(expected);
      // Nobody has a fresh link of what they remember by saying it.
      for (const [key, { url, by }] of this.#files) {
        if (expected.has(key) || this.#gone.has(key) || by === index) continue;
        const content = { type: 'file', name: 'a.txt', size: 1, url };
        const to = `private:${this.#idsOf(index, index === 0 ? 1 : 0)}`;
        const { answer } = await this.#ask(index, `/v1/conversations/${to}/messages`, { content });
        expect(answer, `${name} says the address of ${key}`).toContain('FILE_REFUSED');
      }
    }
  }

  #note(sent: Omit<Sent, 'isRecalled'>): void {
    if (sent.inGroup) {
      this.#last += 1;
      expect(sent.number).toBe(this.#last);
    }
    this.#sent.push({ ...sent, isRecalled: false });
  }

  #mayWrite(index: number, toGroup: boolean): boolean {
    const stay = this.#stays.get(index);
    return toGroup ? stay !== undefined && stay.last === undefined : index < 2;
  }

  #seenBy(index: number): Sent[] {
    const { first, last = this.#last } = this.#stays.get(index) ?? { first: 1, last: 0 };
    return this.#sent.filter(
      ({ inGroup: isOfGroup, number, isRecalled }) =>
        !isRecalled && (isOfGroup ? number >= first && number <= last : index < 2),
    );
  }

  /** Of whatever routes show messages. */
  async #linksShownTo(index: number): Promise<string[]> {
    const club = this.#nameOf(true);
    const friend = this.#people[index === 1 ? 0 : 1]!.id;
    const links: string[] = [];
    for (const [path, body] of [
      [`/v1/conversations/${club}/messages?limit=200`],
      [`/v1/conversations/${club}/messages?around=2&limit=200`],
      [`/v1/conversations/private:${this.#idsOf(0, 1)}/messages?limit=200`],
      ['/v1/conversations'],
      ['/v1/sync', { messages: 50 }],
      ['/v1/search/messages?query=txt'],
      ['/message/group/loadOfflineMessage?minId=0'],
      ['/message/private/loadOfflineMessage?minId=0'],
      [`/message/group/history?groupId=${this.#groupId}&size=100`],
      [`/message/private/history?friendId=${friend}&size=100`],
    ] as const) {
      const { answer } = await this.#ask(index, path, body);
      links.push(...(answer.match(/http:[^"\\]+\/files\/[^"\\]+/g) ?? []));
    }
    // Of this world: the people are in others as well.
    return links.filter((url) => this.#files.has(keyIn(url)));
  }

  #nameOf(isGroup: boolean): string {
    return isGroup ? `group:${this.#groupId}` : `private:${this.#idsOf(0, 1)}`;
  }

  #idsOf(...indexes: readonly number[]): string {
    return indexes
      .map((index) => this.#people[index]!.id)
      .sort((one, other) => one - other)
      .join(':');
  }

  async #ask(
    index: number,
    path: string,
    body?: object,
    method = body ? 'POST' : 'GET',
  ): Promise<{ readonly status: number; readonly answer: string }> {
    const token = this.#people[index]!.tokens.accessToken;
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: {
        ...{ accessToken: token, authorization: `Bearer ${token}` },
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, answer: await response.text() };
  }
}

interface Said {
  readonly number: number;
}

function keyIn(url: string): string {
  return new URL(url).pathname;
}

describe('whoever comes, goes and comes back', () => {
  it(
    'loads exactly the files of the messages that they may see',
    async () => {
      // None of them is the point, and some rounds ask for more than one person may in a minute.
      const platform = {
        ...{ requestsPerMinute: 1_000_000, searchesPerMinute: 1_000_000, uploadsPerMinute: 1_000_000 },
        ...{ messagesPerMinute: 1_000_000, invitationsPerHour: 1_000_000 },
      };
      const test = await startTestPlatform({ store: 'sqlite', platform });
      const people: Person[] = [];
      for (const name of names) people.push(await test.register(name));
      const [owner, bob, cleo] = people as [Person, Person, Person];
      await befriend(test, owner, bob, cleo);
      await befriend(test, bob, cleo);
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

import type { RawDevice } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import { unwrap, type ApiClient, type components } from '../src/client/index.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { nextPrivate, pull, pullGroups, sayInGroup } from './support/messages.ts';
import type { Person } from './support/person.ts';
import {
  sharedPlatform,
  startTestPlatform,
  storeKinds,
  type StoreKind,
  type TestPlatform,
} from './support/test-platform.ts';

type Message = components['schemas']['Message'];
type Content = components['schemas']['Content'];

/** One of their conversations, for one of them. */
class Chat {
  readonly #api: ApiClient;
  readonly id: string;

  constructor(api: ApiClient, id: string) {
    this.#api = api;
    this.id = id;
  }

  #at(number: number): { path: { conversationId: string; number: number } } {
    return { path: { conversationId: this.id, number } };
  }

  send(text: string, more: { replyTo?: number; mentions?: string[] } = {}): Promise<Message> {
    return unwrap(
      this.#api.POST('/v1/conversations/{conversationId}/messages', {
        params: { path: { conversationId: this.id } },
        body: { content: { type: 'text', text }, ...more },
      }),
    );
  }

  sendContent(content: { type: 'text'; text: string; entities: object[] }): Promise<Message> {
    return unwrap(
      this.#api.POST('/v1/conversations/{conversationId}/messages', {
        params: { path: { conversationId: this.id } },
        body: { content: content as never },
      }),
    );
  }

  edit(number: number, text: string, more: { mentions?: string[] } = {}): Promise<Message> {
    const body = { content: { type: 'text' as const, text }, ...more };
    return unwrap(
      this.#api.PATCH('/v1/conversations/{conversationId}/messages/{number}', {
        params: this.#at(number),
        body,
      }),
    );
  }

  async edits(number: number): Promise<Content[]> {
    const params = { ...this.#at(number), query: {} };
    const page = await unwrap(
      this.#api.GET('/v1/conversations/{conversationId}/messages/{number}/edits', { params }),
    );
    return page.items.map(({ content }) => content);
  }

  recall(number: number): Promise<unknown> {
    return unwrap(
      this.#api.DELETE('/v1/conversations/{conversationId}/messages/{number}', { params: this.#at(number) }),
    );
  }

  react(number: number, emoji: string, method: 'PUT' | 'DELETE' = 'PUT'): Promise<Message> {
    const params = { path: { ...this.#at(number).path, emoji } };
    const path = '/v1/conversations/{conversationId}/messages/{number}/reactions/{emoji}';
    return unwrap(method === 'PUT' ? this.#api.PUT(path, { params }) : this.#api.DELETE(path, { params }));
  }

  async whoReacted(number: number, query: { emoji?: string; limit?: number } = {}): Promise<string[]> {
    const found: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const params = { ...this.#at(number), query: { ...query, ...(cursor !== undefined && { cursor }) } };
      const page = await unwrap(
        this.#api.GET('/v1/conversations/{conversationId}/messages/{number}/reactions', { params }),
      );
      found.push(...page.items.map(({ userId, emoji }) => `${userId} ${emoji}`));
      cursor = page.nextCursor;
    }
    return found;
  }

  pin(number: number, method: 'PUT' | 'DELETE' = 'PUT'): Promise<Message> {
    const path = '/v1/conversations/{conversationId}/messages/{number}/pin';
    const params = this.#at(number);
    return unwrap(method === 'PUT' ? this.#api.PUT(path, { params }) : this.#api.DELETE(path, { params }));
  }

  async pins(): Promise<number[]> {
    const params = { path: { conversationId: this.id }, query: { limit: 1 } };
    const found: number[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const query = { ...params.query, ...(cursor !== undefined && { cursor }) };
      const page = await unwrap(
        this.#api.GET('/v1/conversations/{conversationId}/pins', { params: { ...params, query } }),
      );
      found.push(...page.items.map(({ number }) => number));
      cursor = page.nextCursor;
    }
    return found;
  }

  deleteForMe(numbers: number[]): Promise<unknown> {
    const params = { path: { conversationId: this.id } };
    return unwrap(
      this.#api.POST('/v1/conversations/{conversationId}/deleted', { params, body: { numbers } }),
    );
  }

  async read(number: number): Promise<Message> {
    const params = { path: { conversationId: this.id }, query: { after: number - 1, limit: 1 } };
    const page = await unwrap(this.#api.GET('/v1/conversations/{conversationId}/messages', { params }));
    return page.items[0]!;
  }
}

interface Scene {
  readonly test: TestPlatform;
  readonly ann: Person;
  readonly bob: Person;
  readonly annChat: Chat;
  readonly bobChat: Chat;
}

async function twoFriends(store: StoreKind, platform: object = {}): Promise<Scene> {
  const test = await startTestPlatform({ store, platform });
  const [ann, bob] = [await test.register('ann'), await test.register('bob')];
  await befriend(test, ann, bob);
  const id = `private:${ann.id}:${bob.id}`;
  const [annChat, bobChat] = [new Chat(await apiOf(test, ann), id), new Chat(await apiOf(test, bob), id)];
  return { test, ann, bob, annChat, bobChat };
}

/** The next change of a message that the device is told. */
async function nextChange(device: RawDevice): Promise<Message> {
  const { data } = await device.next(({ data: said }) => (said as { type?: number }).type === 61);
  return (data as { message: Message }).message;
}

function refusal(code: string): object {
  return expect.objectContaining({ code }) as object;
}

describe.each(storeKinds)('changes of messages on %s', (store) => {
  it('write over a text, which stays readable, and which devices and the other API show', async () => {
    const { bob, annChat, bobChat } = await twoFriends(store);
    const device = await bob.connect();
    await annChat.send('helo');
    await nextPrivate(device);

    const edited = await annChat.edit(1, 'hello');

    expect(edited).toMatchObject({ content: { type: 'text', text: 'hello' }, number: 1 });
    expect(edited.stamp).toBeGreaterThan(0);
    expect(await nextChange(device)).toMatchObject({ stamp: edited.stamp, content: { text: 'hello' } });
    // Known by its id: pages of box-im's put it over what they have, and do not ring.
    expect(await nextPrivate(device)).toMatchObject({ id: Number(edited.id), content: 'hello', status: 3 });
    expect((await pull(bob)).map(({ content }) => content)).toEqual(['hello']);
    expect(await bobChat.edits(1)).toEqual([{ type: 'text', text: 'helo' }]);
    expect((await annChat.edit(1, 'hello')).stamp).toBe(edited.stamp);
    await annChat.edit(1, 'hello!');
    expect(await bobChat.edits(1)).toEqual([
      { type: 'text', text: 'hello' },
      { type: 'text', text: 'helo' },
    ]);
    expect((await bobChat.read(1)).editedAt).not.toBeNull();

    await expect(bobChat.edit(1, 'no')).rejects.toEqual(refusal('NOT_ALLOWED'));
    await annChat.recall(1);
    expect(await bobChat.edits(1)).toEqual([]);
    expect(await bobChat.read(1)).toMatchObject({ content: { type: 'recalled' }, editedAt: null });
    await expect(annChat.edit(1, 'back')).rejects.toEqual(refusal('RECALLED'));
    await expect(annChat.edit(9, 'none')).rejects.toEqual(refusal('NOT_FOUND'));
  });

  it('are refused when they come too late, and of those who may not write any more', async () => {
    const { test, ann, bob, annChat, bobChat } = await twoFriends(store, { editWindowS: 60 });
    await annChat.send('hello');
    const { sql } = test.platform.database;
    await sql('im_private_message').update({ sendTime: Date.now() - 61_000 });

    await expect(annChat.edit(1, 'too late')).rejects.toEqual(refusal('TOO_LATE'));
    await sql('im_block').insert({ userId: bob.id, blockedId: ann.id, createdTime: 0 });
    await expect(annChat.edit(1, 'blocked')).rejects.toEqual(refusal('NOT_WANTED'));
    await expect(annChat.react(1, '👍')).rejects.toEqual(refusal('NOT_WANTED'));
    await expect(bobChat.pin(1)).rejects.toEqual(refusal('BLOCKED_BY_YOU'));
    expect(await annChat.read(1)).toMatchObject({ reactions: [], isPinned: false, stamp: 0 });
  });

  it('count who has reacted with what, once each, however many do at once', async () => {
    const test = await startTestPlatform({ store, instances: store === 'mariadb' ? 2 : 1 });
    const people: Person[] = [];
    for (let index = 0; index < 6; index++) people.push(await test.register(`p${index}`));
    const [ann, ...others] = people as [Person, ...Person[]];
    await befriend(test, ann, ...others);
    const { id } = await openGroup(ann, others);
    const { number } = await sayInGroup(ann, id, 'hello');
    const chats = await Promise.all(
      people.map(
        async (one, index) => new Chat(await apiOf(test.all[index % test.all.length]!, one), `group:${id}`),
      ),
    );
    const [annChat, bobChat] = chats as [Chat, Chat];
    const device = await ann.connect();

    await Promise.all(chats.flatMap((chat) => ['👍', '👍', '❤️'].map((emoji) => chat.react(number, emoji))));

    const counted = await bobChat.read(number);
    expect(new Map(counted.reactions.map(({ emoji, count }) => [emoji, count]))).toEqual(
      new Map([
        ['👍', 6],
        ['❤️', 6],
      ]),
    );
    expect(counted.myReactions?.toSorted()).toEqual(['❤️', '👍'].toSorted());
    expect(await annChat.whoReacted(number, { limit: 5 })).toHaveLength(12);
    expect(await annChat.whoReacted(number, { emoji: '👍' })).toEqual(people.map((one) => `${one.id} 👍`));

    await Promise.all([...chats, ...chats].map((chat) => chat.react(number, '❤️', 'DELETE')));
    const { reactions, stamp } = await bobChat.read(number);
    expect(reactions).toEqual([{ emoji: '👍', count: 6 }]);
    // The last that is told is how it is.
    for (let told = await nextChange(device); told.stamp < stamp;) told = await nextChange(device);
  });

  it('take one emoji and no more than so many', async () => {
    const { annChat } = await twoFriends(store);
    await annChat.send('hello');

    for (const emoji of ['👍🏽', '👩‍👩‍👧‍👦', '🇨🇳', '1️⃣', '❤️', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🙂', '🎉']) await annChat.react(1, emoji);
    await expect(annChat.react(1, '🍎')).rejects.toEqual(refusal('TOO_MANY'));
    for (const wrong of ['👍👍', 'a', '1', '👍a', '   ', '\u200d'])
      await expect(annChat.react(1, wrong), wrong).rejects.toEqual(refusal('INVALID_ARGUMENT'));
  });

  it('are told in groups to those who could see the message, and are made by whom it is for', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob, cleo, late] = [
      ...[await test.register('ann'), await test.register('bob')],
      ...[await test.register('cleo'), await test.register('late')],
    ] as [Person, Person, Person, Person];
    await befriend(test, ann, bob, cleo, late);
    const { id } = await openGroup(ann, [bob, cleo]);
    const { number } = await sayInGroup(bob, id, 'before');
    await ann.post('/group/invite', { groupId: id, friendIds: [late.id] });
    const chatOf = async (who: Person): Promise<Chat> => new Chat(await apiOf(test, who), `group:${id}`);
    const [annChat, bobChat, lateChat] = [await chatOf(ann), await chatOf(bob), await chatOf(late)];
    const [annDevice, lateDevice] = [await ann.connect(), await late.connect()];

    await bobChat.edit(number, 'before, edited');
    expect(await nextChange(annDevice)).toMatchObject({ number, content: { text: 'before, edited' } });
    const after = await sayInGroup(bob, id, 'after');
    await bobChat.edit(after.number, 'after, edited');
    expect(await nextChange(lateDevice)).toMatchObject({ content: { text: 'after, edited' } });

    await expect(lateChat.react(number, '👍')).rejects.toEqual(refusal('NOT_FOUND'));
    await expect(bobChat.pin(number)).rejects.toEqual(refusal('NOT_ALLOWED'));
    await annChat.pin(number);
    await annChat.pin(after.number);
    expect(await bobChat.pins()).toEqual([after.number, number]);
    expect(await lateChat.pins()).toEqual([after.number]);
    // Who is muted says nothing, by a thumb either.
    await test.platform.database
      .sql('im_group_member')
      .where({ userId: cleo.id })
      .update({ mutedUntil: Date.now() + 60_000 });
    await expect((await chatOf(cleo)).react(after.number, '👍')).rejects.toEqual(refusal('MUTED'));
    await bob.delete(`/group/quit/${id}`);
    await expect(bobChat.edit(after.number, 'gone')).rejects.toEqual(refusal('NOT_A_MEMBER'));
  });

  it('are not seen by who has left the group: to them it stands as they left it', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const { id } = await openGroup(ann, [bob]);
    const chatOf = async (who: Person): Promise<Chat> => new Chat(await apiOf(test, who), `group:${id}`);
    const [annChat, bobChat] = [await chatOf(ann), await chatOf(bob)];
    const { number } = await annChat.send('first');
    const { number: untouched } = await annChat.send('as sent');
    const { number: answer } = await annChat.send('indeed', { replyTo: number });
    await annChat.edit(number, 'second');
    await annChat.react(number, '👍');
    await annChat.pin(number);
    await bob.delete(`/group/quit/${id}`);
    await annChat.edit(number, 'third');
    await annChat.edit(number, 'fourth');
    await annChat.edit(untouched, 'not as sent');
    await annChat.react(number, '🎉');

    const seen = await bobChat.read(number);
    expect(seen).toMatchObject({ content: { text: 'second' }, reactions: [], isPinned: false });
    expect(seen.editedAt).not.toBeNull();
    expect(await bobChat.read(untouched)).toMatchObject({ content: { text: 'as sent' }, editedAt: null });
    expect((await bobChat.read(answer)).replyTo).toMatchObject({ quote: { text: 'second' } });
    expect(await bobChat.edits(number)).toEqual([{ type: 'text', text: 'first' }]);
    expect(await bobChat.edits(untouched)).toEqual([]);
    expect([await bobChat.whoReacted(number), await bobChat.pins()]).toEqual([[], []]);
    const pulled = (await pullGroups(bob)).map(({ content }) => content);
    expect(pulled).toEqual(expect.arrayContaining(['second', 'as sent']));
    expect(pulled).not.toEqual(expect.arrayContaining(['fourth']));
    expect((await annChat.read(number)).content).toMatchObject({ text: 'fourth' });
    await annChat.recall(number);
    expect((await bobChat.read(number)).content).toEqual({ type: 'recalled' });
  });

  it('call those who are named in an edit, and no longer those who were', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob, cleo] = [
      await test.register('ann'),
      await test.register('bob'),
      await test.register('cleo'),
    ];
    await befriend(test, ann, bob, cleo);
    const { id } = await openGroup(ann, [bob, cleo]);
    const api = await apiOf(test, ann);
    const annChat = new Chat(api, `group:${id}`);
    const mentionsOf = async (who: Person): Promise<number> => {
      const params = { path: { conversationId: annChat.id } };
      return (await unwrap((await apiOf(test, who)).GET('/v1/conversations/{conversationId}', { params })))
        .mentions;
    };
    const text = '😀@bob hello';
    const { number } = await annChat.sendContent({
      ...{ type: 'text', text },
      entities: [{ type: 'mention', offset: 2, length: 4, userId: String(bob.id) }],
    });

    expect([await mentionsOf(bob), await mentionsOf(cleo)]).toEqual([1, 0]);
    const edited = await annChat.edit(number, '@cleo hello', { mentions: [String(cleo.id)] });
    expect(edited.mentions).toEqual([String(cleo.id)]);
    expect([await mentionsOf(bob), await mentionsOf(cleo)]).toEqual([0, 1]);
    expect(await annChat.edits(number)).toEqual([
      { type: 'text', text, entities: [{ type: 'mention', offset: 2, length: 4, userId: String(bob.id) }] },
    ]);
    for (const entities of [
      [{ type: 'mention', offset: 1, length: 2, userId: '1' }],
      [{ type: 'mention', offset: 2, length: 40, userId: '1' }],
      [{ type: 'link', offset: 2, length: 4 }],
      [
        { type: 'mention', offset: 2, length: 4, userId: '1' },
        { type: 'mention', offset: 4, length: 4, userId: '2' },
      ],
    ])
      await expect(annChat.sendContent({ type: 'text', text, entities })).rejects.toEqual(
        refusal('INVALID_ARGUMENT'),
      );
    const link = 'see https://example.com/a and example.org';
    const sent = await annChat.sendContent({
      ...{ type: 'text', text: link },
      entities: [
        { type: 'link', offset: 4, length: 21 },
        { type: 'link', offset: 30, length: 11 },
      ],
    });
    expect((await annChat.read(sent.number)).content).toHaveProperty('entities.length', 2);
  });

  it('quote what is answered as it is, and nothing of what was recalled or was before', async () => {
    const { bob, annChat, bobChat } = await twoFriends(store);
    const device = await bob.connect();
    await annChat.send(`${'x'.repeat(99)}😀 and more`);
    await nextPrivate(device);

    const answer = await bobChat.send('indeed', { replyTo: 1 });

    expect(answer.replyTo).toMatchObject({ number: 1, quote: { type: 'text', text: 'x'.repeat(99) } });
    await annChat.send('again', { replyTo: 1 });
    const { data } = await device.next(({ cmd }) => cmd === 3);
    expect(data).toMatchObject({
      content: 'again',
      message: { replyTo: { number: 1, quote: { type: 'text' } } },
    });
    await annChat.edit(1, 'short');
    expect((await bobChat.read(2)).replyTo).toMatchObject({ quote: { text: 'short' } });
    await annChat.recall(1);
    expect((await bobChat.read(2)).replyTo).toEqual({ number: 1, quote: null });
    await expect(bobChat.send('nothing', { replyTo: 99 })).rejects.toEqual(refusal('INVALID_ARGUMENT'));
  });

  it('are told to a device that was away, each message once and whole, and what its user deleted', async () => {
    const { test, bob, annChat, bobChat } = await twoFriends(store);
    const api = await apiOf(test, bob);
    for (const text of ['one', 'two', 'three']) await annChat.send(text);
    const sync = (cursor?: string) =>
      unwrap(api.POST('/v1/sync', { body: { messages: 0, ...(cursor !== undefined && { cursor }) } }));
    const { cursor } = await sync();
    const device = await bob.connect();

    await annChat.edit(1, 'one!');
    for (const emoji of ['👍', '🎉']) await annChat.react(1, emoji);
    await bobChat.react(1, '👍');
    await annChat.pin(2);
    await bobChat.deleteForMe([3, 99]);
    await bobChat.deleteForMe([3]);
    await device.next(({ data }) => 'deleted' in (data as object));

    const { conversations } = await sync(cursor);
    expect(conversations).toMatchObject([
      {
        deleted: [3],
        changed: [
          {
            number: 1,
            content: { text: 'one!' },
            reactions: [{ count: 2 }, { count: 1 }],
            myReactions: ['👍'],
          },
          { number: 2, isPinned: true },
        ],
      },
    ]);
    expect(conversations[0]?.changed).toEqual([await bobChat.read(1), await bobChat.read(2)]);
    expect(await bobChat.read(3)).toBeUndefined();
    expect(await annChat.read(3)).toMatchObject({ content: { text: 'three' } });
    await expect(bobChat.react(3, '👍')).rejects.toEqual(refusal('NOT_FOUND'));
  });

  it('end as one of two would, when both come at once', async () => {
    const { test, annChat, bobChat } = await twoFriends(store);
    for (let round = 1; round <= 4; round++) {
      const { number } = await annChat.send(`round ${round}`);
      const outcomes = await Promise.allSettled([
        ...[annChat.edit(number, 'edited'), annChat.recall(number), bobChat.react(number, '👍')],
        ...[annChat.pin(number), bobChat.pin(number, 'DELETE')],
      ]);
      expect(outcomes[1]?.status).toBe('fulfilled');
      for (const chat of [annChat, bobChat])
        expect(await chat.read(number)).toMatchObject({
          ...{ content: { type: 'recalled' }, reactions: [], isPinned: false, editedAt: null },
        });
      const { sql } = test.platform.database;
      const rest = { conversation: annChat.id, number };
      expect(await sql('im_message_edit').where(rest)).toEqual([]);
      expect(await sql('im_reaction').where(rest)).toEqual([]);
      expect(await sql('im_message_change').where(rest)).toHaveLength(1);
    }
    const { number } = await annChat.send('last');
    await Promise.all([annChat.pin(number), bobChat.pin(number), annChat.pin(number, 'DELETE')]);
    const { isPinned } = await annChat.read(number);
    expect(await bobChat.pins()).toEqual(isPinned ? [number] : []);
  });
});

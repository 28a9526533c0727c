import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onCleanup } from 'im-test/support';
import { expect, it } from 'vitest';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import type { PlatformOptions } from '../src/index.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { say, sayInGroup } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { isSignedWith } from './support/receiver.ts';
import { createKey, withKey } from './support/server-keys.ts';
import { startTestPlatform, type TestPlatform } from './support/test-platform.ts';

const secret = `whsec_${Buffer.from('only-for-the-tests-of-hooks').toString('base64')}`;

interface Asked {
  readonly type: string;
  readonly data: {
    readonly conversationId: string;
    readonly senderId: string;
    readonly isEdit: boolean;
    readonly content: { readonly type: string; readonly text: string };
  };
}

type Say = (asked: Asked, response: ServerResponse) => object | undefined;

interface World {
  readonly test: TestPlatform;
  readonly ann: Person;
  readonly bob: Person;
  readonly groupId: number;
  readonly api: ApiClient;
  readonly server: ApiClient;
  /** What it was asked. */
  readonly asked: Asked[];
  /** What it says from now on; nothing: it lets whoever asks wait. */
  answer: Say;
}

async function start(platform: Partial<PlatformOptions> = {}): Promise<World> {
  const asked: Asked[] = [];
  const hook = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const piece of request as AsyncIterable<Buffer>) body += piece.toString();
      const question = JSON.parse(body) as Asked;
      asked.push(question);
      const isGenuine = isSignedWith(secret, { headers: request.headers, body });
      const said = isGenuine ? world.answer(question, response) : { verdict: 'refuse', text: 'not signed' };
      if (said) response.end(JSON.stringify(said));
    })();
  });
  await new Promise<void>((resolve) => void hook.listen(0, '127.0.0.1', resolve));
  onCleanup(() => {
    hook.closeAllConnections();
    hook.close();
  });
  const test = await startTestPlatform({
    store: 'sqlite',
    platform: {
      messageHook: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/before`,
      ...{ messageHookSecret: secret, messageHookTimeoutMs: 4_000, answerLanguage: 'en', ...platform },
    },
  });
  const [ann, bob] = [await test.register('ann'), await test.register('bob')];
  await befriend(test, ann, bob);
  const { id: groupId } = await openGroup(ann, [bob]);
  const [api, server] = [await apiOf(test, ann), await withKey(test, (await createKey(test)).key)];
  const world: World = { test, ann, bob, groupId, api, server, asked, answer: () => ({ verdict: 'allow' }) };
  return world;
}

/** By box-im's API and by ours, new and instead of what was said before, by people and by another back end for them. */
const waysToSay: Readonly<Record<string, (world: World, text: string) => Promise<unknown>>> = {
  'box-im, to a friend': ({ ann, bob }, text) => say(ann, bob, text),
  'box-im, to a group': ({ ann, groupId }, text) => sayInGroup(ann, groupId, text),
  'to a friend': (world, text) => send(world, between(world), { content: { type: 'text', text } }),
  'to a group': (world, text) => send(world, `group:${world.groupId}`, { content: { type: 'text', text } }),
  'as an answer': (world, text) =>
    send(world, between(world), { content: { type: 'text', text }, replyTo: 1 }),
  'of a kind of one’s own': (world, text) =>
    send(world, between(world), { content: { type: 'custom', name: 'poll', data: {}, text } }),
  'over what was said': (world, text) =>
    unwrap(
      world.api.PATCH('/v1/conversations/{conversationId}/messages/{number}', {
        params: { path: { conversationId: between(world), number: 1 } },
        body: { content: { type: 'text', text } },
      }),
    ),
  'once more, elsewhere': (world) =>
    unwrap(
      world.api.POST('/v1/conversations/{conversationId}/forwards', {
        params: { path: { conversationId: between(world) }, header: {} },
        body: { numbers: [1], to: [`group:${world.groupId}`] },
      }),
    ),
  'by another back end': (world, text) =>
    unwrap(
      world.server.POST('/v1/server/conversations/{conversationId}/messages', {
        params: { path: { conversationId: between(world) }, header: {} },
        body: { from: 'name:ann', content: { type: 'text', text } },
      }),
    ),
};

function between({ ann, bob }: World): string {
  return `private:${ann.id}:${bob.id}`;
}

type Content = { type: 'text'; text: string } | { type: 'custom'; name: string; data: object; text: string };

function send({ api }: World, conversationId: string, body: { content: Content; replyTo?: number }) {
  return unwrap(
    api.POST('/v1/conversations/{conversationId}/messages', {
      params: { path: { conversationId }, header: {} },
      body: body as { content: { type: 'text'; text: string } },
    }),
  );
}

async function stored({ test }: World): Promise<string[]> {
  const { sql } = test.platform.database;
  const rows = await Promise.all(
    ['im_private_message', 'im_group_message'].map((table) =>
      sql(table).where({ type: 0 }).select<{ content: string }[]>('content'),
    ),
  );
  return rows.flat().map(({ content }) => content);
}

it('is asked about all that people say, by whatever way, and what it refuses is nowhere', async () => {
  const world = await start();
  await say(world.ann, world.bob, 'the first one');
  const before = await stored(world);
  world.asked.length = 0;

  world.answer = () => ({ verdict: 'refuse', text: 'Not in this house.' });
  for (const [way, saying] of Object.entries(waysToSay)) {
    const error = await saying(world, 'a rude word').catch((refused: unknown) => refused);
    // As it is described: a caller knows it by its code, or has box-im's envelope.
    if (!way.startsWith('box-im')) expect(error, way).toMatchObject({ code: 'MESSAGE_REFUSED' });
    expect((error as Error).message, way).toContain('Not in this house.');
    expect([way, world.asked.length]).toEqual([way, 1]);
    const isEdit = way === 'over what was said';
    expect(world.asked.pop()?.data).toMatchObject({ senderId: String(world.ann.id), isEdit });
  }
  expect(await stored(world)).toEqual(before);

  world.answer = () => ({ verdict: 'allow' });
  for (const [way, saying] of Object.entries(waysToSay)) {
    await saying(world, way);
    const after = await stored(world);
    expect(after).toContain(way === 'once more, elsewhere' ? 'over what was said' : way);
  }
  // What the platform itself says is asked of nobody.
  world.asked.length = 0;
  await unwrap(
    world.server.POST('/v1/server/groups/{groupId}/notices', {
      params: { path: { groupId: String(world.groupId) }, header: {} },
      body: { text: 'Closed on Monday' },
    }),
  );
  expect(world.asked).toEqual([]);
});

it('has no way around it: people’s messages are made in two places, which both ask', async () => {
  const folder = new URL('../src/', import.meta.url).pathname;
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const texts = await Promise.all(
    files.map(async (name) => [name, await readFile(join(folder, name), 'utf8')]),
  );
  const isAPersons = /needs(Friendship|Membership): true/;
  const makers = texts.filter(([, text = '']) => isAPersons.test(text));

  expect(makers.map(([name]) => name).toSorted()).toEqual([
    'messages/group/group-message-service.ts',
    'messages/private/private-message-service.ts',
  ]);
  for (const [, text] of makers) expect(text).toMatch(/await sendableContent\([^]*await log\.append\(/);
});

it('changes texts, in their order though some answers come late', async () => {
  const world = await start();
  const { ann, bob, groupId } = world;
  let isFirst = true;
  world.answer = ({ data }, response) => {
    const said = { verdict: 'change', text: `${data.content.text}!` };
    if (!isFirst) return said;
    isFirst = false;
    // After the others.
    void expect
      .poll(() => world.asked.length)
      .toBeGreaterThan(2)
      .then(() => response.end(JSON.stringify(said)));
    return undefined;
  };

  // Requests that go out at once may come in any order.
  const sends: Promise<unknown>[] = [];
  for (const [index, text] of ['one', 'two', 'three'].entries()) {
    sends.push(say(ann, bob, text));
    await expect.poll(() => world.asked.length, { interval: 5 }).toBeGreaterThan(index);
  }
  await Promise.all(sends);
  await sayInGroup(bob, groupId, 'hello');

  expect(await stored(world)).toEqual(['one!', 'two!', 'three!', 'hello!']);
});

it('keeps to what it is to do while the hook does not answer, and soon nobody waits for it', async () => {
  const refusing = await start({ messageHookTimeoutMs: 50 });
  refusing.answer = () => undefined;
  await expect(say(refusing.ann, refusing.bob, 'nobody says')).rejects.toThrow('503');
  expect(await stored(refusing)).toEqual([]);

  const world = await start({ messageHookAway: 'allow' });
  world.answer = (_asked, response) => {
    response.writeHead(500);
    return { verdict: 'refuse', text: 'Who reads that?' };
  };
  for (let index = 0; index < 30; index++) await say(world.ann, world.bob, `m${index}`);
  expect(await stored(world)).toHaveLength(30);
  // Five, and then one in five seconds.
  expect(world.asked.length).toBeGreaterThanOrEqual(5);
  expect(world.asked.length).toBeLessThan(30);
});

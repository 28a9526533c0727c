import { toByteText, encodeDeadLetter, messageList, resultList } from 'im-common/internal/bus';
import { describe, expect, it } from 'vitest';
import type { DeadLetter, ImClient, PrivateResult } from '../src/index.ts';
import { Inbox } from './support/inbox.ts';
import { put } from './support/scripted-server.ts';
import { overBothBuses, type World } from './support/world.ts';

// P-7.11.

const shared = resultList('private', 'shop');
const dead = 'im:dead:result:shop';

overBothBuses('dead letters', (newWorld) => {
  it('are read in pages, the newest first, though others come and these go', async () => {
    const { im, world } = await withLetters(5);

    const page = await im.deadLetters.read({ limit: 2 });
    await putLetters(world, ['late']);
    await im.deadLetters.discard(page.letters.map(({ id }) => id));
    const older = await im.deadLetters.read({ limit: 2, before: page.next });
    const oldest = await im.deadLetters.read({ before: older.next });

    expect([page, older, oldest].map(({ letters }) => letters.map(textOf))).toEqual([
      ['5', '4'],
      ['3', '2'],
      ['1'],
    ]);
    expect([page.total, older.total, oldest.next]).toEqual([5, 4, undefined]);
    expect(page.letters[0]).toEqual({
      id: expect.any(String) as string,
      list: shared,
      why: 'Error: never',
      by: 'listener picky',
      at: expect.any(Number) as number,
      text: resultOf('5'),
    });
  });

  it('of a listener that works again come to it, and are letters no more', async () => {
    const world = await newWorld();
    const im = world.client({ retryDelaysMs: [] });
    const inbox = new Inbox<PrivateResult>();
    let works = false;
    im.on('private', (results) => {
      if (!works) throw new Error('not yet');
      inbox.push(...results);
    });
    await im.start();
    await put(world.bus, shared, resultOf('1'), resultOf('2'));
    await expect.poll(() => world.bus.lists.length(dead)).toBe(2);

    works = true;
    const report = await im.deadLetters.replay('all');

    expect(report).toEqual({ replayed: 2, kept: 0, why: [] });
    expect((await inbox.take(2)).map(({ data }) => data)).toEqual(['1', '2']);
    expect((await im.deadLetters.read()).total).toBe(0);
  });

  it('are replayed once, in their order, also by two at once', async () => {
    const { im, world } = await withLetters(1_000);
    const other = world.client();

    const reports = await Promise.all([im, other].map(({ deadLetters }) => deadLetters.replay('all')));

    expect(reports.reduce((sum, { replayed }) => sum + replayed, 0)).toBe(1_000);
    const replayed = await world.bus.lists.range(shared, 0, 2_000);
    expect(replayed).toEqual(Array.from({ length: 1_000 }, (_, n) => resultOf(String(n + 1))));
    expect(await im.deadLetters.replay('all')).toEqual({ replayed: 0, kept: 0, why: [] });
  });

  it('are chosen by their ids, of which unknown ones are nobody', async () => {
    const { im, world } = await withLetters(4);
    const { letters } = await im.deadLetters.read();
    const [four, three, two] = letters.map(({ id }) => id);

    expect(await im.deadLetters.discard([three!, 'nobody'])).toBe(1);
    expect(await im.deadLetters.replay([four!, two!, three!])).toMatchObject({ replayed: 2, kept: 0 });

    expect(await world.bus.lists.range(shared, 0, 10)).toEqual([resultOf('2'), resultOf('4')]);
    expect((await im.deadLetters.read()).letters.map(textOf)).toEqual(['1']);
    expect(await im.deadLetters.discard('all')).toBe(1);
    expect(await im.deadLetters.discard('all')).toBe(0);
  });

  it('of a server that is no more go to another one, and wait while there is none', async () => {
    const world = await newWorld();
    const im = world.client();
    const letter = encodeDeadLetter(
      { list: messageList('group', 4711), why: 'bad', by: 'server 4711' },
      toByteText('{'),
    );
    await put(world.bus, 'im:dead:group', letter);

    expect(await im.deadLetters.replay('all', { of: 'group' })).toEqual({
      replayed: 0,
      kept: 1,
      why: ['no server is alive that could take it'],
    });
    const server = await world.server();
    await expect
      .poll(async () => (await im.deadLetters.replay('all', { of: 'group' })).replayed, { interval: 300 })
      .toBe(1);

    expect(await world.bus.lists.range(messageList('group', server.id), 0, 10)).toEqual(['{']);
  });

  it('that are none, or would go on another key, are shown, kept and discarded', async () => {
    const world = await newWorld();
    const im = world.client();
    const hostile = encodeDeadLetter({ list: 'im:max_server_id', why: '', by: '' }, toByteText('9'));
    await put(world.bus, dead, 'rubbish', '{"id":1}', hostile);

    const { letters } = await im.deadLetters.read();
    expect(letters.map(({ why }) => why)).toEqual(['', 'this is no dead letter', 'this is no dead letter']);
    expect(await im.deadLetters.replay('all')).toEqual({
      replayed: 0,
      kept: 3,
      why: ['it does not say where it came from'],
    });
    expect(await im.deadLetters.discard([letters[2]!.id])).toBe(1);
    expect((await im.deadLetters.read()).total).toBe(2);
  });

  it('are bytes as they came, also where these are no text', async () => {
    const world = await newWorld();
    const im = world.client();
    const bytes = Buffer.from('"\xff\xfe"', 'latin1');
    const about = { list: shared, why: 'not UTF-8', by: 'service shop' };
    await put(world.bus, dead, encodeDeadLetter(about, bytes.toString('latin1') as never));

    const [letter] = (await im.deadLetters.read()).letters;
    await im.deadLetters.replay('all');

    expect(letter).toMatchObject({ ...about, base64: bytes.toString('base64') });
    expect(await world.bus.lists.range(shared, 0, 10)).toEqual([bytes.toString('latin1')]);
  });

  async function withLetters(count: number): Promise<{ im: ImClient; world: World }> {
    const world = await newWorld();
    await putLetters(
      world,
      Array.from({ length: count }, (_, n) => String(n + 1)),
    );
    return { im: world.client(), world };
  }
});

describe('what callers ask of dead letters', () => {
  it.each([
    [(im: ImClient) => im.deadLetters.read({ limit: 1_001 }), 'limit'],
    [(im: ImClient) => im.deadLetters.read({ before: -1 }), 'before'],
    [(im: ImClient) => im.deadLetters.read({ of: 'a b' }), 'of'],
    [(im: ImClient) => im.deadLetters.replay('everything' as 'all'), 'expected a list of ids, or "all"'],
    [(im: ImClient) => im.deadLetters.discard([7] as never), 'expected a list of ids, or "all"'],
  ])('is checked', async (call, problem) => {
    const { createImClient } = await import('../src/index.ts');
    const im = createImClient({ service: 'shop', redis: 'redis://127.0.0.1:1' });
    await expect(call(im)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(problem) as string,
    });
  });
});

async function putLetters({ bus }: World, names: readonly string[]): Promise<void> {
  const about = { list: shared, why: 'Error: never', by: 'listener picky' };
  await put(bus, dead, ...names.map((name) => encodeDeadLetter(about, toByteText(resultOf(name)))));
}

function resultOf(name: string): string {
  return `{"code":0,"data":"${name}","receiver":{"id":2,"terminal":0}}`;
}

function textOf({ text }: DeadLetter): unknown {
  return (JSON.parse(text ?? '') as { data: unknown }).data;
}

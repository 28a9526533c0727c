import type { CallState, Chat } from 'im-chat';
import { expect, test } from 'vitest';
import { startWorld, until, type World } from './support/world.ts';

async function annAndBob(): Promise<{ world: World; id: string; ann: Chat; bob: Chat; bobsPhone: Chat }> {
  const world = await startWorld();
  await world.register('ann');
  await world.register('bob');
  const id = await world.befriend('ann', 'bob');
  return {
    ...{ world, id, ann: await world.signIn('ann') },
    ...{ bob: await world.signIn('bob'), bobsPhone: await world.signIn('bob', {}, 'app') },
  };
}

function idOf({ session }: Chat): string {
  const state = session.get();
  return state.kind === 'signed-in' ? state.userId : '';
}

function become(chat: Chat, kind: CallState['kind']): Promise<CallState> {
  return until(chat.call, (state) => state.kind === kind);
}

const said = (text: string) => (): Promise<string> => Promise.resolve(text);

/** The records of calls, as they are shown. */
async function records(chat: Chat, id: string, count: number): Promise<string[]> {
  const { messages } = await until(
    chat.conversation(id),
    (view) => view.messages.filter(({ content }) => content.type === 'call').length >= count,
  );
  return messages.flatMap(({ content }) => (content.type === 'call' ? [content.text] : []));
}

test('a call rings on every device, is taken on one, and what the two ends say comes in order', async () => {
  const { id, ann, bob, bobsPhone } = await annAndBob();
  const calling = ann.calls.call(idOf(bob), 'video', said('offer'));
  // Before the platform has the call, and before bob has taken it.
  for (const signal of ['1', '2', '3']) ann.calls.signal(signal);
  await calling;
  expect(ann.call.get()).toMatchObject({ kind: 'calling', call: { userId: idOf(bob), isMine: true } });
  await expect(ann.calls.call(idOf(bob), 'voice', said('again'))).rejects.toMatchObject({ code: 'CALLING' });
  const rings = { kind: 'ringing', call: { userId: idOf(ann), mode: 'video', isMine: false } };
  expect(await become(bob, 'ringing')).toEqual(rings);
  expect(await become(bobsPhone, 'ringing')).toEqual(rings);

  const heardByAnn: string[] = [];
  ann.calls.onSignal((signal) => heardByAnn.push(signal));
  const offers: string[] = [];
  await bob.calls.accept((offer) => {
    offers.push(offer);
    return Promise.resolve('answer');
  });
  const heardByBob = await new Promise<string[]>((resolve) => {
    const heard: string[] = [];
    bob.calls.onSignal((signal) => {
      heard.push(signal);
      if (heard.length === 3) resolve(heard);
    });
  });
  expect([offers, heardByBob]).toEqual([['offer'], ['1', '2', '3']]);
  await become(ann, 'talking');
  expect(heardByAnn).toEqual(['answer']);
  await become(bobsPhone, 'none');

  await ann.calls.end();
  expect(ann.call.get()).toMatchObject({ kind: 'over', why: 'hung-up' });
  expect(await become(bob, 'over')).toMatchObject({ why: 'hung-up' });
  for (const chat of [ann, bob]) expect(await records(chat, id, 1)).toEqual([expect.stringMatching('00:00')]);
});

test('a call is declined, given up, missed, and does not come about for who is in another one', async () => {
  const { world, id, ann, bob, bobsPhone } = await annAndBob();
  await ann.calls.call(idOf(bob), 'voice', said('offer'));
  await become(bob, 'ringing');
  await bob.calls.end();
  expect(await become(ann, 'over')).toMatchObject({ why: 'declined' });
  await become(bobsPhone, 'none');

  await ann.calls.call(idOf(bob), 'voice', said('offer'));
  await become(bob, 'ringing');
  await ann.calls.end();
  for (const chat of [ann, bob, bobsPhone]) await become(chat, 'none');

  // Given up before it has begun: nobody rings, and nothing is left of it.
  let goOn: (offer: string) => void = () => undefined;
  const begun = ann.calls.call(idOf(bob), 'voice', () => new Promise((resolve) => (goOn = resolve)));
  await ann.calls.end();
  goOn('offer');
  await begun;
  await expect(
    ann.calls.call(idOf(bob), 'voice', () => Promise.reject(new Error('no microphone'))),
  ).rejects.toThrow('no microphone');
  expect(ann.call.get().kind).toBe('none');

  await world.register('carl');
  await world.befriend('carl', 'ann');
  const carl = await world.signIn('carl');
  await ann.calls.call(idOf(bob), 'voice', said('offer'));
  await carl.calls.call(idOf(ann), 'voice', said('offer'));
  expect(carl.call.get()).toMatchObject({ kind: 'over', why: 'busy' });
  await carl.calls.call(idOf(bob), 'voice', said('offer'));
  expect(carl.call.get()).toMatchObject({ kind: 'over', why: 'refused' });
  // Whoever signs out hangs up.
  await become(bob, 'ringing');
  await ann.signOut();
  await become(bob, 'none');
  expect(await records(bob, id, 3)).toHaveLength(3);
});

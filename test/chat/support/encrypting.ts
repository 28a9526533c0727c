import { memoryStore, type Chat, type Message } from 'im-chat';
import { endToEnd, missingIn, type EndToEnd, type Verification } from 'im-chat/end-to-end';
import { expect } from 'vitest';
import type { Page } from './profile.ts';
import { until, type World } from './world.ts';

export interface Device {
  readonly chat: Chat;
  readonly keys: EndToEnd;
}

/** One that does not die, with keys that are set up. */
export async function encryptingDevice(
  world: World,
  userName: string,
  kind: 'web' | 'app' = 'web',
): Promise<Device> {
  const keys = endToEnd();
  const chat = await world.signIn(userName, { encryption: keys, store: memoryStore() }, kind);
  await keys.setUp();
  return { chat, keys };
}

/** In front of which step a page dies, until it has done all of them. Says which those were. */
export async function dieEverywhere(live: (at: number) => Promise<Page>): Promise<readonly string[]> {
  for (let at = 0; ; at++) {
    const { life } = await live(at);
    expect(life.errors).toEqual([]);
    if (!life.isOver) return life.steps;
  }
}

export const reads = (text: string) => (message: Message) =>
  message.content.type === 'text' && message.content.text === text && message.encryption?.kind === 'read';

/** One says something, and the other one reads it. */
export async function tells(one: Device, other: Device, id: string, text: string): Promise<void> {
  one.chat.conversation(id).send(text);
  const view = await until(other.chat.conversation(id), ({ messages }) => messages.some(reads(text)));
  expect(view.messages.filter(reads(text))).toHaveLength(1);
  expect([...missingIn(view.messages)]).toEqual([]);
}

/** They look at the same pictures, and both say so; a page may die in the midst of that, in front of this step from that one on. */
export async function compare(
  asking: Device,
  asked: Device,
  userId: string,
  death?: { readonly of: Page; readonly at: number; readonly from?: RegExp },
): Promise<Verification> {
  const mine = await asking.keys.verify(userId);
  const [theirs] = await until(asked.keys.verifications, ([one]) => one?.get().step === 'asked');
  await theirs?.accept();
  const both = [mine, theirs].filter((one): one is Verification => one !== undefined);
  await Promise.all(both.map((one) => until(one, ({ step }) => step === 'comparing')));
  death?.of.life.dieAtNew(death.at, death.from);
  const done = Promise.all(
    both.map(async (one) => {
      await one.confirm();
      await until(one, ({ step }) => step === 'done');
    }),
  );
  // What a dead page says nobody hears.
  done.catch(() => undefined);
  await Promise.race([done, ...(death ? [death.of.life.died] : [])]);
  return mine;
}

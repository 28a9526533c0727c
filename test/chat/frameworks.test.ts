import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { FrameworksPage } from './support/frameworks-page.ts';
import { inPage, openBrowser, openPage, pageFolder, type ChatPage } from './support/site.ts';
import { password, says, startWorld } from './support/world.ts';

const frameworks = ['vue', 'react'] as const;

test('Vue and React draw the same chat, follow it, and let go of it', async () => {
  const folder = await pageFolder('page.ts', 'frameworks-page.ts');
  const world = await startWorld({ page: { folder } });
  for (const name of ['ann', 'bob', 'cleo']) await world.register(name);
  const [withBob, withCleo] = [await world.befriend('ann', 'bob'), await world.befriend('ann', 'cleo')];
  const bob = await world.signIn('bob');
  const page = await openPage(await openBrowser(), world.url);
  const { imUrl } = world;
  await inPage(page, (window, [word, to]) => window.begin('ann', word, to), [password, imUrl] as const);

  await inDrawn(page, (window, id) => window.draw(id), withBob);
  await shows(page, 'signed-in bob');
  bob.conversation(withBob).send('hello Ann');
  await shows(page, 'hello Ann (received)');
  await inPage(page, ({ chat }, id) => void chat.conversation(id).send('hello Bob'), withBob);
  await shows(page, 'hello Bob (sent)', 'hello Bob (delivered)');
  await says(bob.conversation(withBob), 'hello Ann', 'hello Bob');
  // Strict mode subscribes twice, and lets go once.
  expect(await inDrawn(page, ({ heard }) => heard)).toEqual({
    vue: ['hello Bob (sent)'],
    react: ['hello Bob (sent)'],
  });

  await inDrawn(page, (window, id) => window.choose(id), withCleo);
  await shows(page, 'signed-in cleo');
  expect(await isWatched(page, withBob)).toBe(false);
  await inDrawn(page, (window) => window.choose(undefined));
  await shows(page, 'signed-in nobody');

  await inDrawn(page, (window, id) => window.choose(id), withBob);
  await shows(page, 'hello Ann (received)');
  expect(await isWatched(page, withBob)).toBe(true);
  await inPage(page, ({ chat }) => chat.signOut());
  await shows(page, 'signed-out nobody');
  await inPage(page, ({ chat }, word) => chat.signIn({ userName: 'ann', password: word }), password);
  await shows(page, 'hello Ann (received)');
  await inDrawn(page, (window) => window.undraw());
  expect(await isWatched(page, withBob)).toBe(false);
});

/** Resolves when both show one of these lines. */
async function shows(page: Page, ...lines: readonly string[]): Promise<void> {
  const hasText = new RegExp(`^(?:${lines.join('|').replace(/[()]/g, '\\$&')})$`);
  for (const framework of frameworks)
    await page.locator(`#${framework} > *`).filter({ hasText }).first().waitFor();
}

function inDrawn<Result, Given>(
  page: Page,
  run: (window: FrameworksPage, given: Given) => Result,
  given?: Given,
): Promise<Awaited<Result>> {
  return inPage(page, run as unknown as (window: ChatPage, given: Given) => Result, given);
}

function isWatched(page: Page, id: string): Promise<boolean> {
  return inPage(page, ({ chat }, conversationId) => chat.conversation(conversationId).isWatched, id);
}

import { expect, test } from 'vitest';
import { inPage, openBrowser, openPage, pageFolder } from './support/site.ts';
import { password, startWorld, textsOf, until } from './support/world.ts';

test('two tabs of one account share an outbox: when the one that sends is closed, nothing is lost, and nothing comes twice', async () => {
  const world = await startWorld({ page: { folder: await pageFolder('page.ts') } });
  await world.register('ann');
  await world.register('bob');
  const id = await world.befriend('ann', 'bob');
  const atBob = (await world.signIn('bob')).conversation(id);
  const browser = await openBrowser();
  const tabs = [];
  for (const name of ['first', 'second']) {
    const page = await openPage(browser, `${world.url}/`);
    await inPage(page, (window, [imUrl, word]) => window.begin('ann', word, imUrl), [
      world.imUrl,
      password,
    ] as const);
    await inPage(page, (window, [to, who]) => window.write(to, who), [id, name] as const);
    tabs.push({ page, name });
  }
  const [first, second] = tabs as [(typeof tabs)[number], (typeof tabs)[number]];
  const written = (name: string): Promise<string[]> =>
    inPage(second.page, (window, who) => window.written(who), name);
  const writeMore = async (...names: readonly string[]): Promise<void> => {
    for (const name of names) {
      const before = (await written(name)).length;
      await expect.poll(async () => (await written(name)).length).toBeGreaterThan(before + 3);
    }
  };

  await writeMore('first', 'second');
  // What both write now waits in the outbox.
  await browser.setOffline(true);
  await writeMore('first', 'second');
  // It was there before the other, and so it is the one that sends.
  await first.page.close();
  await writeMore('second');
  await browser.setOffline(false);
  await writeMore('second');
  await inPage(second.page, (window) => window.stopWriting());
  await inPage(second.page, (window) => window.settled());

  const all = [...(await written('first')), ...(await written('second'))];
  const last = (await written('second')).at(-1);
  await until(atBob, (view) => textsOf(view).at(-1) === last);
  while (atBob.get().hasEarlier) await atBob.loadEarlier();
  const arrived = textsOf(atBob.get()).filter((text) => /^(first|second) /.test(text));
  expect(new Set(arrived).size).toBe(arrived.length);
  expect(all.filter((text) => !arrived.includes(text))).toEqual([]);
  for (const { name } of tabs) {
    const own = await written(name);
    expect(arrived.filter((text) => own.includes(text))).toEqual(own);
  }
}, 120_000);

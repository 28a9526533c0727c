import assert from 'node:assert/strict';
import { join } from 'node:path';
import { newChromiumContext } from 'im-test/support';
import { isDrawn, PageUser } from './person.ts';

// Two people become friends and say things to each other with box-im's page, as it is, where people are asked before they are friends and
// files have signed links.

const [asked, accepted] = ['好友申请已发送，请等待对方同意', '添加成功，对方已成为您的好友'];
const system = '系统通知';
const text = Buffer.from('the minutes of the meeting\n'.repeat(100));

export interface JourneyOptions {
  /** Of the page, and of the platform behind it. */
  readonly url: string;
  readonly platformUrl: string;
  /** Where pictures of the pages are put. */
  readonly shots: string;
}

export async function runJourney({ url, platformUrl, shots }: JourneyOptions): Promise<void> {
  let count = 0;
  const step = async (what: string, work: () => Promise<void>): Promise<void> => {
    count += 1;
    try {
      await work();
      console.log(`ok ${what}`);
    } catch (error) {
      throw new Error(`${what}: see the pictures in ${shots}`, { cause: error });
    } finally {
      for (const { name, page } of people) {
        const path = join(shots, `${String(count).padStart(2, '0')}-${name}.png`);
        await page.screenshot({ path }).catch(() => undefined);
      }
    }
  };
  const people: PageUser[] = [];
  const size = { viewport: { width: 1280, height: 800 } };
  for (const name of ['ann', 'bob'])
    await step(`${name} registers`, async () => {
      people.push(await PageUser.register(await newChromiumContext(size, 'whole'), url, name));
    });
  const [ann, bob] = people as [PageUser, PageUser];
  const everybody = [ann, bob];

  await step('ann asks bob, is told so, and is not his friend by it', async () => {
    assert.equal(await ann.add('bob'), asked);
    assert.equal(await ann.friend('bob').count(), 0);
  });
  await step('bob reads who asks', async () => {
    await bob.open(system);
    await bob.bubble('ann请求添加您为好友').waitFor();
  });
  await step('bob adds her too: they are friends on both pages', async () => {
    assert.equal(await bob.add('ann'), accepted);
    await bob.friend('ann').waitFor();
    await ann.go('friend');
    await ann.friend('bob').waitFor();
  });
  await step('they write to each other', async () => {
    await ann.openWithFriend('bob');
    await ann.say('hello bob');
    await bob.open('ann');
    await bob.bubble('hello bob').waitFor();
    await bob.say('你好');
    await ann.bubble('你好').waitFor();
    await ann.bubble('hello bob').filter({ hasText: '已读' }).waitFor();
  });
  await step('ann sends a picture, bob sees it', async () => {
    await ann.sendPicture('view.png', await ann.page.screenshot());
    await bob.pictures().waitFor();
    // Hers is the one of her own disk until it is sent.
    await ann.page.locator('.message-image img[src^="http"]').waitFor();
    for (const person of everybody) await isDrawn(person.pictures());
  });
  await step('bob sends a file, ann loads it', async () => {
    await bob.sendFile('minutes.txt', text);
    await loads(ann, 'minutes.txt');
    await bob.page.locator('.chat-file-name[href^="http"]').waitFor();
  });
  await step(
    'bob writes over a text with an app of his, and the pages that are open show it in its place',
    async () => {
      await bob.writeOver({ api: platformUrl, before: '你好', after: '早上好，安' });
      for (const person of everybody) {
        await person.bubble('早上好，安').waitFor();
        await person.bubble('你好').waitFor({ state: 'detached' });
      }
    },
  );
  await step('ann takes a picture back, and nobody loads it any more', async () => {
    await ann.sendPicture('secret.png', await ann.page.screenshot());
    await bob.pictures().nth(1).waitFor();
    const link = (await bob.pictures().nth(1).getAttribute('src')) ?? '';
    assert.equal((await bob.page.request.get(link)).status(), 200);
    await ann.page.locator('.message-image img[src^="http"]').nth(1).waitFor();
    await ann.recallTheLastPicture();
    await bob.bubble('对方撤回了一条消息').waitFor();
    assert.equal((await bob.page.request.get(link)).status(), 404);
  });
  await step('ann puts up her picture, and has it after a reload', async () => {
    await ann.setFace(await ann.page.screenshot({ clip: { x: 0, y: 0, width: 200, height: 200 } }));
    await ann.reload();
    await isDrawn(ann.page.locator('.user-head-image img'));
  });
  await step('bob sees her picture', async () => {
    await bob.reload();
    await bob.go('friend');
    await isDrawn(bob.friend('ann').locator('img'));
  });
  await step('after a reload both still have all of it', async () => {
    for (const [person, other] of [
      [ann, 'bob'],
      [bob, 'ann'],
    ] as const) {
      await person.reload();
      await person.open(other);
      await hasAll(person);
    }
  });
  await step('and so has bob on a device that knows nothing', async () => {
    const newBob = await PageUser.logIn(await newChromiumContext(size, 'whole'), url, 'bob');
    people[1] = newBob;
    await bob.page.close();
    await newBob.open('ann');
    await hasAll(newBob);
  });
  await step('who was removed is refused, and asks anew', async () => {
    const newBob = people[1] as PageUser;
    await newBob.removeFriend('ann');
    await ann.open('bob');
    await ann.say('still there?');
    assert.equal(await ann.told(), '您已不是对方好友，无法发送消息');
    assert.equal(await ann.add('bob'), asked);
    assert.equal(await ann.friend('bob').count(), 0);
  });
}

async function hasAll(person: PageUser): Promise<void> {
  for (const said of ['hello bob', '早上好，安']) await person.bubble(said).waitFor();
  await isDrawn(person.pictures());
  await loads(person, 'minutes.txt');
}

/** Follows the link that the page shows. */
async function loads({ page }: PageUser, name: string): Promise<void> {
  const href = await page.locator('.chat-file-name').filter({ hasText: name }).getAttribute('href');
  const answer = await page.request.get(href ?? '');
  assert.equal(answer.status(), 200, `${href ?? ''}: ${await answer.text()}`);
  assert.deepEqual(await answer.body(), text);
}

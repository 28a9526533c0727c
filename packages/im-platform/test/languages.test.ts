import { expect, it } from 'vitest';
import { nextGroupPush, openGroup, pushTypes } from './support/groups.ts';
import { nextPrivate } from './support/messages.ts';
import { call } from './support/person.ts';
import { startTestPlatform, type TestPlatform } from './support/test-platform.ts';

const english = 'Not logged in.';
const chinese = '未登录';

function answerTo({ url }: TestPlatform, headers: Record<string, string>): Promise<string> {
  return call(`${url}/user/self`, 'GET', { headers }).then(({ message }) => message);
}

it('answers in Chinese whatever the browser speaks, as box-im, unless the client names a language', async () => {
  const test = await startTestPlatform({ store: 'sqlite' });

  expect(await answerTo(test, { 'accept-language': 'en-US,en;q=0.9' })).toBe(chinese);
  expect(await answerTo(test, { 'accept-language': 'zh', language: 'en' })).toBe(english);
  expect(await answerTo(test, { language: 'fr' })).toBe(chinese);
  expect(await call(`${test.url}/nowhere`, 'GET', { headers: { language: 'en' } })).toMatchObject({
    message: 'There is nothing at GET /nowhere.',
  });
  const ann = await test.register('ann');
  expect(await ann.ask('GET', '/user/self', undefined, { language: 'en' })).toMatchObject({ message: 'OK' });
});

it('answers in the language of the client, or in English, by option', async () => {
  const byClient = await startTestPlatform({ store: 'sqlite', platform: { answerLanguage: 'client' } });

  expect(await answerTo(byClient, { 'accept-language': 'en-GB,zh;q=0.5' })).toBe(english);
  expect(await answerTo(byClient, { 'accept-language': 'fr' })).toBe(chinese);
  expect(await answerTo(byClient, { 'accept-language': 'en', language: 'zh' })).toBe(chinese);

  const inEnglish = await startTestPlatform({ store: 'sqlite', platform: { answerLanguage: 'en' } });
  expect(await answerTo(inEnglish, { 'accept-language': 'zh' })).toBe(english);
});

it('says in chats what it says itself in the language of the installation', async () => {
  const test = await startTestPlatform({ store: 'sqlite', platform: { language: 'en', friendship: 'open' } });
  const [ann, bob] = [await test.register('ann'), await test.register('bob')];
  const device = await bob.connect();
  const nextTip = async (): Promise<string | undefined> => {
    for (;;) {
      const { type, content } = await nextGroupPush(device);
      if (type === pushTypes.TIP) return content;
    }
  };

  await ann.post(`/friend/add?friendId=${bob.id}`);
  await nextPrivate(device); // the friend himself
  expect(await nextPrivate(device)).toMatchObject({ content: 'You are friends now and can start chatting.' });
  const group = await openGroup(ann, [bob]);
  expect(await nextTip()).toBe("'ann' invited 'bob' to the group.");
  await ann.delete('/group/members/remove', { groupId: group.id, userIds: [bob.id] });
  expect(await nextTip()).toBe('You were removed from the group.');
  await bob.ask('POST', `/webrtc/private/call?uid=${ann.id}`, '{}');
  expect(await nextPrivate(device)).toMatchObject({ content: 'No answer' });
});

import type { Browser } from 'playwright-core';
import { createApiClient, unwrap, type ApiClient } from 'im-platform/client';
import type { AllInOne } from '../../all-in-one.ts';

// What a day of chatting leaves behind, so that the pictures show it.

async function signIn(url: string, userName: string): Promise<ApiClient> {
  const api = createApiClient({ url, language: 'en' });
  await unwrap(api.POST('/v1/sessions', { body: { userName, password: 'demo-1234', device: 'app' } }));
  return api;
}

/** A picture that nobody has to ship. */
async function picture(browser: Browser): Promise<Blob> {
  const page = await browser.newPage({ viewport: { width: 640, height: 420 } });
  await page.setContent(`<body style="margin:0;height:420px;background:linear-gradient(#9cc7f5,#e8f1fb 55%,#5b8c5a 55%,#33623a)">
    <div style="position:absolute;left:90px;top:110px;width:0;border:190px solid transparent;border-bottom-color:#6b7f94"></div>
    <div style="position:absolute;left:330px;top:170px;width:0;border:150px solid transparent;border-bottom-color:#8398ab"></div>
    <div style="position:absolute;right:70px;top:50px;width:70px;height:70px;border-radius:50%;background:#ffe08a"></div></body>`);
  const bytes = await page.screenshot({ type: 'png' });
  await page.close();
  return new Blob([new Uint8Array(bytes)], { type: 'image/png' });
}

export async function furnish(browser: Browser, { url }: AllInOne): Promise<void> {
  const [ann, bob, cleo] = await Promise.all([signIn(url, 'ann'), signIn(url, 'bob'), signIn(url, 'cleo')]);
  const list = await unwrap(ann.GET('/v1/conversations'));
  const ids = { hike: '', bob: '' };
  for (const { id, kind, lastMessage } of list.items) {
    if (
      kind === 'group' &&
      lastMessage?.content.type === 'text' &&
      lastMessage.content.text.includes('bread')
    )
      ids.hike = id;
    if (
      kind === 'private' &&
      lastMessage?.content.type === 'text' &&
      lastMessage.content.text.includes('Saturday')
    )
      ids.bob = id;
  }
  const say = async (
    api: ApiClient,
    conversationId: string,
    text: string,
    replyTo?: number,
  ): Promise<{ readonly conversationId: string; readonly number: number }> =>
    unwrap(
      api.POST('/v1/conversations/{conversationId}/messages', {
        params: { path: { conversationId } },
        body: { content: { type: 'text', text }, ...(replyTo !== undefined && { replyTo }) },
      }),
    );
  const react = async (api: ApiClient, of: Awaited<ReturnType<typeof say>>, emoji: string): Promise<void> => {
    const { conversationId, number } = of;
    const params = { path: { conversationId, number, emoji } };
    await unwrap(
      api.PUT('/v1/conversations/{conversationId}/messages/{number}/reactions/{emoji}', { params }),
    );
  };
  await say(
    ann,
    ids.hike,
    'Nine works. This is a rather long message, to see how bubbles wrap when somebody writes a full paragraph without any line breaks.',
  );
  const route = await say(ann, ids.hike, 'https://example.com/route');
  await say(cleo, ids.hike, 'And I bring bread, obviously. 今天天气不错。');
  const cheese = await say(cleo, ids.hike, 'And cheese');
  await say(cleo, ids.hike, 'Looks steep, I like it', route.number);
  await say(ann, ids.hike, 'Which one?', cheese.number);
  for (const [api, emoji] of [
    [ann, '👍'],
    [bob, '👍'],
    [bob, '🎉'],
  ] as const)
    await react(api, cheese, emoji);
  await unwrap(
    cleo.PATCH('/v1/conversations/{conversationId}/messages/{number}', {
      params: { path: cheese },
      body: { content: { type: 'text', text: 'And cheese, the one from the market' } },
    }),
  );
  await say(ann, ids.bob, 'Yes! I looked at the map, this is where we begin:');
  const form = new FormData();
  form.set('file', await picture(browser), 'hills.png');
  const answer = await fetch(`${url}/v1/files?as=image`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await ann.accessToken()}` },
    body: form,
  });
  const content = (await answer.json()) as {
    type: 'image';
    url: string;
    thumbnail: string;
    width: number;
    height: number;
  };
  await unwrap(
    ann.POST('/v1/conversations/{conversationId}/messages', {
      params: { path: { conversationId: ids.bob } },
      body: { content },
    }),
  );
  const beautiful = await say(bob, ids.bob, 'Beautiful 😍');
  await react(ann, beautiful, '😂');
  await unwrap(
    bob.PUT('/v1/conversations/{conversationId}/messages/{number}/pin', { params: { path: beautiful } }),
  );
  await say(bob, ids.bob, '🎉');
  const frank = { userName: 'frank', password: 'demo-1234', nickName: '王小明' };
  await unwrap(ann.POST('/v1/accounts', { body: frank }));
  const other = await signIn(url, 'frank');
  const { id: annId } = await unwrap(ann.GET('/v1/me'));
  await unwrap(
    other.POST('/v1/friend-requests', { body: { userId: annId, text: 'We met on the hike last week.' } }),
  );
}

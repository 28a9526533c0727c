import { expect, it } from 'vitest';
import { call } from './support/person.ts';
import { startTestPlatform } from './support/test-platform.ts';

it('tells a page what it needs for calls, and nobody who is not logged in', async () => {
  const turn = { urls: 'turn:turn.example', username: 'im', credential: 'secret' };
  const test = await startTestPlatform({
    store: 'sqlite',
    platform: { iceServers: [{ urls: 'stun:stun.example' }, turn] },
  });
  const ann = await test.register('ann');

  expect(await ann.get('/system/config')).toEqual({
    webrtc: {
      maxChannel: 9,
      iceServers: [{ urls: 'stun:stun.example', username: null, credential: null }, turn],
    },
  });
  expect(await call(`${test.url}/system/config`, 'GET')).toMatchObject({ code: 400, data: null });
});

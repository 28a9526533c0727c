import { describe, expect, it } from 'vitest';
import { call } from './support/person.ts';
import { startTestPlatform, storeKinds } from './support/test-platform.ts';

describe.each(storeKinds)('accounts on %s', (store) => {
  it('registers, logs in, and knows the caller afterwards', async () => {
    const test = await startTestPlatform({ store });

    const ann = await test.register('ann');

    expect(ann.id).toBeGreaterThan(0);
    expect(await ann.ask('POST', '/message/private/send', {})).toMatchObject({
      code: 500,
      message: '接收用户id不可为空',
    });
  });

  it('answers with box-im codes and texts, and in English when asked', async () => {
    const { url } = await startTestPlatform({ store });
    const body = { userName: 'ann', password: 'x' };

    expect(await call(`${url}/register`, 'POST', { body })).toEqual({
      status: 200,
      code: 500,
      message: '密码长度必须在5-20个字符之间',
      data: null,
    });
    expect(await call(`${url}/message/private/send`, 'POST', { body: {} })).toMatchObject({
      code: 400,
      message: '未登录',
    });
  });

  it('ends all sessions when the password changes, sockets included', async () => {
    const test = await startTestPlatform({ store });
    const ann = await test.register('ann');
    const device = await ann.connect();

    await ann.put('/modifyPwd', { oldPassword: 'secret-1', newPassword: 'secret-2' });

    expect((await device.closed).code).toBe(3000);
    expect(await ann.ask('POST', '/logout')).toMatchObject({ code: 401, message: 'token无效或已过期' });
    const again = await test.logIn('ann', { password: 'secret-2' });
    await again.connect();
  });
});

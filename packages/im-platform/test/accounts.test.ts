import { describe, expect, it } from 'vitest';
import { call, type Answer } from './support/person.ts';
import { sharedPlatform, startTestPlatform, storeKinds } from './support/test-platform.ts';

describe.each(storeKinds)('accounts on %s', (store) => {
  it('registers, logs in, and knows the caller afterwards', async () => {
    const test = await sharedPlatform({ store });

    const ann = await test.signUp('ann');

    expect(ann.id).toBeGreaterThan(0);
    expect(await ann.ask('POST', '/message/private/send', {})).toMatchObject({
      code: 500,
      message: '接收用户id不可为空',
    });
  });

  it('answers with box-im codes and texts, and in English when asked', async () => {
    const { url } = await sharedPlatform({ store });
    const body = { userName: 'ann', password: 'x' };

    expect(await call(`${url}/register`, 'POST', { body })).toEqual({
      status: 200,
      code: 500,
      message: '密码长度必须在8-128个字符之间',
      data: null,
    });
    expect(await call(`${url}/message/private/send`, 'POST', { body: {} })).toMatchObject({
      code: 400,
      message: '未登录',
    });
  });

  it('ends all sessions but the one that changes the password, sockets included', async () => {
    const test = await sharedPlatform({ store });
    const ann = await test.signUp('ann');
    const [elsewhere, beside] = [await test.logIn('ann', { terminal: 1 }), await test.logIn('ann')];
    const [mine, other] = [await ann.connect(), await elsewhere.connect()];

    await ann.put('/modifyPwd', { oldPassword: 'secret-1', newPassword: 'secret-2' });

    expect(await other.closed).toEqual({ code: 4401, reason: 'login ended' });
    expect(other.frames.some(({ cmd }) => cmd === 2)).toBe(false); // "logged in elsewhere", box-im's pages would say
    // What these pages do when they are closed so. They show the last text, and let go.
    for (const person of [elsewhere, beside]) {
      const { refreshToken } = person.tokens;
      expect(await person.ask('GET', '/user/self')).toMatchObject({
        code: 401,
        message: 'token无效或已过期',
      });
      expect(await person.ask('PUT', '/refreshToken', undefined, { refreshToken })).toMatchObject({
        code: 500,
        message: '您的登录信息已过期，请重新登录',
      });
    }
    mine.send({ cmd: 1, data: null });
    expect((await mine.next(({ cmd }) => cmd === 1)).cmd).toBe(1);
    await mine.close();
    await (await ann.connect()).close(); // with the same token
    const again = await test.logIn('ann', { password: 'secret-2' });
    await again.connect();
  });

  it('takes passwords of 128 characters, and whatever minimum is wanted', async () => {
    const test = await startTestPlatform({ store, platform: { passwordMinLength: 12 } });
    const register = async (userName: string, password: string): Promise<number> =>
      (await call(`${test.url}/register`, 'POST', { body: { userName, password } })).code;
    const longest = '密'.repeat(128);

    expect(await register('ann', 'x'.repeat(11))).toBe(500);
    expect(await register('bob', longest)).toBe(200);

    const bob = await test.logIn('bob', { password: longest });
    const change = (newPassword: string): Promise<Answer> =>
      bob.ask('PUT', '/modifyPwd', { oldPassword: longest, newPassword });
    expect(await change('too-short')).toMatchObject({ message: '密码长度必须在12-128个字符之间' });
    expect(await change('x'.repeat(129))).toMatchObject({ code: 500 });
  });

  it('keeps names in one line and one way to write them, and lets nobody look like another', async () => {
    const test = await startTestPlatform({ store });
    const register = (userName: string, nickName?: string): Promise<Answer> =>
      call(`${test.url}/register`, 'POST', { body: { userName, nickName, password: 'secret-1' } });
    await register('ann', ' A\u202enn\u2066\t\u0000 B\u200b \u3164');

    for (const same of ['ａｎｎ', 'a\u200bnn', ' ann\u0007', 'an\u202en'])
      expect(await register(same), JSON.stringify(same)).toMatchObject({ code: 10003 });
    for (const empty of ['\u200b', '\u202e\u3164', ' \n '])
      expect(await register(empty), JSON.stringify(empty)).toMatchObject({ message: '用户名不可为空' });
    expect(await register('\ufdfa\ufdfa')).toMatchObject({ message: '用户名不能大于20字符' });
    const ann = await test.logIn('ａｎｎ');
    expect(await ann.get('/user/self')).toMatchObject({ userName: 'ann', nickName: 'Ann B' });
    await ann.put('/user/update', { id: ann.id, userName: 'ann', nickName: '\u202e👩\u200d💻 ﬁ' });
    expect(await ann.get('/user/self')).toMatchObject({ nickName: '👩\u200d💻 fi' });
    expect(await ann.post('/group/create', { name: 'g\u202e', remarkNickName: 'x\u2067' })).toMatchObject({
      name: 'g',
      remarkNickName: 'x',
    });
  });

  it('finds accounts of old, whose names are written in ways that new ones are not', async () => {
    const test = await sharedPlatform({ store });
    await test.signUp('ann');
    const { sql } = test.platform.database;
    await sql('im_user').where({ userName: 'ann' }).update({ userName: 'ａnn' });
    expect((await test.logIn('ａnn')).id).toBeGreaterThan(0);
  });
});

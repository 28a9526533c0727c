import { createToken } from 'im-common/token';
import { describe, expect, it } from 'vitest';
import { call, type Answer } from './support/person.ts';
import {
  accessSecret,
  sharedPlatform,
  startTestPlatform,
  storeKinds,
  type TestPlatform,
} from './support/test-platform.ts';

const busy = { status: 200, code: 500, message: '系统繁忙，请稍后再试', data: null };

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

function askWith({ url }: TestPlatform, accessToken: string | undefined): Promise<Answer> {
  return call(`${url}/user/self`, 'GET', { headers: accessToken === undefined ? {} : { accessToken } });
}

/** Contract C.1, C.2 and G.6. */
describe.each(storeKinds)('the envelope on %s', (store) => {
  it('says what nobody understands in a request', async () => {
    const test = await sharedPlatform({ store });
    const ann = await test.register('ann');
    const headers = { accessToken: ann.tokens.accessToken };
    const logIn = (body: unknown): Promise<Answer> => call(`${test.url}/login`, 'POST', { body });
    const get = (path: string): Promise<Answer> => call(`${test.url}${path}`, 'GET', { headers });
    const malformed = (what: string): Answer => ({
      ...{ status: 200, code: 500, data: null },
      message: `请求参数有误：${what}`,
    });

    expect(await logIn('{"terminal":')).toEqual(
      malformed("Body is not valid JSON but content-type is set to 'application/json'"),
    );
    expect(await logIn('[1]')).toEqual(malformed('Invalid input: expected object, received array'));
    expect(await logIn({ terminal: 0, userName: ['a'], password: 'b' })).toEqual(
      malformed('userName: Invalid input: expected string, received array'),
    );
    expect(await logIn(`"${'x'.repeat(300_000)}"`)).toEqual(malformed('Request body is too large'));
    expect(
      await call(`${test.url}/login`, 'POST', { headers: { 'content-type': 'text/html' }, body: 'x' }),
    ).toEqual(malformed('Unsupported Media Type'));
    expect(await get('/user/find/ann')).toEqual(
      malformed('id: Invalid input: expected number, received string'),
    );
    expect(await get('/message/private/loadOfflineMessage')).toEqual(
      malformed('minId: Invalid input: expected number, received undefined'),
    );
    expect(await ann.ask('POST', '/message/private/send', { recvId: 1, content: 'x', type: 21 })).toEqual({
      ...{ status: 200, code: 500, data: null },
      message: '不支持发送类型为21的消息，可发送：0文字、1图片、2文件、3语音、4视频',
    });
  });

  it('says that there is nothing at a path', async () => {
    const { url } = await sharedPlatform({ store });
    const at = async (method: string, path: string): Promise<Answer> => call(`${url}${path}`, method);

    expect(await at('GET', '/nowhere?token=secret')).toEqual({
      status: 404,
      code: 404,
      message: '接口不存在：GET /nowhere',
      data: null,
    });
    for (const [method, path] of [
      ['DELETE', '/login'],
      ['GET', '/login'],
      ['POST', '/user/self'],
      ['GET', '/user/find/%ff'],
      ['PUT', '/%'],
      ['GET', '/docs/nothing'],
    ] as const)
      expect(await at(method, path), path).toMatchObject({
        ...{ status: 404, code: 404 },
        message: `接口不存在：${method} ${path}`,
      });
    const { message } = await at('GET', `/${'x'.repeat(3_000)}`);
    expect(message.length).toBeLessThan(250);
  });

  it('tells a missing token from one that is over, and from none at all', async () => {
    const test = await sharedPlatform({ store });
    const { id: userId } = await test.register('ann');
    const subject = { userId, terminal: 0, userName: 'ann', nickName: 'ann' };

    expect(await askWith(test, undefined)).toMatchObject({ status: 200, code: 400, message: '未登录' });
    expect(await askWith(test, '')).toMatchObject({ code: 400 });
    const over = await createToken(accessSecret, { ...subject, expiresInS: -1 });
    expect(await askWith(test, over)).toMatchObject({ status: 200, code: 401, message: 'token无效或已过期' });
    const foreign = await createToken('another-secret-than-ours', { ...subject, expiresInS: 60 });
    expect(await askWith(test, foreign)).toMatchObject({ code: 401 });
    expect(await askWith(test, 'garbage')).toEqual(busy);
    const nobody = await createToken(accessSecret, { ...subject, userId: userId + 1_000, expiresInS: 60 });
    expect(await askWith(test, nobody)).toMatchObject({ code: 401 });
  });

  it('never answers a refresh with 401, and takes one refresh token many times at once', async () => {
    const test = await sharedPlatform({ store });
    const { tokens } = await test.register('ann');
    const refresh = (refreshToken?: string): Promise<Answer<Tokens | null>> =>
      call(`${test.url}/refreshToken`, 'PUT', {
        headers: refreshToken === undefined ? {} : { refreshToken },
      });

    for (const token of [undefined, '', 'garbage', tokens.accessToken])
      expect(await refresh(token)).toMatchObject({ code: 500, message: '您的登录信息已过期，请重新登录' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(tokens.refreshToken)));
    expect(answers.map(({ code }) => code)).toEqual(Array(10).fill(200));
    for (const { data } of answers)
      expect(await askWith(test, data?.accessToken)).toMatchObject({ code: 200 });
  });

  it('carries the texts of validation and of the login', async () => {
    const test = await startTestPlatform({ store });
    await test.register('ann');
    const logIn = async (body: object): Promise<unknown> => {
      const { code, message } = await call(`${test.url}/login`, 'POST', { body });
      return [code, message];
    };
    const register = async (body: object): Promise<unknown> => {
      const { code, message } = await call(`${test.url}/register`, 'POST', { body });
      return [code, message];
    };
    const good = { terminal: 0, userName: 'ann', password: 'secret-1' };

    expect(await logIn({ ...good, terminal: '' })).toEqual([500, '登录终端类型不可为空']);
    expect(await logIn({ ...good, terminal: 3 })).toEqual([500, '登录终端类型取值范围:0,2']);
    expect(await logIn({ ...good, userName: '' })).toEqual([500, '用户名不可为空']);
    expect(await logIn({ ...good, password: null })).toEqual([500, '用户密码不可为空']);
    expect(await logIn({ ...good, userName: 'bob' })).toEqual([10001, '用户名或密码不正确']);
    expect(await logIn({ ...good, password: 'wrong' })).toEqual([10001, '用户名或密码不正确']);
    // Numbers as texts, and fields that nobody knows, are what box-im's clients send.
    expect(await logIn({ ...good, terminal: '1', rememberMe: true })).toEqual([200, '成功']);
    expect(await register({ userName: 'ann', password: 'secret-1' })).toEqual([10003, '该用户名已注册']);
    expect(await register({ userName: 'x'.repeat(21), password: 'secret-1' })).toEqual([
      500,
      '用户名不能大于20字符',
    ]);
    for (const length of [7, 129])
      expect(await register({ userName: 'cleo', password: 'x'.repeat(length) })).toEqual([
        500,
        '密码长度必须在8-128个字符之间',
      ]);
    for (const password of ['baseball', 'PASSWORD1', 'qwertyuiop', '１２３４５６７８'])
      expect(await register({ userName: 'cleo', password })).toEqual([500, '密码过于简单，请换一个']);
    expect(await register({ userName: 'long-enough', password: 'Long-Enough' })).toEqual([
      500,
      '密码过于简单，请换一个',
    ]);
    expect(await register({ userName: 'cleo', password: 'secret-1', nickName: 'x'.repeat(21) })).toEqual([
      500,
      '昵称不能大于20字符',
    ]);
  });

  it('holds up who guesses a password, and not the owner of another account', async () => {
    const test = await startTestPlatform({ store, platform: { failedLoginsPerAccount: 3 } });
    await test.register('ann');
    await test.register('bob');
    const logIn = async (userName: string, password: string): Promise<string> => {
      const { message } = await call(`${test.url}/login`, 'POST', {
        body: { terminal: 0, userName, password },
      });
      return message;
    };

    for (let guess = 1; guess <= 3; guess++)
      expect(await logIn('ann', `guess-${guess}`)).toBe('用户名或密码不正确');
    expect(await logIn('ann', 'secret-1')).toBe('登录失败次数过多，请稍后再试');
    expect(await logIn('bob', 'secret-1')).toBe('成功');
  });
});

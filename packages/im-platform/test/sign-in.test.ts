import { freePort, startOidcProvider, type OidcProvider } from 'im-test/support';
import { expect, it } from 'vitest';
import { unwrap, type ApiClient, type ApiProblem, type ApiTokens } from '../src/client/index.ts';
import type { AuditEntry } from '../src/index.ts';
import { apiOf } from './support/api.ts';
import { Browser } from './support/browser.ts';
import { audience, Issuer } from './support/issuer.ts';
import type { Person } from './support/person.ts';
import { startTestPlatform, type TestPlatform } from './support/test-platform.ts';

interface Place {
  readonly test: TestPlatform;
  readonly provider: OidcProvider;
  /** Another one, which says whatever the test wants. */
  readonly issuer: Issuer;
  readonly entries: readonly AuditEntry[];
}

async function newPlace(): Promise<Place> {
  const port = await freePort();
  const publicUrl = `http://localhost:${port}`;
  const provider = await startOidcProvider({
    redirectUri: `${publicUrl}/v1/sign-in/corp/callback`,
    logoutUri: `${publicUrl}/v1/sign-in/corp/logout`,
  });
  const issuer = await Issuer.start();
  const entries: AuditEntry[] = [];
  const test = await startTestPlatform({
    store: 'sqlite',
    platform: {
      ...{ port, publicUrl, audit: (entry) => void entries.push(entry) },
      identityProviders: [
        { id: 'corp', name: 'Corp', ...provider },
        { id: 'away', issuer: 'http://127.0.0.1:1', clientId: 'chat' },
        { id: 'shop', issuer: issuer.url, clientId: audience, audience },
        { id: 'tokens', issuer: 'http://127.0.0.1:2', audience },
      ],
    },
  });
  return { test, provider, issuer, entries };
}

/** As its page does it, up to where the provider sends the browser back to. */
async function goAndComeTo({ test }: Place, browser: Browser, login: string): Promise<string> {
  const begun = await browser.post(`${test.url}/v1/sign-in`, { provider: 'corp', device: 'web' });
  expect(begun.status).toBe(200);
  return browser.passProvider(((await begun.json()) as { url: string }).url, login);
}

/** Where the platform sends it. */
async function comeBack(browser: Browser, url: string): Promise<string | null> {
  const answer = await browser.ask(url);
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([303, 'no-store']);
  return answer.headers.get('location');
}

function finish({ test }: Place, browser: Browser): Promise<Response> {
  return browser.post(`${test.url}/v1/sessions/sign-in`, {});
}

async function signIn(place: Place, login: string, browser = new Browser()): Promise<ApiTokens> {
  await comeBack(browser, await goAndComeTo(place, browser, login));
  return (await (await finish(place, browser)).json()) as ApiTokens;
}

function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'done',
    (error: unknown) => (error as ApiProblem).code,
  );
}

it('lets in who signed in at a provider, once, and with nothing in an address that would let in others', async () => {
  const place = await newPlace();
  const { test, entries } = place;
  const browser = new Browser();

  const begun = await browser.post(`${test.url}/v1/sign-in`, { provider: 'corp', device: 'web' });
  expect(begun.headers.getSetCookie()).toMatchObject([
    expect.stringMatching(/^im-sign-in=[\w-]+; Path=\/v1\/sign-in\/; Max-Age=600; HttpOnly; SameSite=Lax$/),
  ]);
  const { url } = (await begun.json()) as { url: string };
  const asked = new URL(url).searchParams;
  expect(Object.fromEntries(asked)).toMatchObject({
    ...{ response_type: 'code', code_challenge_method: 'S256', scope: 'openid profile email' },
    redirect_uri: `${test.url}/v1/sign-in/corp/callback`,
  });
  const back = await browser.passProvider(url, 'carla');
  expect(await comeBack(browser, back)).toBe(`${test.url}/#/signed-in`);
  const answer = await finish(place, browser);
  expect(answer.status).toBe(201);
  expect(answer.headers.getSetCookie()[0]).toMatch(/^im-signed-in=; Path=\/v1\/sessions\/sign-in; Max-Age=0/);

  const tokens = (await answer.json()) as ApiTokens;
  const me = await unwrap((await apiOf(test, { tokens })).GET('/v1/me'));
  expect(me).toMatchObject({ nickName: 'Carla' });
  expect(entries.at(-1)).toMatchObject({ event: 'login', reason: 'provider', target: 'corp' });
  const again = await unwrap((await apiOf(test, { tokens: await signIn(place, 'carla') })).GET('/v1/me'));
  expect(again.id).toBe(me.id);

  await test.platform.database
    .sql('im_user')
    .where({ id: Number(me.id) })
    .update({ isBanned: 1, reason: 'spam' });
  expect(await signIn(place, 'carla')).toMatchObject({ code: 'BANNED' });
});

it('is of no use to another browser, twice, at another provider, or to whoever wants to be sent elsewhere', async () => {
  const place = await newPlace();
  const { test } = place;
  const over = `${test.url}/#/signed-in?problem=SIGN_IN_OVER`;
  const [victim, attacker] = [new Browser(), new Browser()];

  // The way back of somebody else, in a browser that began nothing, and in one that began something else.
  const back = await goAndComeTo(place, attacker, 'attacker');
  expect(await comeBack(new Browser(), back)).toBe(over);
  await victim.post(`${test.url}/v1/sign-in`, { provider: 'corp', device: 'web' });
  expect(await comeBack(victim, back)).toBe(over);
  expect(await finish(place, victim)).toMatchObject({ status: 401 });

  // A ticket that was used, also with another code.
  const ticket = attacker.cookie('localhost', 'im-sign-in') ?? '';
  expect(await comeBack(attacker, back)).toBe(`${test.url}/#/signed-in`);
  const done = attacker.cookie('localhost', 'im-signed-in') ?? '';
  attacker.setCookie('localhost', 'im-sign-in', ticket);
  expect(await comeBack(attacker, back)).toBe(over);
  expect((await finish(place, attacker)).status).toBe(201);
  attacker.setCookie('localhost', 'im-signed-in', done);
  expect((await finish(place, attacker)).status).toBe(401);
  // Neither is a ticket of one kind one of the other.
  attacker.setCookie('localhost', 'im-signed-in', ticket);
  expect((await finish(place, attacker)).status).toBe(401);

  // Answers that are not of the provider that was asked.
  for (const change of [
    (url: URL) => url.searchParams.set('iss', 'http://127.0.0.1:1'),
    (url: URL) => url.searchParams.set('state', 'x'),
    (url: URL) => url.searchParams.set('code', 'x'),
    (url: URL) => (url.pathname = '/v1/sign-in/away/callback'),
  ]) {
    const url = new URL(await goAndComeTo(place, attacker, 'attacker'));
    change(url);
    expect(await comeBack(attacker, url.href)).toBe(over);
  }
  const refused = new URL(await goAndComeTo(place, attacker, 'attacker'));
  refused.searchParams.delete('code');
  refused.searchParams.set('error', 'access_denied');
  expect(await comeBack(attacker, refused.href)).toBe(`${test.url}/#/signed-in?problem=SIGN_IN_REFUSED`);

  const elsewhere = { provider: 'corp', device: 'web', returnTo: 'https://evil.example' };
  expect((await attacker.post(`${test.url}/v1/sign-in`, elsewhere)).status).toBe(400);
  const spoofed = await attacker.ask(`${test.url}/v1/sign-in/corp/callback?code=x&state=x`, {
    headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
  });
  expect(spoofed.headers.get('location')).toBe(over);
  expect((await attacker.post(`${test.url}/v1/sign-in`, { provider: 'none', device: 'web' })).status).toBe(
    404,
  );
  expect((await attacker.post(`${test.url}/v1/sign-in`, { provider: 'away', device: 'web' })).status).toBe(
    503,
  );
});

it('is linked to an account by who is signed in to it, and not taken away as the last way in', async () => {
  const place = await newPlace();
  const { test } = place;
  const [ann, bob] = [await test.register('ann'), await test.register('bob')];
  const api = await apiOf(test, ann);
  const link = async (person: Person, login: string): Promise<string | null> => {
    const browser = new Browser();
    const headers = { authorization: `Bearer ${person.tokens.accessToken}` };
    const body = { provider: 'corp', password: 'secret-1' };
    const answer = await browser.post(`${test.url}/v1/me/identities`, body, headers);
    const { url } = (await answer.json()) as { url: string };
    return comeBack(browser, await browser.passProvider(url, login));
  };

  // Somebody with the address of ann at the provider is not ann.
  const stranger = await apiOf(test, { tokens: await signIn(place, 'stranger') });
  for (const password of [undefined, 'wrong-one-1'])
    expect(
      await codeOf(
        unwrap(api.POST('/v1/me/identities', { body: { provider: 'corp', ...(password && { password }) } })),
      ),
    ).toBe('PASSWORD_WRONG');
  expect(await link(ann, 'annette')).toBe(`${test.url}/#/settings/security`);
  expect(await link(ann, 'annette')).toBe(`${test.url}/#/settings/security`);
  expect(await link(bob, 'annette')).toBe(`${test.url}/#/signed-in?problem=LINKED_ELSEWHERE`);
  const asAnn = await apiOf(test, { tokens: await signIn(place, 'annette') });
  expect(await unwrap(asAnn.GET('/v1/me'))).toMatchObject({ id: String(ann.id) });

  const { items } = await unwrap(api.GET('/v1/me/identities'));
  expect(items).toMatchObject([{ provider: 'corp', name: 'Corp', email: 'annette@example.com' }]);
  const remove = (who: typeof api, identityId: string): Promise<string> =>
    codeOf(unwrap(who.DELETE('/v1/me/identities/{identityId}', { params: { path: { identityId } } })));
  const hers = items[0]?.id ?? '';
  expect(await remove(stranger, hers)).toBe('NOT_FOUND');
  const [only] = (await unwrap(stranger.GET('/v1/me/identities'))).items;
  expect(await remove(stranger, only?.id ?? '')).toBe('LAST_WAY_IN');
  expect(await remove(api, hers)).toBe('done');
  // It is somebody new now.
  const other = await apiOf(test, { tokens: await signIn(place, 'annette') });
  expect((await unwrap(other.GET('/v1/me'))).id).not.toBe(String(ann.id));
});

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

it('ends all sessions of who signs out at the provider, and of nobody else', async () => {
  const place = await newPlace();
  const { test, provider, entries } = place;
  const browser = new Browser();
  const [one, two] = [await signIn(place, 'carla', browser), await signIn(place, 'carla')];
  const other = await apiOf(test, { tokens: await signIn(place, 'dora') });

  const page = await (await browser.ask(`${provider.issuer}/session/end`)).text();
  const xsrf = /name="xsrf" value="(\w+)"/.exec(page)?.[1] ?? '';
  const body = new URLSearchParams({ xsrf, logout: 'yes' });
  await browser.ask(`${provider.issuer}/session/end/confirm`, { method: 'POST', body });

  for (const tokens of [one, two])
    await expect
      .poll(async () => codeOf(unwrap((await apiOf(test, { tokens })).GET('/v1/me'))))
      .toBe('NOT_SIGNED_IN');
  expect(entries.filter(({ event }) => event === 'session-ended')).toMatchObject([
    { reason: 'provider', target: 'corp' },
  ]);
  expect(await codeOf(unwrap(other.GET('/v1/me')))).toBe('done');
  // Whoever is out may come in again.
  const again = await apiOf(test, { tokens: await signIn(place, 'carla') });
  expect(await codeOf(unwrap(again.GET('/v1/me')))).toBe('done');
});

it('takes no logout but from a provider, of now, as one, and once', async () => {
  const { test, issuer } = await newPlace();
  const events = { [logoutEvent]: {} };
  const now = Math.floor(Date.now() / 1_000);
  let last = 0;
  const token = (claims: object = {}): Promise<string> =>
    issuer.token('carla', { jti: `${++last}`, exp: undefined, events, ...claims });
  const tell = async (shown: string, to = 'shop'): Promise<number> => {
    const answer = await fetch(`${test.url}/v1/sign-in/${to}/logout`, {
      method: 'POST',
      // Others may come with it.
      body: new URLSearchParams({ logout_token: shown, state: 'x' }),
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    return answer.status;
  };
  const exchange = async (): Promise<ApiTokens> => {
    const body = { token: await issuer.token('carla'), device: 'web' } as const;
    return unwrap((await apiOf(test)).POST('/v1/sessions/exchange', { body }));
  };
  const isIn = async (tokens: ApiTokens): Promise<boolean> =>
    (await codeOf(unwrap((await apiOf(test, { tokens })).GET('/v1/me')))) === 'done';
  const carla = await exchange();

  for (const claims of [
    { events: undefined },
    { events: {} },
    { events: { [logoutEvent]: 'yes' } },
    { events: [logoutEvent] },
    ...[{ nonce: 'x' }, { nonce: null }, { jti: undefined }, { jti: '' }, { iat: undefined }],
    ...[{ iat: now - 600 }, { iat: now + 600 }, { exp: now - 60 }, { aud: 'another' }],
    ...[{ iss: 'http://127.0.0.1:2' }, { sub: undefined, sid: 'x' }],
  ])
    expect([claims, await tell(await token(claims))]).toEqual([claims, 400]);
  // Neither an ID token nor one that was signed with another key, or by nobody.
  expect(await tell(await issuer.token('carla', { nonce: 'x' }))).toBe(400);
  const [head, claims] = (await token()).split('.');
  for (const shown of ['', 'x', `${head}.${claims}.`, `${head}.${claims}.AAAA`])
    expect([shown, await tell(shown)]).toEqual([shown, 400]);
  // At another provider's address; one for tokens alone, where nobody signs in; and none.
  expect(await tell(await token(), 'away')).toBe(503);
  for (const to of ['tokens', 'none']) expect(await tell(await token(), to)).toBe(404);
  expect(await isIn(carla)).toBe(true);

  const good = await token();
  // Twice at the same moment: one of them does it.
  expect((await Promise.all([tell(good), tell(good)])).toSorted()).toEqual([204, 400]);
  expect(await isIn(carla)).toBe(false);
  const back = await exchange();
  expect(await tell(good)).toBe(400);
  expect(await isIn(back)).toBe(true);
  // Of somebody who was never here.
  expect(await tell(await token({ sub: 'nobody' }))).toBe(204);
});

it('lets who has no password delete the account after a sign-in, and not with a session that is old', async () => {
  const place = await newPlace();
  const { test } = place;
  const { sql } = test.platform.database;
  const [old, fresh] = [await signIn(place, 'carla'), await signIn(place, 'carla')];
  const api = await apiOf(test, { tokens: old });
  const { items } = await unwrap(api.GET('/v1/sessions'));
  const current = items.find(({ isCurrent }) => isCurrent)?.id ?? '';
  await sql('im_session')
    .where({ id: current })
    .update({ createdTime: Date.now() - 601_000 });
  const remove = (who: ApiClient, password?: string): Promise<string> =>
    codeOf(unwrap(who.POST('/v1/me/deletion', { body: { ...(password && { password }) } })));

  for (const password of [undefined, '!', 'secret-1'])
    expect(await remove(api, password)).toBe('SIGN_IN_AGAIN');
  // Who has a password has to show it, however new the session is.
  expect(await remove(await apiOf(test, await test.register('ann')))).toBe('PASSWORD_WRONG');
  expect(await remove(await apiOf(test, { tokens: fresh }))).toBe('done');
  expect(await remove(api)).toBe('NOT_SIGNED_IN');
});

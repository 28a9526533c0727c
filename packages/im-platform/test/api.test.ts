import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { clientTypes, clientTypesFile } from '../../../scripts/client-types.ts';
import { problems, textsOf, type ProblemCode } from '../src/api/problems.ts';
import { texts, type TextKey } from '../src/http/texts.ts';
import { insertErasure, makeAdmin } from './support/admins.ts';
import { Description, scopeOf } from './support/api.ts';
import { insertArchive } from './support/archives.ts';
import { DriveUser } from './support/drive.ts';
import { temporaryFolder } from './support/folders.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { say } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { RawUploads } from './support/resumable.ts';
import { createKey } from './support/server-keys.ts';
import { insertWebhook } from './support/webhooks.ts';
import { sharedPlatform, startTestPlatform, type TestPlatform } from './support/test-platform.ts';
import { insertCampaign } from './support/campaigns.ts';
import { insertRedPacket } from './support/wallets.ts';

interface Problem {
  readonly status: number;
  readonly type: string | null;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

async function ask({ url }: TestPlatform, path: string, init: RequestInit = {}): Promise<Problem> {
  const answer = await fetch(url + path, init);
  const { status, headers } = answer;
  return {
    status,
    headers,
    type: headers.get('content-type'),
    body: (await answer.json()) as Problem['body'],
  };
}

function post(body: string, headers: Record<string, string> = {}): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body };
}

describe('/v1', () => {
  it('answers what it does not do as a problem, with a code, a cure, and the right status', async () => {
    const test = await sharedPlatform({ store: 'sqlite' });
    const { accessToken } = (await test.register('ann')).tokens;
    const signedIn = { authorization: `Bearer ${accessToken}` };

    expect(await ask(test, '/v1/nowhere?x')).toMatchObject({
      ...{ status: 404, type: 'application/problem+json; charset=utf-8' },
      body: {
        ...{ status: 404, title: 'Not Found', code: 'NOT_FOUND', retryable: false },
        ...{ detail: 'There is nothing at GET /v1/nowhere.', cure: problems.NOT_FOUND.cure },
      },
    });
    for (const path of ['/v1', '/v1/', '/v1/users/%ff', '/v1/%'])
      expect(await ask(test, path), path).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    const without: Record<string, string>[] = [
      {},
      { authorization: 'Bearer none' },
      { authorization: accessToken },
      { accessToken },
    ];
    for (const headers of without) {
      const { status, body, headers: said } = await ask(test, '/v1/me', { headers });
      expect([status, body['code'], said.get('www-authenticate')]).toEqual([401, 'NOT_SIGNED_IN', 'Bearer']);
    }
    for (const [body, status, type] of [
      ['{', 400, 'application/json'],
      ['x', 415, 'text/html'],
      [`{"userName":"${'x'.repeat(20_000)}"}`, 413, 'application/json'],
    ] as const)
      expect(await ask(test, '/v1/sessions', post(body, { 'content-type': type }))).toMatchObject({
        ...{ status, body: { status, code: 'BODY_REFUSED' } },
      });
    expect(await ask(test, '/v1/groups', post('{"name":"","extra":1}', signedIn))).toMatchObject({
      ...{ status: 400 },
      body: {
        code: 'INVALID_ARGUMENT',
        errors: [{ where: 'body.name' }, { problem: 'Unrecognized key: "extra"' }],
      },
    });
    expect(await ask(test, '/v1/users/-1', { headers: signedIn })).toMatchObject({
      body: { code: 'INVALID_ARGUMENT', detail: 'path.userId: expected an id, as "42"' },
    });
    expect(await ask(test, '/v1/friends?offset=3', { headers: signedIn })).toMatchObject({
      body: { detail: 'query: Unrecognized key: "offset"' },
    });
  });

  it('speaks the language that is accepted, and says so to caches', async () => {
    const test = await startTestPlatform({
      store: 'sqlite',
      platform: { allowedOrigins: ['https://a.example'] },
    });
    const detailIn = async (language: string): Promise<unknown> => {
      const headers = { 'accept-language': language, origin: 'https://a.example' };
      const { body, headers: said } = await ask(test, '/v1/me', { headers });
      expect(said.get('vary')).toBe('Origin, accept-language');
      return [said.get('content-language'), body['detail']];
    };

    expect(await detailIn('en')).toEqual(['en', texts.notLoggedIn[1]]);
    expect(await detailIn('fr, zh-CN;q=0.8, en;q=0.5')).toEqual(['zh', texts.notLoggedIn[0]]);
    expect(await detailIn('fr')).toEqual(['en', texts.notLoggedIn[1]]);
    const body = JSON.stringify({ userName: 'ann', password: '', device: 'web' });
    expect(await ask(test, '/v1/sessions', post(body, { 'accept-language': 'zh' }))).toMatchObject({
      body: { errors: [{ where: 'body.password', problem: texts.passwordRequired[0] }] },
    });
  });

  it('says how many requests are left, and when there are none', async () => {
    const test = await startTestPlatform({ store: 'sqlite', platform: { requestsPerMinute: 3 } });
    const headers = { authorization: `Bearer ${(await test.register('ann')).tokens.accessToken}` };
    const left: (string | null)[] = [];

    for (let index = 0; index < 4; index++) {
      const answer = await fetch(`${test.url}/v1/me`, { headers });
      expect(answer.headers.get('ratelimit-policy')).toBe('"requests";q=3;w=60');
      left.push(`${answer.status} ${answer.headers.get('ratelimit')?.replace(/t=\d+/, 't') ?? ''}`);
    }

    expect(left).toEqual([
      ...['200 "requests";r=2;t', '200 "requests";r=1;t', '200 "requests";r=0;t', '429 "requests";r=0;t'],
    ]);
    const { body, headers: said } = await ask(test, '/v1/me', { headers });
    expect(body).toMatchObject({ code: 'TOO_MANY_REQUESTS', retryable: true });
    expect(Number(said.get('retry-after'))).toBeGreaterThan(50);
  });

  it('says 503 while its database is away', async () => {
    const test = await startTestPlatform({ store: 'sqlite', platform: { requestTimeoutMs: 500 } });
    const headers = { authorization: `Bearer ${(await test.register('ann')).tokens.accessToken}` };
    // SQLite has one connection.
    const held = await test.platform.database.sql.transaction();

    const { status, body, headers: said } = await ask(test, '/v1/me', { headers });
    await held.rollback();

    expect([status, body['code'], body['retryable'], said.get('retry-after')]).toEqual([
      503,
      'UNAVAILABLE',
      true,
      '2',
    ]);
  });

  it('has a code for every refusal, and only one', () => {
    const mapped = (Object.keys(problems) as ProblemCode[]).flatMap((code) => textsOf(code));
    const said = Object.keys(texts).filter((key) => !isNoRefusal(key as TextKey));

    expect(mapped.toSorted()).toEqual(said.toSorted());
  });
});

it('documents every problem as it is answered', async () => {
  const document = await readFile(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
  const [, section = ''] = document.split(/^## ApiProblem$/m);
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()));

  expect(rows.map(([, code, status, what, cure]) => [code, status, what, cure])).toEqual(
    Object.entries(problems).map(([code, { status, what, cure }]) => [
      `\`${code}\``,
      String(status),
      what,
      cure,
    ]),
  );
});

/** What the platform says in chats, records of calls among it. */
function isNoRefusal(key: TextKey): boolean {
  return /^(tip|call(Missed|Rejected|Cancelled|Duration)|nowFriends|noLongerFriends|success|deletedAccount|away|system(Name|Administrator)|requestSent|scheduledNotSent|redPacketText|encryptedText)/.test(
    key,
  );
}

describe('the description of /v1', () => {
  it('is what the client was generated from', async () => {
    const { text } = await Description.of(await sharedPlatform({ store: 'sqlite' }));

    // Run: npm run client
    expect(await readFile(clientTypesFile, 'utf8')).toBe(await clientTypes(text));
  });

  it('names each operation once, and every code that its handler can answer', async () => {
    const { operations } = await Description.of(await sharedPlatform({ store: 'sqlite' }));
    const names = operations.map(({ operationId }) => operationId);

    expect(names.length).toBeGreaterThan(20);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has examples that work as they stand', async () => {
    const archiveDir = await temporaryFolder();
    const platform = {
      archiveDir,
      webPushContact: 'mailto:ops@example.com',
      ownerRetentionDays: 1,
      awayAfterMs: 86_400_000,
      linkPreviews: true,
      ...{ drive: true, endToEnd: true },
      ...{ redPackets: true, playPayments: true, campaigns: true },
    };
    const test = await startTestPlatform({ store: 'sqlite', platform });
    const { ann, eve, messageId } = await createWorld(test);
    const { operations } = await Description.of(test);
    const outcomes = new Map<string, number>();
    await makeAdmin(test, ann);
    await insertWebhook(test);
    await insertErasure(test);
    await insertArchive(test, archiveDir);
    const { key } = await createKey(test);
    const drive = await DriveUser.of(test, ann);
    await drive.folder((await drive.root()).id, 'Work');
    const uploadId = await new RawUploads(test, ann).begun({ size: 5 });

    for (const operation of operations.toSorted(
      (one, other) => rank(one.operationId) - rank(other.operationId),
    )) {
      const { operationId, method, path, parameters = [], requestBody, responses } = operation;
      let url = path;
      const query = new URLSearchParams();
      const asked: Record<string, string> = {};
      for (const { name, in: place, schema } of parameters) {
        // Nobody outside is asked: the link of the example leads to a stranger.
        const known = { uploadId, messageId, url: test.url }[name];
        const [example] = (known === undefined ? (schema.examples ?? []) : [known]) as readonly (
          string | number
        )[];
        if (place === 'header' && example !== undefined) asked[name] = String(example);
        if (name === 'idempotency-key') asked[name] = operationId;
        if (place === 'path') url = url.replace(`{${name}}`, encodeURIComponent(String(example)));
        if (place === 'query' && example !== undefined) query.set(name, String(example));
      }
      const { init, headers = {} } = bodyOf(requestBody, operationId === 'refreshSession' ? ann : undefined);
      // Nobody goes on after that.
      const who = operationId === 'deleteAccount' ? eve : ann;
      const authorization = `Bearer ${scopeOf(operation) ? key : who.tokens.accessToken}`;
      const answer = await fetch(`${test.url}${url}?${query.toString()}`, {
        ...{
          ...init,
          method,
          headers: { ...asked, ...headers, ...(operation.security?.length !== 0 && { authorization }) },
        },
      });
      outcomes.set(operationId, answer.status);
      expect(responses, `${operationId}: ${await answer.text()}`).toHaveProperty(String(answer.status));
    }

    expect([...outcomes].filter(([name, status]) => status >= 300 && !withoutExample.has(name))).toEqual([]);
  });
});

const withoutExample: ReadonlySet<string> = new Set([
  // The example is a folder, and nobody can write down the address of an upload: drive.test.ts.
  ...['putDriveFile', 'putDriveVersion', 'restoreDriveVersion', 'offerDriveFile', 'removeDriveNode'],
  // These need two devices: api-calls.test.ts.
  ...['beginCall', 'answerCall', 'signalInCall', 'endCall'],
  // Nobody can write down what others vouch for: token-exchange.test.ts, sign-in.test.ts.
  ...['exchangeToken', 'beginSignIn', 'finishSignIn', 'beginLinking', 'removeIdentity'],
  'hearOfLogout',
  // Nor what a provider has signed: payments.test.ts.
  'notifyPayment',
  // Nor the id of a webhook: webhooks.test.ts.
  'deleteBotWebhook',
  // It is nobody's friend yet: server-api.test.ts.
  'sendMessageAsBot',
  // Nor which backup of keys is the newest: end-to-end.test.ts.
  ...['backUpKeys', 'listBackedUpKeys', 'useKeyBackup'],
  // Nor what an app shows: second-factor.test.ts.
  ...['showSecondFactor', 'confirmSecondFactor', 'renewRecoveryCodes', 'removeSecondFactor'],
  'adminRemoveSecondFactor',
  // Nor a moment that stays ahead: scheduled.test.ts.
  ...['scheduleMessage', 'changeScheduledMessage', 'cancelScheduledMessage', 'sendScheduledMessage'],
]);

/** Somebody's last acts come last. */
const last = [
  ...['adminEndDriveShare', 'trashDriveNode', 'restoreDriveNode', 'emptyDriveTrash'],
  ...['getKeyBackup', 'endKeyBackup', 'removeEncryptionDevice'],
  'deleteWebhook',
  'giveUpUpload',
  'revokeInvitation',
  'endSession',
  'endOtherSessions',
  'recallMessage',
  'removeMember',
  'removeFriend',
  'dissolveGroup',
  'changePassword',
  'adminDeleteUser',
  'adminEraseUser',
  'signOut',
  'deleteAccount',
];

function rank(operationId: string): number {
  return last.indexOf(operationId);
}

function bodyOf(
  asked:
    | {
        readonly content: Readonly<
          Record<string, { readonly schema: { readonly examples?: readonly unknown[] } }>
        >;
      }
    | undefined,
  refreshes: Person | undefined,
): { init?: RequestInit; headers?: Record<string, string> } {
  const [content] = Object.entries(asked?.content ?? {});
  if (!content) return {};
  const [type, { schema }] = content;
  // Nobody can write down a token beforehand.
  const [example] = refreshes ? [{ refreshToken: refreshes.tokens.refreshToken }] : (schema.examples ?? []);
  if (type === 'application/json')
    return { init: { body: JSON.stringify(example) }, headers: { 'content-type': type } };
  if (type !== 'multipart/form-data') return { init: { body: 'hello' }, headers: { 'content-type': type } };
  const form = new FormData();
  for (const [name, text] of Object.entries(example as Record<string, string>))
    form.set(name, new Blob([text]), 'hello.txt');
  return { init: { body: form } };
}

/** The people of the examples: ann is 1, bob 2, cleo 3, eve 4, dan 5. */
async function createWorld(test: TestPlatform): Promise<{ ann: Person; eve: Person; messageId: string }> {
  const people: Person[] = [];
  for (const name of ['ann', 'bob', 'cleo', 'eve', 'dan']) people.push(await test.register(name));
  const [ann, bob, cleo, eve] = people as [Person, Person, Person, Person];
  await befriend(test, ann, bob, cleo, eve);
  await openGroup(ann, [bob, cleo]);
  await say(ann, bob, 'hello');
  const messageId = String((await say(ann, bob, 'hello again')).id);
  expect(people.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
  const { sql } = test.platform.database;
  const session = (await sql('im_session').where({ userId: ann.id }).first()) as object;
  await sql('im_session').insert({ ...session, id: 'A'.repeat(22) });
  await sql('im_group').update({ joining: 1 });
  // Of cleo, as the one who asks for the rest goes on.
  const hash = createHash('sha256').update('C'.repeat(24)).digest('base64url');
  await sql('im_password_reset').insert({ userId: cleo.id, hash, endTime: Date.now() + 60_000 });
  const since = { groupId: 1, createdTime: 1 };
  await sql('im_group_link').insert({ ...since, code: 'B'.repeat(22), creatorId: 1 });
  await sql('im_join_request').insert({
    ...{ groupId: 1, userId: eve.id, text: 'hi', sentTime: 1, endTime: Date.now() + 86_400_000 },
  });
  await insertRedPacket(test.platform.database, { senderId: ann.id, groupId: 1 });
  await insertCampaign(test.platform, ann.id);
  return { ann, eve, messageId };
}

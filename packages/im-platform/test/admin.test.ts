import { describe, expect, it } from 'vitest';
import { orderAdmins } from '../src/admins/admin-command.ts';
import { BanService, type BanDeps } from '../src/bans/ban-service.ts';
import { BanStore } from '../src/bans/ban-store.ts';
import { unwrap, type ApiClient, type ApiProblem } from '../src/client/index.ts';
import { readConfiguration } from '../src/configuration.ts';
import { insertErasure, makeAdmin } from './support/admins.ts';
import { apiOf, Description } from './support/api.ts';
import { insertArchive } from './support/archives.ts';
import { insertCampaign } from './support/campaigns.ts';
import { insertDriveShare } from './support/drive.ts';
import { upload } from './support/files.ts';
import { temporaryFolder } from './support/folders.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { say } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { startTestPlatform, storeKinds } from './support/test-platform.ts';
import { insertRedPacket } from './support/wallets.ts';

function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'done',
    (error: unknown) => (error as ApiProblem).code,
  );
}

function ofUser({ id }: Person): { params: { path: { userId: string } } } {
  return { params: { path: { userId: String(id) } } };
}

function ban(api: ApiClient, who: Person, until?: string): Promise<unknown> {
  const body = { reason: 'spam', ...(until !== undefined && { until }) };
  return unwrap(api.PUT('/v1/admin/users/{userId}/ban', { ...ofUser(who), body }));
}

describe.each(storeKinds)('who runs the platform, on %s', (store) => {
  it('bans, puts out, gives a new password and deletes; and is an admin no longer when that is taken away', async () => {
    const test = await startTestPlatform({ store });
    const { database } = test.platform;
    const [ann, bob, cleo] = [
      await test.register('ann'),
      await test.register('bob'),
      await test.register('cleo'),
    ];
    const before = await apiOf(test, ann);
    expect(await codeOf(ban(before, bob))).toBe('NOT_ALLOWED');
    await orderAdmins(database, { what: 'grant', userName: 'ann' });
    // Whoever opened it.
    expect(await codeOf(ban(before, bob))).toBe('NOT_SIGNED_IN');
    const api = await apiOf(test, await test.logIn('ann'));
    // Asked for again it is true already, and ends no session.
    expect(await orderAdmins(database, { what: 'grant', userName: 'ann' })).toEqual([
      'ann is an admin already.',
    ]);

    expect(await codeOf(ban(api, ann))).toBe('NOT_ALLOWED');
    const found = await unwrap(api.GET('/v1/admin/users', { params: { query: { prefix: 'bo' } } }));
    expect(found.items).toMatchObject([{ id: String(bob.id), userName: 'bob', ban: null, isAdmin: false }]);
    expect((await unwrap(api.GET('/v1/admin/users', { params: { query: { prefix: '%' } } }))).items).toEqual(
      [],
    );

    const his = await bob.connect();
    await ban(api, bob, '2099-01-01T00:00:00.000Z');
    expect((await his.closed).code).toBe(4401);
    await expect(test.logIn('bob')).rejects.toThrow();
    expect(await unwrap(api.GET('/v1/admin/users/{userId}', ofUser(bob)))).toMatchObject({
      ban: { reason: 'spam', until: '2099-01-01T00:00:00.000Z' },
    });
    expect(await codeOf(ban(api, bob, '2001-01-01T00:00:00.000Z'))).toBe('INVALID_ARGUMENT');
    await unwrap(api.DELETE('/v1/admin/users/{userId}/ban', ofUser(bob)));
    await test.logIn('bob');

    const hers = await cleo.connect();
    await unwrap(api.DELETE('/v1/admin/users/{userId}/sessions', ofUser(cleo)));
    expect((await hers.closed).code).toBe(4401);
    const { token } = await unwrap(api.POST('/v1/admin/users/{userId}/password-reset', ofUser(cleo)));
    await unwrap(api.POST('/v1/password-resets', { body: { token, newPassword: 'a-good-one-7' } }));
    await test.logIn('cleo', { password: 'a-good-one-7' });

    // Of two at the same moment one deletes, and one is in the audit trail.
    const remove = (): Promise<string> =>
      codeOf(unwrap(api.DELETE('/v1/admin/users/{userId}', ofUser(cleo))));
    expect((await Promise.all([remove(), remove()])).toSorted()).toEqual(['NOT_FOUND', 'done']);
    const { items } = await unwrap(api.GET('/v1/admin/audit', { params: { query: {} } }));
    expect(items.filter(({ action }) => action === 'adminDeleteUser')).toHaveLength(1);
    expect(
      items.find(({ action, details }) => action === 'adminBanUser' && 'until' in details),
    ).toMatchObject({
      ...{ actorId: String(ann.id), subject: `user:${bob.id}`, details: { reason: 'spam' } },
    });
    expect(items.at(-1)).toMatchObject({ actorId: null, action: 'grantAdmin', subject: `user:${ann.id}` });
    expect(JSON.stringify(items)).not.toContain(token);

    await orderAdmins(database, { what: 'revoke', userName: 'ann' });
    expect(await codeOf(ban(api, bob))).toBe('NOT_ALLOWED');
  });
});

it('nothing that an admin does or sees is without its line in the audit trail, and what fails has none', async () => {
  const archiveDir = await temporaryFolder();
  const test = await startTestPlatform({
    ...{ store: 'sqlite', platform: { campaigns: true, drive: true, redPackets: true, archiveDir } },
  });
  const people: Person[] = [];
  for (const name of ['ann', 'bob', 'cleo', 'eve', 'dan']) people.push(await test.register(name));
  const [ann, bob] = people as [Person, Person];
  await befriend(test, ann, bob);
  await openGroup(ann, []);
  await upload(`${test.url}/file/upload`, ann, { name: 'a.txt', bytes: Buffer.from('a') });
  await say(ann, bob, 'hi');
  const ids = { messageId: (await say(ann, bob, 'hello')).id } as Record<string, unknown>;
  await makeAdmin(test, ann);
  const { sql } = test.platform.database;
  await sql('im_report').insert({
    ...{ reporterId: 2, target: 'user:3', userId: 3, reason: 'spam', text: '', evidence: '{}', sentTime: 1 },
  });
  await insertErasure(test);
  await insertArchive(test, archiveDir);
  await insertCampaign(test.platform, bob.id);
  await insertDriveShare(test.platform.database, { ownerId: bob.id, subjectId: ann.id });
  await insertRedPacket(test.platform.database, { senderId: ann.id, groupId: 1 });
  const factor = { secret: 'x', lastStep: 0, createdTime: 1, confirmedTime: 1 };
  await sql('im_second_factor').insert(people.map(({ id: userId }) => ({ userId, ...factor })));
  const { operations } = await Description.of(test);
  const isLast = ({ operationId }: { operationId: string }): number =>
    ['adminDeleteUser', 'adminEraseUser'].indexOf(operationId);
  const ofAdmins = operations
    .filter(({ path }) => path.startsWith('/v1/admin/'))
    .toSorted((one, other) => isLast(one) - isLast(other));
  const headers = { authorization: `Bearer ${ann.tokens.accessToken}`, 'content-type': 'application/json' };
  const lines = async (): Promise<{ action: string; details: string }[]> =>
    sql('im_audit_trail').orderBy('id');

  expect(ofAdmins.length).toBeGreaterThan(25);
  for (const { operationId, method, path, parameters = [], requestBody } of ofAdmins) {
    const before = await lines();
    const at = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      String(ids[name] ?? parameters.find((one) => one.name === name)?.schema.examples?.[0]),
    );
    const body = JSON.stringify(requestBody?.content['application/json']?.schema.examples?.[0]);
    const ask = (url: string): Promise<Response> =>
      fetch(test.url + url, {
        method,
        headers,
        ...(requestBody ? { body } : { headers: { authorization: headers.authorization } }),
      });
    const answer = await ask(at);
    expect([operationId, answer.ok, await answer.text()]).toEqual([operationId, true, expect.anything()]);
    const after = await lines();
    expect([operationId, after.slice(before.length).map(({ action }) => action)]).toEqual([
      ...[operationId, [operationId]],
    ]);
    // Of what is not there nothing is done, so nothing is noted but who looked for it.
    if (!path.includes('{') || method === 'GET') continue;
    const nobodys = path
      .replace('{conversationId}', 'group:999')
      .replace('{paymentId}', 'N'.repeat(22))
      .replaceAll(/\{\w+\}/g, '999');
    expect((await ask(nobodys)).status).toBe(404);
    expect([operationId, (await lines()).length]).toEqual([operationId, after.length]);
  }

  const text = await (
    await fetch(`${test.url}/v1/admin/audit/export`, { headers: { authorization: headers.authorization } })
  ).text();
  const exported = text
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { action: string }).action);
  expect(exported).toEqual((await lines()).map(({ action }) => action));
  expect(exported.at(-1)).toBe('adminExportAudit');
});

it('a ban that is over is lifted, one without an end stays', async () => {
  const test = await startTestPlatform({ store: 'sqlite' });
  const [ann, bob] = [await test.register('ann'), await test.register('bob')];
  const { database } = test.platform;
  const now = Date.now();
  await database
    .sql('im_user')
    .where({ id: ann.id })
    .update({ isBanned: 1, reason: 'spam', bannedUntil: now });
  await database.sql('im_user').where({ id: bob.id }).update({ isBanned: 1, reason: 'spam' });
  const bans = new BanService({
    ...{ database, store: new BanStore(database), audit: { record: () => undefined } },
    ...({ language: 'en' } as Pick<BanDeps, 'sessions' | 'groupLog' | 'im' | 'language'>),
  });

  await bans.liftThoseThatAreOver();

  expect((await test.logIn('ann')).id).toBe(ann.id);
  await expect(test.logIn('bob')).rejects.toThrow();
});

it('the command says whose role it is about, and refuses what it does not know', () => {
  const env = { IM_PLATFORM_DATABASE: 'sqlite:./im.db' };

  expect(readConfiguration(['admin', 'grant', 'ann'], env)).toEqual({
    ...{ kind: 'admin', database: 'sqlite:./im.db', order: { what: 'grant', userName: 'ann' } },
  });
  expect(readConfiguration(['admin', 'list'], env)).toMatchObject({ order: { what: 'list' } });
  for (const args of [['grant'], ['make', 'ann'], ['list', 'ann']])
    expect(() => readConfiguration(['admin', ...args], env)).toThrow(/expected list, grant/);
});

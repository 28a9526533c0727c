import { crc32 } from 'node:zlib';
import { cpuMsOf } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../src/client/index.ts';
import { archiveNames } from '../src/drive/folder-archive.ts';
import { keyOfName } from '../src/drive/names.ts';
import { zipLength, zipOf, type ZipEntry } from '../src/drive/zip.ts';
import { makeAdmin } from './support/admins.ts';
import { DriveUser, expectATree, textAt, type DriveNode } from './support/drive.ts';
import { temporaryFolder } from './support/folders.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { say, messageTypes } from './support/messages.ts';
import {
  sharedPlatform,
  startTestPlatform,
  storeKinds,
  type StoreKind,
  type TestPlatform,
} from './support/test-platform.ts';

/** For those who wait for what is done in rounds: each of them costs some questions, also when there is nothing to do. */
const quick = { sweepMs: 150 };

/** With options, which may be none, on a platform of one's own. */
async function scene(store: StoreKind, platform?: object) {
  const test = platform
    ? await startTestPlatform({ store, platform: { drive: true, ...platform } })
    : await sharedPlatform({ store, platform: { drive: true } });
  const users: DriveUser[] = [];
  for (const name of ['ann', 'bob', 'cleo']) users.push(await DriveUser.of(test, await test.register(name)));
  const [ann, bob, cleo] = users as [DriveUser, DriveUser, DriveUser];
  await befriend(test, ann.person, bob.person, cleo.person);
  const root = await ann.root();
  return { test, ann, bob, cleo, root, work: await ann.folder(root.id, 'Work') };
}

function post(url: string, fields: Record<string, string> = {}, more: RequestInit = {}): Promise<Response> {
  return fetch(url, { method: 'POST', body: new URLSearchParams(fields), ...more });
}

function fileRows({ platform }: TestPlatform) {
  return platform.database.sql('im_file_info');
}

describe.each(storeKinds)('shares of drives on %s', (store) => {
  it('are for friends and groups, hold below, and end with the membership at once', async () => {
    const { test, ann, bob, cleo, root, work } = await scene(store);
    const inner = await ann.folder(work.id, 'inner');
    const file = await ann.file(inner.id, 'a.txt');
    const bobs = await ann.share(work.id, { userId: String(bob.person.id), level: 'view' });
    expect(await bob.sharedNames()).toEqual(['Work']);
    const seen = await bob.get(file.id);
    expect(seen).toMatchObject({ level: 'view', path: [{ name: 'Work' }, { name: 'inner' }] });
    expect(await textAt(seen.url)).toBe('a.txt');
    expect(await bob.found('A.T')).toEqual(['a.txt']);
    expect(await cleo.found('A.T')).toEqual([]);
    await expect(bob.get(root.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const refused: (() => Promise<unknown>)[] = [
      () => bob.folder(inner.id, 'x'),
      () => bob.move(file.id, { name: 'x' }),
      () => bob.trash(file.id),
      () => bob.link(file.id, {}),
    ];
    for (const act of refused) await expect(act()).rejects.toMatchObject({ code: 'NOT_ALLOWED' });

    // More for a part of it; what somebody puts there counts for whoever has the drive.
    await ann.share(inner.id, { userId: String(bob.person.id), level: 'edit' });
    const before = await ann.usedBytes();
    const put = await bob.file(inner.id, 'b.txt', 'of bob');
    expect([await ann.usedBytes(), await bob.usedBytes()]).toEqual([before + 6, 0]);
    await bob.move(put.id, { name: 'c.txt' });
    await expect(bob.move(inner.id, { name: 'x' })).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
    await expect(bob.move(put.id, { parentId: work.id })).rejects.toMatchObject({ code: 'NOT_ALLOWED' });

    // The address of a file is worth nothing when the share ends, nor is the share of somebody who leaves it.
    await bob.unshare(bobs.id);
    expect((await bob.get(file.id)).path).toEqual([{ id: inner.id, name: 'inner' }]);
    const { items } = await unwrap(
      ann.api.GET('/v1/drive/nodes/{nodeId}/shares', { params: { path: { nodeId: inner.id } } }),
    );
    await ann.unshare(items[0]?.id ?? '');
    expect(await textAt(seen.url)).toBe('404 NOT_FOUND');

    const group = await openGroup(ann.person, [cleo.person]);
    await expect(ann.share(work.id, { groupId: '99', level: 'view' })).rejects.toMatchObject({
      code: 'NOT_A_MEMBER',
    });
    await expect(
      bob.share((await bob.root()).id, { userId: String(cleo.person.id), level: 'view' }),
    ).rejects.toMatchObject({ code: 'NOT_FRIENDS' });
    await ann.share(work.id, { groupId: String(group.id), level: 'edit' });
    const ofCleo = await cleo.get(file.id);
    expect(ofCleo.level).toBe('edit');
    await cleo.person.delete(`/group/quit/${group.id}`);
    expect(await textAt(ofCleo.url)).toBe('404 NOT_FOUND');
    await expect(cleo.folder(inner.id, 'late')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await cleo.sharedNames()).toEqual([]);
    expect(await test.platform.database.sql('im_drive_node').where({ name: 'late' })).toEqual([]);
  });

  it('to manage lets another share on, rename and throw away what is in it, and nothing that is the owner’s', async () => {
    const { test, ann, bob, cleo, root, work } = await scene(store);
    await befriend(test, bob.person, cleo.person);
    const [inner, doomed] = [await ann.folder(work.id, 'inner'), await ann.folder(work.id, 'doomed')];
    const file = await ann.file(inner.id, 'a.txt');
    const ids = { ann: String(ann.person.id), bob: String(bob.person.id), cleo: String(cleo.person.id) };
    const toBob = await ann.share(work.id, { userId: ids.bob, level: 'manage' });
    expect((await bob.get(file.id)).level).toBe('manage');

    const toCleo = await bob.share(inner.id, { userId: ids.cleo, level: 'manage' });
    expect(await cleo.sharedNames()).toEqual(['inner']);
    expect((await fetch((await bob.link(file.id, {})).url ?? '')).status).toBe(200);
    await bob.move(inner.id, { name: 'renamed' });
    await bob.trash(doomed.id);
    expect([await ann.names(work.id), await ann.trashNames()]).toEqual([['renamed'], ['doomed']]);

    const bobs = await bob.root();
    const path = { nodeId: doomed.id };
    const refused: [act: () => Promise<unknown>, code: string][] = [
      // The shared thing itself is the owner's, and so is what is beside and above it.
      [() => bob.move(work.id, { name: 'x' }), 'NOT_ALLOWED'],
      [() => bob.trash(work.id), 'NOT_ALLOWED'],
      [() => bob.get(root.id), 'NOT_FOUND'],
      [() => bob.share(root.id, { userId: ids.cleo, level: 'view' }), 'NOT_FOUND'],
      // It stays in the drive that it is in.
      [() => bob.move(file.id, { parentId: bobs.id }), 'DRIVE_STATE'],
      // The trash is the owner's, also what they have thrown there.
      [() => unwrap(bob.api.POST('/v1/drive/trash/{nodeId}/restore', { params: { path } })), 'NOT_FOUND'],
      [() => unwrap(bob.api.DELETE('/v1/drive/trash/{nodeId}', { params: { path } })), 'NOT_FOUND'],
      // Who manages a part does not manage the whole.
      [() => cleo.unshare(toBob.id), 'NOT_FOUND'],
      [() => cleo.share(work.id, { userId: ids.ann, level: 'view' }), 'NOT_FOUND'],
    ];
    for (const [act, code] of refused) await expect(act(), String(act)).rejects.toMatchObject({ code });

    // What they have shared on is not theirs to keep: it ends when the owner ends it, and not before.
    await ann.unshare(toBob.id);
    expect(await bob.sharedNames()).toEqual([]);
    await expect(bob.share(inner.id, { userId: ids.cleo, level: 'view' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await cleo.sharedNames()).toEqual(['renamed']);
    await ann.unshare(toCleo.id);
    expect(await cleo.sharedNames()).toEqual([]);
  });

  it('by link are a page without a script, with a password, an end, and as many downloads as they may', async () => {
    const { test, ann, work, root } = await scene(store);
    const file = await ann.file(work.id, '<b>.txt', 'hello');
    const other = await ann.file(root.id, 'other.txt');
    const open = await ann.link(work.id, { downloads: 3 });
    const url = open.url ?? '';
    const page = await fetch(url);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'self'/);
    const html = await page.text();
    expect(html).toContain('&#60;b&#62;.txt');
    expect(html).not.toMatch(/<script|<style|style=|<b>/);
    expect((await fetch(`${url}?node=${other.id}`)).status).toBe(404);
    expect((await fetch(`${url.slice(0, -1)}x`)).status).toBe(404);

    const many = await Promise.all(
      Array.from({ length: 8 }, () => post(`${url}/download`, { node: file.id }, { redirect: 'manual' })),
    );
    const let3 = many.filter(({ status }) => status === 303);
    expect(let3).toHaveLength(3);
    const location = let3[0]?.headers.get('location') ?? '';
    // Its parts do not count again.
    for (const range of ['bytes=0-1', 'bytes=2-'])
      expect(await textAt(location, { range })).toMatch(/^(he|llo)$/);
    // It could be handed on, and was counted once.
    const [, endS] = /\/content\/f\.l\d+\.\d+\.\d+\.(\d+)\./.exec(location) ?? [];
    expect(Number(endS) - Date.now() / 1_000).toBeLessThan(601);
    await ann.unshare(open.id);
    expect(await textAt(location)).toBe('404 NOT_FOUND');

    const closed = await ann.link(file.id, { password: 'open sesame' });
    const at = closed.url ?? '';
    expect(await (await fetch(at)).text()).not.toContain('hello');
    expect((await post(`${at}/download`)).status).toBe(403);
    expect(await (await post(at, { password: 'wrong' })).text()).toContain('role="alert"');
    // What is no form is none.
    const headers = { 'content-type': 'application/json' };
    for (const way of ['', '/download']) {
      const body = '{"password":5,"pass":5}';
      const answer = await fetch(`${at}${way}`, { method: 'POST', headers, body });
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    }
    const inside = await (await post(at, { password: 'open sesame' })).text();
    const pass = /name="pass" value="([^"]+)"/.exec(inside)?.[1] ?? '';
    expect(
      await textAt(
        (await post(`${at}/download`, { pass }, { redirect: 'manual' })).headers.get('location') ?? '',
      ),
    ).toBe('hello');
    const guesses = await Promise.all(Array.from({ length: 12 }, () => post(at, { password: 'guess' })));
    expect(guesses.some(({ status }) => status === 429)).toBe(true);
    const { sql } = test.platform.database;
    expect(JSON.stringify(await sql('im_drive_share'))).not.toContain('sesame');
    await sql('im_drive_share').update({ endTime: 1 });
    expect((await fetch(at)).status).toBe(404);
  });

  it('are seen and ended by admins, who learn neither where a link leads nor its password', async () => {
    const { test, ann, bob, cleo, work } = await scene(store, {});
    const file = await ann.file(work.id, 'a.txt');
    const link = await ann.link(file.id, { password: 'open sesame', downloads: 3 });
    await ann.share(work.id, { userId: String(bob.person.id), level: 'manage' });
    const ofBob = await bob.folder((await bob.root()).id, 'Bobs');
    const withAnn = await bob.share(ofBob.id, { userId: String(ann.person.id), level: 'edit' });
    const query = { userId: String(bob.person.id) };
    await makeAdmin(test, cleo.person);
    const list = (asked: { userId?: string; nodeId?: string; limit?: number; cursor?: string }) =>
      unwrap(cleo.api.GET('/v1/admin/drive-shares', { params: { query: asked } }));

    const first = await list({ limit: 2 });
    const rest = await list({ limit: 2, cursor: first.nextCursor ?? '' });
    const all = [...first.items, ...rest.items];
    expect([first.items.length, rest.nextCursor]).toEqual([2, null]);
    expect(all.map(({ kind, name }) => [kind, name])).toEqual([
      ...[
        ['user', 'Bobs'],
        ['user', 'Work'],
        ['link', 'a.txt'],
      ],
    ]);
    expect(all[2]).toMatchObject({
      ...{ nodeType: 'file', nodeId: file.id, ownerId: file.ownerId, level: 'view', subjectId: null },
      ...{ hasPassword: true, downloadsLeft: 3 },
    });
    const code = /[^/]+$/.exec(link.url ?? '')?.[0] ?? '';
    const { sql } = test.platform.database;
    const kept = await sql('im_drive_share').where({ code }).first<{ password: string }>('password');
    for (const secret of [code, kept.password]) expect(JSON.stringify(all)).not.toContain(secret);
    // What Bob shares, and what is shared with him; page by page, too.
    expect((await list(query)).items).toEqual(all.slice(0, 2));
    const one = await list({ ...query, limit: 1 });
    expect((await list({ ...query, limit: 1, cursor: one.nextCursor ?? '' })).items).toEqual([all[1]]);
    expect((await list({ nodeId: file.id })).items).toEqual([all[2]]);
    expect((await list({ ...query, nodeId: file.id })).items).toEqual([]);

    const end = (shareId: string, reason = 'not allowed') =>
      unwrap(
        cleo.api.PUT('/v1/admin/drive-shares/{shareId}/ending', {
          ...{ params: { path: { shareId } }, body: { reason } },
        }),
      );
    expect((await fetch(link.url ?? '')).status).toBe(200);
    await Promise.all([end(link.id), end(link.id)]);
    expect((await fetch(link.url ?? '')).status).toBe(404);
    expect((await ann.get(file.id)).name).toBe('a.txt');
    await end(withAnn.id);
    expect(await ann.sharedNames()).toEqual([]);
    await expect(end(withAnn.id, ' ')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    // What somebody else has ended, an admin has not.
    await ann.unshare(all[1]?.id ?? '');
    await expect(end(all[1]?.id ?? '')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const lines = await sql('im_audit_trail')
      .where({ action: 'adminEndDriveShare' })
      .orderBy('id')
      .select<{ subject: string; details: string }[]>('subject', 'details');
    expect(lines.map(({ subject, details }) => [subject, JSON.parse(details) as object])).toEqual([
      [
        `drive-share:${link.id}`,
        {
          ...{ reason: 'not allowed', ownerId: file.ownerId, nodeId: file.id, kind: 'link', subjectId: '0' },
        },
      ],
      [`drive-share:${link.id}`, { reason: 'not allowed', isRepeated: true }],
      [`drive-share:${withAnn.id}`, expect.objectContaining({ kind: 'user' })],
    ]);
  });

  it('are told live to those who look at a folder, and who still may', async () => {
    const { ann, bob, work } = await scene(store);
    const share = await ann.share(work.id, { userId: String(bob.person.id), level: 'view' });
    const device = await bob.person.connect();
    const params = { path: { nodeId: work.id } };
    await unwrap(bob.api.PUT('/v1/drive/nodes/{nodeId}/watch', { params }));
    await ann.folder(work.id, 'new');
    const { data } = await device.next(({ cmd }) => cmd === 5);
    expect(data).toMatchObject({ type: 60, drive: { folderId: work.id, action: 'added', name: 'new' } });
    const { items } = await unwrap(
      bob.api.GET('/v1/drive/nodes/{nodeId}/activity', { params: { ...params, query: {} } }),
    );
    expect(items.map(({ action }) => action)).toEqual(['added', 'shared']);
    await ann.unshare(share.id);
    await ann.folder(work.id, 'unseen');
    await ann.share(work.id, { userId: String(bob.person.id), level: 'view' });
    const next = await device.next(({ cmd }) => cmd === 5);
    expect(next.data).toMatchObject({ drive: { action: 'shared' } });
  });
});

describe.each(storeKinds)('searches of drives on %s', (store) => {
  it('find parts of names as they stand, page by page, in all drives of which one sees something, and so many a minute', async () => {
    const { test, ann, bob, root, work } = await scene(store, { searchesPerMinute: 16 });
    const { sql } = test.platform.database;
    const bobs = await bob.root();
    const add = (into: DriveNode, names: readonly string[]) =>
      sql('im_drive_node').insert(
        names.map((name) => ({
          ...{ ownerId: Number(into.ownerId), parentId: Number(into.id), name, nameKey: keyOfName(name) },
          ...{ isFile: 0, size: 0, version: 0, creatorId: 1, createdTime: 1, changedTime: 1 },
        })),
      );
    await add(
      root,
      Array.from({ length: 55 }, (_, index) => `Note ${index}`),
    );
    await add(work, ['Note of 100 %', 'note_1!', 'Ünote']);
    await add(bobs, ['my NOTE', 'Note ann cannot see']);
    await ann.share(work.id, { userId: String(bob.person.id), level: 'view' });

    const search = async (user: DriveUser, query: string): Promise<string[][]> => {
      const pages: string[][] = [];
      for (let cursor: string | undefined; ;) {
        const given = { query, ...(cursor !== undefined && { cursor }) };
        const page = await unwrap(user.api.GET('/v1/drive/search', { params: { query: given } }));
        pages.push(page.items.map(({ name }) => name));
        if (page.nextCursor === null) return pages;
        cursor = page.nextCursor;
      }
    };
    expect((await search(ann, ' note ')).map((page) => page.length)).toEqual([50, 8]);
    // Fifty of Ann's that he may not see fill a page.
    expect(await search(bob, 'note')).toEqual([
      [],
      ['Note of 100 %', 'note_1!', 'Ünote', 'my NOTE', 'Note ann cannot see'],
    ]);
    expect(await search(ann, '%')).toEqual([['Note of 100 %']]);
    expect(await search(ann, 'E_1!')).toEqual([['note_1!']]);
    expect(await search(ann, 'üNOTE')).toEqual([['Ünote']]);
    for (const none of ['%_'.repeat(50), 'n%e', '_'.repeat(100), "' or 1=1 --", '\u0000'])
      expect((await search(ann, none)).flat(), none).toEqual([]);
    // Nor the drive itself, which has a number and no name.
    expect((await search(ann, '1')).flat()).not.toContain('');
    for (const wrong of [' ', 'x'.repeat(101)])
      await expect(search(ann, wrong)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    // What was asked was eleven of sixteen; of many at once no more get through.
    const many = await Promise.allSettled(Array.from({ length: 20 }, () => search(ann, 'work')));
    const codes = many.map((one) =>
      one.status === 'rejected' ? (one.reason as { code: string }).code : 'found',
    );
    expect(codes.filter((code) => code === 'found')).toHaveLength(5);
    expect(new Set(codes)).toEqual(new Set(['found', 'TOO_MANY_REQUESTS']));
  });
});

describe.each(storeKinds)('the trash of drives on %s', (store) => {
  it('keeps what was thrown away for some days, out of sight, and gives it back', async () => {
    const { test, ann, work, root } = await scene(store, { driveTrashDays: 1, ...quick });
    const file = await ann.file(work.id, 'a.txt');
    await ann.trash(work.id);
    expect(await ann.names(root.id)).toEqual([]);
    expect(await ann.trashNames()).toEqual(['Work']);
    expect(await ann.found('a.txt')).toEqual([]);
    await expect(ann.folder(work.id, 'x')).rejects.toMatchObject({ code: 'DRIVE_STATE' });
    await ann.folder(root.id, 'work');
    const path = { nodeId: work.id };
    const back = await unwrap(ann.api.POST('/v1/drive/trash/{nodeId}/restore', { params: { path } }));
    expect(back.name).toBe('Work (2)');
    expect(await textAt(file.url)).toBe('a.txt');

    await ann.trash(file.id);
    await ann.trash(work.id);
    // Its folder is in the trash, too.
    const alone = await unwrap(
      ann.api.POST('/v1/drive/trash/{nodeId}/restore', { params: { path: { nodeId: file.id } } }),
    );
    expect(alone.parentId).toBe(root.id);

    await unwrap(ann.api.DELETE('/v1/drive/trash'));
    expect(await ann.trashNames()).toEqual([]);
    await ann.trash(file.id);
    const { sql } = test.platform.database;
    await sql('im_drive_node')
      .where({ id: Number(file.id) })
      .update({ trashedTime: 1 });
    await expect.poll(() => fileRows(test)).toEqual([]);
    expect(await ann.usedBytes()).toBe(0);
    const [left] = await sql('im_drive_node').where({ parentId: 0 }).select<{ nodes: number }[]>('nodes');
    expect(left?.nodes).toBe(1);

    // Of many that were thrown away one by one none is left.
    const { id: rootId, ownerId } = root;
    const thrown = Array.from({ length: 550 }, (_, index) => ({
      ...{ ownerId, parentId: -Number(ownerId), isFile: 1, name: 'x', nameKey: `x${index}`, size: 0 },
      ...{ version: 0, creatorId: ownerId, createdTime: 1, changedTime: 1, trashedFrom: rootId },
      trashedTime: Date.now(),
    }));
    await sql.batchInsert('im_drive_node', thrown, 50);
    await sql('im_drive_node').where({ id: rootId }).increment('nodes', thrown.length);
    let marked = 0;
    sql.on('query', ({ sql: text }: { readonly sql: string }) => {
      if (/^update `im_drive_node` set `trashed_time`/.test(text)) marked++;
    });
    await unwrap(ann.api.DELETE('/v1/drive/trash'));
    // No statement is longer for more of them.
    expect(marked).toBe(2);
    expect(await sql('im_drive_node').where({ parentId: -Number(ownerId) })).toEqual([]);
    await expectATree(test);
  });

  it('goes with the account, and so do the files', async () => {
    const { test, ann, bob, work } = await scene(store, quick);
    await ann.file(work.id, 'a.txt');
    await ann.share(work.id, { userId: String(bob.person.id), level: 'view' });
    await ann.trash((await ann.folder(work.id, 'x')).id);
    await unwrap(ann.api.POST('/v1/me/deletion', { body: { password: 'secret-1' } }));
    const { sql } = test.platform.database;
    await expect
      .poll(
        async () => [
          await sql('im_account_erasure'),
          await sql('im_drive_node').where({ ownerId: ann.person.id }),
          await sql('im_drive_share'),
          await fileRows(test),
        ],
        { timeout: 20_000 },
      )
      .toEqual([[], [], [], []]);
  });
});

describe.each(storeKinds)('files of drives on %s', (store) => {
  it('have versions, are said in chats without a second copy, and are taken down everywhere', async () => {
    const { test, ann, bob, work } = await scene(store, { driveVersions: 3, ...quick });
    const file = await ann.file(work.id, 'a.txt', 'one');
    const path = { nodeId: file.id };
    const url = await ann.upload('second');
    const keyed = (key: string) => ({ header: { 'idempotency-key': key } });
    const putSecond = () => {
      const params = { path, ...keyed('second') };
      return unwrap(ann.api.POST('/v1/drive/nodes/{nodeId}/versions', { params, body: { url } }));
    };
    const restore = (number: number) => {
      const params = { path: { ...path, number }, ...keyed('back') };
      return unwrap(ann.api.POST('/v1/drive/nodes/{nodeId}/versions/{number}/restore', { params }));
    };
    // Asked again, as the answer got lost, each is done once.
    expect(await putSecond()).toMatchObject({ version: 2 });
    expect(await putSecond()).toMatchObject({ version: 2 });
    for (const { version } of await Promise.all([restore(1), restore(1)])) expect(version).toBe(3);
    expect(await restore(1)).toMatchObject({ version: 3 });
    await expect(restore(2)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    const { items } = await unwrap(ann.api.GET('/v1/drive/nodes/{nodeId}/versions', { params: { path } }));
    const texts = await Promise.all(items.map(({ url }) => textAt(url)));
    expect(texts).toEqual(['one', 'second', 'one']);
    expect(await ann.usedBytes()).toBe('one'.length + 'second'.length);

    const offered = await unwrap(ann.api.POST('/v1/drive/nodes/{nodeId}/message-file', { params: { path } }));
    const content = JSON.stringify({ name: offered.name, size: offered.size, url: offered.url });
    const sent = await say(ann.person, bob.person, content, { type: messageTypes.FILE });
    expect(await textAt(offered.url)).toBe('one');
    expect(await ann.usedBytes()).toBe('one'.length + 'second'.length);
    await ann.person.delete(`/message/private/recall/${sent.id}`);
    await expect.poll(async () => (await fetch(offered.url)).status).toBe(404);
    const newest = await ann.get(file.id);
    expect(await textAt(newest.url)).toBe('one');

    await ann.share(work.id, { userId: String(bob.person.id), level: 'view' });
    const ofBob = await unwrap(bob.api.POST('/v1/drive/nodes/{nodeId}/message-file', { params: { path } }));
    expect(await bob.usedBytes()).toBe(3);
    const [row] = await fileRows(test).where({ userId: bob.person.id }).select<{ id: number }[]>('id');
    await test.platform.database.sql('im_admin').insert({ userId: bob.person.id, createdTime: 1 });
    await unwrap(
      bob.api.PUT('/v1/admin/files/{fileId}/takedown', {
        ...{ params: { path: { fileId: String(row?.id) } }, body: { reason: 'not allowed' } },
      }),
    );
    expect((await fetch(ofBob.url)).status).toBe(410);
    expect(await textAt(newest.url)).toBe('410 TAKEN_DOWN');
    expect(await bob.usedBytes()).toBe(0);
    expect(await ann.usedBytes()).toBe('second'.length);
  });
});

it('what is put into a drive counts for its owner, within their quota, whoever puts it there', async () => {
  const { ann, bob, work } = await scene('sqlite', { filesPerUserMb: 1 });
  await ann.share(work.id, { userId: String(bob.person.id), level: 'edit' });
  const half = Buffer.alloc(600_000, 'x');
  await ann.put(work.id, { url: await ann.upload(half), name: 'of ann' });
  const url = await bob.upload(Buffer.alloc(600_000, 'y'));
  await expect(bob.put(work.id, { url, name: 'of bob' })).rejects.toMatchObject({ code: 'STORAGE_FULL' });
  expect(await ann.names(work.id)).toEqual(['of ann']);
  // It is still Bob's, who has room for it.
  await bob.put((await bob.root()).id, { url, name: 'of bob' });
  expect([await ann.usedBytes(), await bob.usedBytes()]).toEqual([600_000, 600_000]);
});

it('a folder comes as an archive with every name once and safe, and only as a whole', async () => {
  const filesDir = await temporaryFolder();
  const { ann, work } = await scene('sqlite', { filesDir });
  const inner = await ann.folder(work.id, 'Ünterlagen');
  await ann.folder(inner.id, 'empty');
  for (const name of ['a:b.txt', 'a?b.txt', 'con.txt', '漢字.txt']) await ann.file(inner.id, name);
  const answer = await fetch((await ann.get(work.id)).url);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(answer.headers.get('content-type')).toBe('application/zip');
  expect(bytes.length).toBe(Number(answer.headers.get('content-length')));
  const in_ = 'Ünterlagen/';
  expect(unpacked(bytes)).toEqual({
    ...{ [in_]: '', [`${in_}empty/`]: '', [`${in_}a_b.txt`]: 'a:b.txt', [`${in_}a_b (2).txt`]: 'a?b.txt' },
    ...{ [`${in_}_con.txt`]: 'con.txt', [`${in_}漢字.txt`]: '漢字.txt' },
  });
});

it('an archive of thousands of folders asks for many of them at once, and lets others in between', async () => {
  const { test, ann, work } = await scene('sqlite');
  const { sql } = test.platform.database;
  const row = { ownerId: work.ownerId, isFile: 0, size: 0, version: 0, creatorId: work.ownerId };
  const folders = Array.from({ length: 3_000 }, (_, index) => `f${index}`);
  await sql.batchInsert(
    'im_drive_node',
    folders.map((name) => ({
      ...{ ...row, parentId: work.id, name, nameKey: name, createdTime: 1, changedTime: 1 },
    })),
    50,
  );
  let asked = 0;
  // What is in folders; others ask for other things meanwhile.
  sql.on('query', ({ sql: text }: { readonly sql: string }) => {
    if (/from `im_drive_node` where `parent_id`/.test(text)) asked++;
  });
  const answer = await fetch((await ann.get(work.id)).url);
  const entries = unpacked(Buffer.from(await answer.arrayBuffer()));
  expect(Object.keys(entries)).toEqual(folders.toSorted().map((name) => `${name}/`));
  expect(asked).toBeGreaterThan(5);
  expect(asked).toBeLessThan(50);
  // As often as somebody needs it, and no more often.
  const { url } = await ann.folder((await ann.root()).id, 'empty');
  const heads = await Promise.all(Array.from({ length: 32 }, () => fetch(url, { method: 'HEAD' })));
  expect(heads.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
});

it('names that become one in an archive are told apart, at no other cost than other names', async () => {
  const most = 4_000;
  // Signs for which there is no name in Windows.
  const alike = Array.from({ length: most }, (_, index) =>
    index
      .toString(6)
      .padStart(5, '0')
      .replace(/\d/g, (digit) => '<>:"|?'[Number(digit)] ?? ''),
  );
  const named = (written: readonly string[]): string[] => {
    const nameIn = archiveNames();
    return written.map((name) => nameIn(name));
  };
  // Of devices in Windows; and none becomes longer than file systems take.
  const devices = ['CON', 'con.txt', 'Lpt1 .a', 'COM².b', 'CONIN$', 'console', 'com10'];
  expect(named(devices)).toEqual(['_CON', '_con.txt', '_Lpt1 .a', '_COM².b', '_CONIN$', 'console', 'com10']);
  const long = `nul.${'ä'.repeat(125)}`;
  expect(named([long, long]).map((name) => Buffer.byteLength(name) <= 255)).toEqual([true, true]);
  const names = named(alike);
  expect(names.slice(0, 3)).toEqual(['_____', '_____ (2)', '_____ (3)']);
  expect(new Set(names).size).toBe(most);
  const apart = await cpuMsOf(() => named(alike.map((_, index) => `file of ${index}.txt`)));
  expect(await cpuMsOf(() => named(alike))).toBeLessThan(50 * Math.max(10, apart));
});

/** By its end, as programs read archives; with the sums of what is in it. */
function unpacked(archive: Buffer): Record<string, string> {
  const end = archive.length - 22;
  expect(archive.readUInt32LE(end)).toBe(0x06054b50);
  const found: Record<string, string> = {};
  let at = archive.readUInt32LE(end + 16);
  for (let count = archive.readUInt16LE(end + 10); count > 0; count--) {
    expect(archive.readUInt32LE(at)).toBe(0x02014b50);
    const [size, length, extra] = [
      archive.readUInt32LE(at + 24),
      archive.readUInt16LE(at + 28),
      archive.readUInt16LE(at + 30),
    ];
    const name = archive.toString('utf8', at + 46, at + 46 + length);
    const local = archive.readUInt32LE(at + 42);
    expect(archive.readUInt32LE(local)).toBe(0x04034b50);
    const begin = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const content = archive.subarray(begin, begin + size);
    expect(crc32(content)).toBe(archive.readUInt32LE(at + 16));
    found[name] = content.toString();
    at += 46 + length + extra;
  }
  expect(at).toBe(end);
  return found;
}

it('an archive may be larger than 4 GB, takes no memory for it, and ends where a file ends too early', async () => {
  const piece = Buffer.alloc(2 ** 20);
  const large: ZipEntry = {
    ...{ path: 'large', size: 5 * 2 ** 30, changedTime: 0 },
    async *read() {
      for (let index = 0; index < 3; index++) yield piece;
    },
  };
  const entries = [large, { path: 'after/', size: 0, changedTime: 0 }];
  // Two local headers, a descriptor, two records of which both are long, and the long end.
  expect(zipLength(entries)).toBeGreaterThan(5 * 2 ** 30 + 98);
  const read = async (): Promise<number> => {
    let bytes = 0;
    for await (const part of zipOf(entries)) bytes += part.length;
    return bytes;
  };
  await expect(read()).rejects.toThrow('A file is not as long as it was.');
});

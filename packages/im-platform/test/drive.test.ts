import { readdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../src/client/index.ts';
import { otherNames, keyOfName, toDriveName } from '../src/drive/names.ts';
import { apiOf } from './support/api.ts';
import { dice } from './support/dice.ts';
import { DriveUser, expectATree, expectExactUse, textAt, type DriveNode } from './support/drive.ts';
import { temporaryFolder } from './support/folders.ts';
import { befriend } from './support/friends.ts';
import { say, messageTypes } from './support/messages.ts';
import { startTestPlatform, storeKinds } from './support/test-platform.ts';

it('names are one way to write them, and differ in more than case', () => {
  expect(toDriveName(' Cafe\u0301. ')).toBe('Caf\u00e9');
  for (const none of [
    '',
    ' ',
    '..',
    'a/b',
    'a\\b',
    'a\u0000b',
    '\u202egnp.exe',
    '\u200b\u3164',
    'ä'.repeat(128),
  ])
    expect(toDriveName(none), none).toBeUndefined();
  expect(keyOfName('STRASSE')).toBe(keyOfName('straße'));
  expect(keyOfName('STRAẞE')).toBe(keyOfName('straße'));
  expect(keyOfName('Ölplan')).toBe(keyOfName('ölPLAN'));
  expect(otherNames('plan.tar.gz').next().value).toBe('plan.tar (2).gz');
  const long = otherNames(`${'ä'.repeat(126)}.pdf`).next().value;
  expect(Buffer.byteLength(long)).toBeLessThanOrEqual(255);
  expect(long).toMatch(/ä \(2\)\.pdf$/);
});

it('is off unless it is asked for', async () => {
  const test = await startTestPlatform({ store: 'sqlite' });
  const api = await apiOf(test, await test.register('ann'));
  await expect(unwrap(api.GET('/v1/drive'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

describe.each(storeKinds)('drives on %s', (store) => {
  it('hold folders and files, each name once, within the quota, for their owner alone', async () => {
    const filesDir = await temporaryFolder();
    const test = await startTestPlatform({ store, platform: { drive: true, driveVersions: 2, filesDir } });
    const [annPerson, bobPerson] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, annPerson, bobPerson);
    const [ann, bob] = [await DriveUser.of(test, annPerson), await DriveUser.of(test, bobPerson)];
    const root = await ann.root();
    const plans = await ann.folder(root.id, 'Plans');
    await expect(ann.folder(root.id, 'pLANS')).rejects.toMatchObject({ code: 'DRIVE_NAME_TAKEN' });
    expect(await ann.folder(root.id, 'plans', 'rename')).toMatchObject({ name: 'plans (2)' });
    const url = await ann.upload('one');
    await expect(bob.put((await bob.root()).id, { url, name: 'stolen' })).rejects.toMatchObject({
      code: 'FILE_REFUSED',
    });
    const file = await ann.put(plans.id, { url, name: 'a.txt', key: 'k1' });
    expect(await ann.put(plans.id, { url, name: 'a.txt', key: 'k1' })).toEqual(file);
    expect(file).toMatchObject({ type: 'file', size: 3, version: 1, level: 'manage', thumbnail: null });

    // One upload is one file, also when it is put into places at once.
    const twice = await ann.upload('twice');
    const tries = await Promise.allSettled(
      ['b.txt', 'c.txt'].map((name) => ann.put(plans.id, { url: twice, name })),
    );
    expect(tries.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    for (const tried of tries)
      if (tried.status === 'fulfilled') await ann.removeForGood(tried.value.id);
      else expect(tried.reason).toMatchObject({ code: 'FILE_REFUSED' });

    // A file may be empty.
    const empty = await ann.put(plans.id, { url: await ann.upload(''), name: '.keep' });
    expect(await textAt(empty.url)).toBe('');
    expect((await fetch(empty.url, { headers: { range: 'bytes=0-' } })).status).toBe(416);
    await ann.removeForGood(empty.id);

    // Whole, a part, and by nobody who has changed the address.
    expect(await textAt(file.url)).toBe('one');
    expect(await textAt(file.url, { range: 'bytes=1-' })).toBe('ne');
    expect(await textAt(file.url.replace('.u', '.l'))).toBe('403 LINK_WRONG');
    // The address of the upload leads nowhere any more.
    expect((await fetch(url)).status).toBe(404);

    for (const text of ['second', 'the third'])
      await ann.put(plans.id, { url: await ann.upload(text), name: 'A.TXT', ifTaken: 'version' });
    expect(await ann.get(file.id)).toMatchObject({
      ...{ version: 3, size: 9, name: 'a.txt' },
      path: [{ id: root.id, name: '' }, { name: 'Plans' }],
    });
    expect(await ann.usedBytes()).toBe('second'.length + 'the third'.length);
    expect(await textAt(file.url)).toBe('404 NOT_FOUND');

    const red = sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } });
    const bytes = await red
      .png()
      .withExif({ IFD0: { Copyright: 'ann' } })
      .toBuffer();
    const picture = await ann.put(plans.id, { url: await ann.upload(bytes, 'a.png'), name: 'a.png' });
    expect(Buffer.from(await (await fetch(picture.url)).arrayBuffer())).toEqual(bytes);
    expect((await fetch(picture.thumbnail ?? '')).headers.get('content-type')).toBe('image/webp');

    // A film comes with a picture of it, which goes with it.
    const used = await ann.usedBytes();
    const film = await ann.put(root.id, {
      ...{ url: await ann.upload('film', 'a.mp4'), name: 'a.mp4', preview: await ann.upload(bytes, 'p.png') },
    });
    expect((await fetch(film.thumbnail ?? '')).headers.get('content-type')).toBe('image/webp');
    const noPicture = { url: await ann.upload('x'), name: 'x', preview: await ann.upload('x') };
    await expect(ann.put(root.id, noPicture)).rejects.toMatchObject({ code: 'FILE_REFUSED' });
    await ann.trash(film.id);
    await unwrap(ann.api.DELETE('/v1/drive/trash'));
    expect(await ann.usedBytes()).toBe(used + 2);

    const inner = await ann.folder(plans.id, 'inner');
    await expect(ann.move(plans.id, { parentId: inner.id })).rejects.toMatchObject({ code: 'DRIVE_STATE' });
    await expect(ann.move(root.id, { name: 'x' })).rejects.toMatchObject({ code: 'DRIVE_STATE' });
    await expect(ann.move(file.id, { parentId: picture.id })).rejects.toMatchObject({ code: 'DRIVE_STATE' });
    await expect(ann.move(file.id, { parentId: (await bob.root()).id })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await ann.move(file.id, { parentId: inner.id, name: 'b.txt' });
    expect(await ann.names(plans.id)).toEqual(['inner', 'a.png']);
    for (const act of [() => bob.get(plans.id), () => bob.names(plans.id), () => bob.folder(plans.id, 'x')])
      await expect(act()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(ann.folder(root.id, 'a/b')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });

    let deepest = inner;
    for (let level = 3; level < 32; level++) deepest = await ann.folder(deepest.id, String(level));
    await expect(ann.folder(deepest.id, 'x')).rejects.toMatchObject({ code: 'DRIVE_STATE' });

    // A file that was torn in the store never arrives as a whole; its parts may.
    const big = 'x'.repeat(200_000);
    const whole = await ann.put(root.id, { url: await ann.upload(big), name: 'big' });
    expect(await textAt(whole.url)).toBe(big);
    for (const name of await readdir(filesDir, { recursive: true })) {
      const path = join(filesDir, name);
      await truncateTo(path, big.length);
    }
    await expect(textAt(whole.url)).rejects.toThrow();
    expect(await textAt(whole.url, { range: 'bytes=0-1' })).toBe('xx');
    await expectExactUse(test.platform.database.sql);
  });

  it('keep what a chat shows without a second copy, and each goes without the other', async () => {
    const filesDir = await temporaryFolder();
    const test = await startTestPlatform({ store, platform: { drive: true, filesDir } });
    const [annPerson, bobPerson] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, annPerson, bobPerson);
    const [ann, bob] = [await DriveUser.of(test, annPerson), await DriveUser.of(test, bobPerson)];
    const url = await ann.upload('shown', 'a.txt', 'file');
    const content = JSON.stringify({ name: 'a.txt', size: 5, url });
    const sent = await say(annPerson, bobPerson, content, { type: messageTypes.FILE });
    const path = { conversationId: `private:${annPerson.id}:${bobPerson.id}` };
    const { items } = await unwrap(
      bob.api.GET('/v1/conversations/{conversationId}/messages', { params: { path, query: {} } }),
    );
    const shown = items[0]?.content;
    const address = shown?.type === 'file' ? (shown.url ?? '') : '';
    expect(await textAt(address)).toBe('shown');

    const [bobs, anns] = [await bob.root(), await ann.root()];
    const kept = await bob.put(bobs.id, { url: address, name: 'kept.txt' });
    const own = await ann.put(anns.id, { url, name: 'own.txt' });
    expect(await filesIn(filesDir)).toHaveLength(1);
    // Hers counts once, as a message and in her drive.
    expect([await ann.usedBytes(), await bob.usedBytes()]).toEqual([5, 5]);

    await annPerson.delete(`/message/private/recall/${sent.id}`);
    await expect.poll(async () => (await fetch(address)).status).toBe(404);
    expect([await textAt(kept.url), await textAt(own.url)]).toEqual(['shown', 'shown']);
    expect([await ann.usedBytes(), await bob.usedBytes()]).toEqual([5, 5]);
    await expectExactUse(test.platform.database.sql);
  });

  it('stay trees, with nothing lost and sums that are right, whatever is done at once at two instances', async () => {
    const instances = store === 'mariadb' ? 2 : 1;
    const test = await startTestPlatform({ store, instances, platform: { drive: true, driveVersions: 3 } });
    const ann = await test.register('ann');
    const users: DriveUser[] = [];
    for (const at of test.all) users.push(await DriveUser.of(at, ann));
    const [first] = users as [DriveUser, ...DriveUser[]];
    const root = await first.root();
    const throwDice = dice(Number(process.env['DRIVE_SEED'] ?? 7));
    const pick = <T>(of: readonly T[]): T => of[throwDice(of.length)] as T;
    const nodes: DriveNode[] = [];
    for (let index = 0; index < 5; index++) nodes.push(await first.folder(root.id, `f${index}`));
    let files = 0;
    const names = ['a', 'A', 'b', 'ß', 'SS', 'c'];
    const folder = (): string => pick([root, ...nodes.filter(({ type }) => type === 'folder')]).id;
    const steps: (() => Promise<unknown>)[] = Array.from({ length: 120 }, (_, index) => {
      const user = users[index % users.length] as DriveUser;
      const name = pick(names);
      switch (throwDice(5)) {
        case 0:
          return async () => nodes.push(await user.folder(folder(), name));
        case 1:
          return async () => {
            const ifTaken = pick(['refuse', 'version', 'rename'] as const);
            const made = await user.put(folder(), { url: await user.upload(name), name, ifTaken });
            if (made.version === 1) files++;
          };
        default:
          return () => user.move(pick(nodes).id, { parentId: folder(), name });
      }
    });
    const running = steps.values();
    let done = 0;
    const worker = async (): Promise<void> => {
      for (const step of running)
        await step().then(
          () => done++,
          (error: unknown) => {
            expect((error as { code?: string }).code).toMatch(/^DRIVE_(NAME_TAKEN|STATE)$/);
          },
        );
    };
    await Promise.all(Array.from({ length: 8 }, worker));

    expect(done).toBeGreaterThan(20);
    await expectATree(test);
    expect(await test.platform.database.sql('im_drive_node').where({ isFile: 1 })).toHaveLength(files);
  });
});

/** What has that length loses its end to zeros. */
async function truncateTo(path: string, length: number): Promise<void> {
  const found = await stat(path);
  if (!found.isFile() || found.size !== length) return;
  await writeFile(path, 'x'.repeat(length - 10));
  await truncate(path, length);
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

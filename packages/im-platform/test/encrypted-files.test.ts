import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { expect, it, vi } from 'vitest';
import { openDatabase, orderEncryption, platformDefaults, type EncryptionOrder } from '../src/index.ts';
import { unwrap } from '../src/client/index.ts';
import { makeAdmin } from './support/admins.ts';
import { apiOf } from './support/api.ts';
import { DriveUser } from './support/drive.ts';
import { filesOf, valuesIn } from './support/everywhere.ts';
import { upload, type UploadedImage } from './support/files.ts';
import { temporaryFolder } from './support/folders.ts';
import { befriend } from './support/friends.ts';
import { TestKeys } from './support/key-provider.ts';
import { RawUploads } from './support/resumable.ts';
import { atS3, S3Server } from './support/s3-server.ts';
import { startTestPlatform, storeKinds } from './support/test-platform.ts';
import { lookNow } from './support/traces.ts';

vi.setConfig({ testTimeout: 120_000 });

const mark = 'xylophone';
const filled = (length: number): Buffer =>
  Buffer.from(mark.repeat(Math.ceil(length / mark.length))).subarray(0, length);

it.each(storeKinds)(
  'files lie encrypted, those of before at a command, and are read, in parts too, until one is torn (%s)',
  async (store) => {
    const filesDir = await temporaryFolder();
    const s3 = store === 'mariadb' ? await S3Server.start() : undefined;
    const where = { filesDir, ...(s3 && { ...atS3(s3.url), s3PathStyle: true }) };
    const folder = s3?.directory ?? filesDir;
    const test = await startTestPlatform({ store, platform: { ...where, drive: true, fileLinks: 'open' } });
    const [ann, bob, admin] = [
      await test.register('ann'),
      await test.register('bob'),
      await test.register('admin'),
    ];
    await befriend(test, ann, bob);
    await makeAdmin(test, admin);
    const lying = async (): Promise<string[]> =>
      (await filesOf(folder)).filter(({ text }) => text.includes(mark)).map((place) => place.where);
    const { data: old } = await upload(`${test.url}/file/upload`, ann, {
      name: 'old.txt',
      bytes: filled(200_000),
    });
    expect((await lying()).length).toBe(1);

    const keys = new TestKeys('one');
    const sealed = await test.startAnother({ encryptionKeyProvider: keys, sweepMs: 300 });
    const load = async (address: string, range?: string): Promise<Response> =>
      fetch(`${sealed.url}${new URL(address).pathname}`, { headers: { ...(range && { range }) } });
    const bytesAt = async (address: string, range?: string): Promise<Buffer> =>
      Buffer.from(await (await load(address, range)).arrayBuffer());
    const [before] = await lying();
    const { data: file } = await upload(`${sealed.url}/file/upload`, ann, {
      name: 'a.txt',
      bytes: filled(150_000),
    });
    // Noise, so that it has a thumbnail of its own.
    const noise = await sharp(randomBytes(400 * 400 * 3), { raw: { width: 400, height: 400, channels: 3 } })
      .png()
      .toBuffer();
    const { data: image } = await upload<UploadedImage>(`${sealed.url}/image/upload`, ann, {
      name: 'a.png',
      bytes: noise,
    });
    const uploads = new RawUploads({ url: sealed.url }, ann);
    const id = await uploads.begun({ name: 'tus.txt', size: 100_000 });
    await uploads.patch(id, 0, filled(60_000));
    // Also what has not come as a whole.
    expect(await lying()).toEqual([before]);
    expect(await uploads.offset(id)).toBe(60_000);
    await uploads.patch(id, 60_000, filled(100_000).subarray(60_000));
    const drive = await DriveUser.of({ url: sealed.url }, ann);
    const kept = await drive.file((await drive.root()).id, 'in-drive.txt', filled(70_000).toString());
    expect(await lying()).toEqual([before]);

    expect((await bytesAt(old)).equals(filled(200_000))).toBe(true);
    expect((await bytesAt(file)).equals(filled(150_000))).toBe(true);
    expect(await bytesAt(file, 'bytes=65530-65549')).toEqual(filled(150_000).subarray(65_530, 65_550));
    expect((await load(file, 'bytes=-5')).headers.get('content-range')).toBe('bytes 149995-149999/150000');
    expect((await sharp(await bytesAt(image.originUrl)).metadata()).width).toBe(400);
    expect((await sharp(await bytesAt(image.thumbUrl)).metadata()).format).toBe('webp');
    expect(await (await fetch(kept.url)).text()).toBe(filled(70_000).toString());
    const end = await fetch(kept.url, { headers: { range: 'bytes=69990-' } });
    expect(await end.text()).toBe(filled(70_000).subarray(69_990).toString());

    // What was there before, at a command that may be called again.
    const database = openDatabase({ url: test.platform.database.url });
    const lines: string[] = [];
    const order = (what: EncryptionOrder): Promise<boolean> =>
      orderEncryption(database, keys, what, (line) => void lines.push(line), {
        ...platformDefaults,
        ...where,
      });
    expect(await order('encrypt')).toBe(true);
    expect(lines.at(-1)).toBe('files  1 encrypted, 0 not there');
    expect(await order('encrypt')).toBe(true);
    expect(lines.at(-1)).toBe('files  0 encrypted, 0 not there');
    expect(await lying()).toEqual([]);
    expect(await bytesAt(old, 'bytes=199990-')).toEqual(filled(200_000).subarray(199_990));
    await expect(order('forget-keys')).rejects.toThrow('encryption decrypt');

    // One that was changed where it lies is given to nobody.
    const key = new URL(file).pathname.slice('/files/'.length);
    const path =
      (await filesOf(folder))
        .map((place) => place.where.slice('file '.length))
        .find((one) => one.includes(key) && !one.includes('metadata')) ?? '';
    const whole = await readFile(path);
    const changed = Buffer.from(whole);
    changed.writeUInt8(changed.readUInt8(100) ^ 1, 100);
    await writeFile(path, changed);
    expect(await (await load(file)).json()).toMatchObject({ code: 'UNREADABLE' });
    await writeFile(path, whole);
    expect((await bytesAt(file)).equals(filled(150_000))).toBe(true);

    // Of who is erased nothing is left, neither what they said nor their files.
    const withAnn = `private:${ann.id}:${bob.id}`;
    const said = { content: { type: 'text' as const, text: `hello ${mark}` } };
    const asAnn = await apiOf({ url: sealed.url }, ann);
    const header = { 'idempotency-key': 'hello' };
    await unwrap(
      asAnn.POST('/v1/conversations/{conversationId}/messages', {
        params: { path: { conversationId: withAnn }, header },
        body: said,
      }),
    );
    const having = async (): Promise<string[]> =>
      (await valuesIn(sealed.database)).filter(({ text }) => text.includes(mark)).map((place) => place.where);
    expect(await having()).toContain('im_private_message.content');
    // Another one's stays.
    const { data: bobs } = await upload(`${sealed.url}/file/upload`, bob, {
      name: 'b.txt',
      bytes: filled(70_000),
    });
    await test.platform.close();
    const asAdmin = await apiOf({ url: sealed.url }, admin);
    const erased = { params: { path: { userId: String(ann.id) } } };
    const { id: erasureId } = await unwrap(asAdmin.POST('/v1/admin/users/{userId}/erasure', erased));
    await expect
      .poll(async () => {
        const { state } = await unwrap(
          asAdmin.GET('/v1/admin/erasures/{erasureId}', { params: { path: { erasureId } } }),
        );
        // Later it would be taken away from whoever is doing it.
        if (state === 'waiting') await lookNow(sealed.database);
        return state;
      })
      .toBe('done');
    expect(await having()).toEqual([]);
    expect((await load(file)).status).toBe(404);
    const left = (await filesOf(folder)).filter(({ text }) => text.includes('imfile1'));
    expect(left.length).toBe(1);
    expect((await bytesAt(bobs)).equals(filled(70_000))).toBe(true);

    // And off again.
    expect(await order('decrypt')).toBe(true);
    expect(lines.at(-1)).toBe('files  1 decrypted, 0 not there');
    expect((await bytesAt(bobs)).equals(filled(70_000))).toBe(true);
    expect((await lying()).length).toBe(1);
    await database.close();
  },
);

import { describe, expect, it } from 'vitest';
import { filesFolder } from './support/files.ts';
import type { Person } from './support/person.ts';
import { startTestPlatform, storeKinds, type TestPlatform } from './support/test-platform.ts';
import type { PlatformOptions } from '../src/index.ts';

/** Uploads as box-im's app does. Returns the code of the answer. */
async function uploadAt(url: string, headers: Record<string, string> = {}): Promise<number> {
  const form = new FormData();
  form.append('file', new Blob([String(Math.random())]), 'a.txt');
  const response = await fetch(`${url}/file/upload`, { method: 'POST', headers, body: form });
  return ((await response.json()) as { code: number }).code;
}

describe.each(storeKinds)('uploads without a token on %s', (store) => {
  const start = async (platform: Partial<PlatformOptions> = {}): Promise<[TestPlatform, Person]> => {
    const filesDir = await filesFolder();
    const test = await startTestPlatform({ store, platform: { uploadPermits: true, filesDir, ...platform } });
    return [test, await test.register('ann')];
  };
  const owners = async ({ platform }: TestPlatform): Promise<number[]> => {
    const rows = await platform.database
      .sql('im_file_info')
      .orderBy('id')
      .select<{ userId: number }[]>('userId');
    return rows.map(({ userId }) => userId);
  };

  it('are those of whoever showed one there a short time ago, at any instance', async () => {
    const [test, ann] = await start();
    expect(await uploadAt(test.url)).toBe(400);
    await ann.get('/user/self');
    expect(await uploadAt(test.url)).toBe(200);
    const another = await test.startAnother();
    expect(await uploadAt(another.url)).toBe(200);

    const bob = await test.register('bob');
    await bob.get('/user/self');
    expect(await uploadAt(test.url)).toBe(200);
    expect(await owners(test)).toEqual([ann.id, ann.id, bob.id]);

    await test.platform.database.sql('im_upload_permit').decrement('seenTime', 600_000);
    expect(await uploadAt(test.url)).toBe(400);
  });

  it('end with the session, and with a ban', async () => {
    const [test, ann] = await start();
    await ann.get('/user/self');
    await ann.post('/logout');
    expect(await uploadAt(test.url)).toBe(400);

    const bob = await test.register('bob');
    await bob.get('/user/self');
    expect(await uploadAt(test.url)).toBe(200);
    await test.platform.database.sql('im_user').where({ id: bob.id }).update({ isBanned: 1 });
    expect(await uploadAt(test.url)).toBe(400);
  });

  it('are limited as those of their user', async () => {
    const [test, ann] = await start({ uploadsPerMinute: 2 });
    await ann.get('/user/self');

    expect(await uploadAt(test.url, { accessToken: ann.tokens.accessToken })).toBe(200);
    expect(await uploadAt(test.url)).toBe(200);
    expect(await uploadAt(test.url)).toBe(429);
    expect(await uploadAt(test.url, { accessToken: ann.tokens.accessToken })).toBe(429);
  });

  it('are not taken from pages of others, nor for everybody behind a proxy that is not known', async () => {
    const [test, ann] = await start({ allowedOrigins: ['https://chat.example.com'] });
    await ann.get('/user/self');

    expect(await uploadAt(test.url, { origin: 'https://evil.example.com' })).toBe(400);
    expect(await uploadAt(test.url, { origin: 'null' })).toBe(400);
    expect(await uploadAt(test.url, { origin: 'https://chat.example.com' })).toBe(200);
    expect(await uploadAt(test.url, { origin: new URL(test.platform.url).origin })).toBe(200);
    expect(await uploadAt(test.url, { 'x-forwarded-for': '203.0.113.7' })).toBe(400);
    expect(await uploadAt(test.url, { accessToken: 'x' })).toBe(500);
  });

  it('are taken where the proxies say that it is the same network', async () => {
    const [test, ann] = await start({ trustProxy: 1 });
    const from = (address: string): Record<string, string> => ({ 'x-forwarded-for': address });
    await ann.ask('GET', '/user/self', undefined, from('2001:db8::1'));

    expect(await uploadAt(test.url, from('2001:db8::2'))).toBe(200);
    expect(await uploadAt(test.url, from('2001:db8:0:1::1'))).toBe(400);
    expect(await uploadAt(test.url, from('203.0.113.7'))).toBe(400);
  });
});

import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { unwrap } from '../src/client/index.ts';
import { DriveUser, expectExactUse, textAt } from './support/drive.ts';
import { filesIn } from './support/files.ts';
import { temporaryFolder } from './support/folders.ts';
import { befriend } from './support/friends.ts';
import { messageTypes, say } from './support/messages.ts';
import { RawUploads } from './support/resumable.ts';
import { atS3, S3Server } from './support/s3-server.ts';
import { startTestPlatform } from './support/test-platform.ts';

async function bytesAt(url: string, headers: Record<string, string> = {}): Promise<Buffer> {
  return Buffer.from(await (await fetch(url, { headers })).arrayBuffer());
}

it('a drive whose files are in S3 has versions, ranges, archives and links, and no second copy of what chats show', async () => {
  const [s3, filesDir] = [await S3Server.start(), await temporaryFolder()];
  const test = await startTestPlatform({
    store: 'sqlite',
    platform: { drive: true, filesDir, uploadsPerMinute: 1_000, ...atS3(s3.url) },
  });
  const other = await test.startAnother({ filesDir: await temporaryFolder() });
  const [annPerson, bobPerson] = [await test.register('ann'), await test.register('bob')];
  await befriend(test, annPerson, bobPerson);
  const [ann, bob] = [await DriveUser.of(test, annPerson), await DriveUser.of(test, bobPerson)];
  const root = await ann.root();
  const plans = await ann.folder(root.id, 'Plans');

  // In parts, over instances that share nothing but the bucket.
  const [here, there] = [new RawUploads(test, annPerson), new RawUploads(other, annPerson)];
  const bytes = randomBytes(1_500_000);
  const id = await here.begun({ size: bytes.length, name: 'a.bin', as: 'drive' });
  await here.cutPatch(id, 0, bytes, 700_000);
  const offset = await there.offset(id);
  expect((await there.patch(id, offset, bytes.subarray(offset))).status).toBe(204);
  const { url } = (await (await here.finish(id)).json()) as { url: string };
  const file = await ann.put(plans.id, { url, name: 'a.bin' });
  await expect.poll(() => s3.objects()).toBe(1);

  const second = await ann.file(plans.id, 'a.bin', 'second', 'version');
  expect(second).toMatchObject({ id: file.id, version: 2, size: 6 });
  const params = { path: { nodeId: file.id } };
  const { items } = await unwrap(ann.api.GET('/v1/drive/nodes/{nodeId}/versions', { params }));
  const [newest, oldest] = items.map((one) => one.url) as [string, string];
  expect(await textAt(newest)).toBe('second');
  expect((await bytesAt(oldest)).equals(bytes)).toBe(true);
  const part = await bytesAt(oldest, { range: 'bytes=699990-700009' });
  expect(part.equals(bytes.subarray(699_990, 700_010))).toBe(true);
  await unwrap(
    ann.api.POST('/v1/drive/nodes/{nodeId}/versions/{number}/restore', {
      params: { path: { nodeId: file.id, number: 1 } },
    }),
  );
  expect(await s3.objects()).toBe(2);

  const archive = await fetch((await ann.get(plans.id)).url);
  const zip = Buffer.from(await archive.arrayBuffer());
  expect(zip.length).toBe(Number(archive.headers.get('content-length')));
  expect(zip.includes(bytes)).toBe(true);

  // Said in a chat, and kept from there by its reader: the bucket has it once.
  const offered = await unwrap(ann.api.POST('/v1/drive/nodes/{nodeId}/message-file', { params }));
  const content = JSON.stringify({ name: offered.name, size: offered.size, url: offered.url });
  await say(annPerson, bobPerson, content, { type: messageTypes.FILE });
  const path = { conversationId: `private:${annPerson.id}:${bobPerson.id}` };
  const messages = await unwrap(
    bob.api.GET('/v1/conversations/{conversationId}/messages', { params: { path, query: {} } }),
  );
  const shown = messages.items[0]?.content;
  const kept = await bob.put((await bob.root()).id, {
    ...{ url: shown?.type === 'file' ? (shown.url ?? '') : '', name: 'kept.bin' },
  });
  expect(await s3.objects()).toBe(2);
  expect(await filesIn(filesDir)).toEqual([]);

  const { url: link } = await ann.link(plans.id, {});
  const download = await fetch(`${link}/download`, {
    ...{ method: 'POST', body: new URLSearchParams({ node: file.id }), redirect: 'manual' },
  });
  expect((await bytesAt(download.headers.get('location') ?? '')).equals(bytes)).toBe(true);

  // While it is away nothing is taken for gone.
  await s3.stop();
  expect(await textAt(newest)).toBe('503 UNAVAILABLE');
  await s3.start();
  await expect.poll(() => textAt(newest)).toBe('second');

  // What was removed for good is gone from the bucket, but for what somebody else has kept.
  await ann.trash(plans.id);
  await unwrap(ann.api.DELETE('/v1/drive/trash'));
  await expect.poll(() => s3.objects()).toBe(1);
  expect((await bytesAt(kept.url)).equals(bytes)).toBe(true);
  expect(await bob.usedBytes()).toBe(bytes.length);
  await expectExactUse(test.platform.database.sql);
});

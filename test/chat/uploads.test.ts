import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { onCleanup } from 'im-test/support';
import { unwrap } from 'im-platform/client';
import { expect, test } from 'vitest';
import { startWorld, until, type World } from './support/world.ts';
import { runUploadCuts } from './upload-cuts.ts';

test('a file that is cut off and whose page reloads goes on where it was, and arrives whole', async () => {
  const report = await runUploadCuts({ megabytes: 24, seed: 7 });

  expect(report).toMatchObject({ isWhole: true, reloads: 1 });
  // No connection lets more than an eighth of it through: begun anew with each cut it would never arrive.
  expect(report.cuts).toBeGreaterThan(7);
  expect(report.steps).toBeGreaterThan(1);
  // A browser sends some of what a cut took once more, by itself.
  expect(report.sentMegabytes).toBeLessThan(2 * 24);
}, 120_000);

async function annWithAFile(world: World) {
  await world.register('ann');
  await world.register('bob');
  const id = await world.befriend('ann', 'bob');
  const file = new Blob([crypto.getRandomValues(new Uint8Array(65_536)), new Uint8Array(3_000_000)]);
  return { id, local: { type: 'local-file', as: 'file', name: 'a.bin', file } as const };
}

test('given up on its way it is gone from the platform, too, and its room is free', async () => {
  const world = await startWorld({ filesPerUserMb: 4 });
  const { id, local } = await annWithAFile(world);
  let parts = 0;
  let goOn: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (goOn = resolve));
  let tellDeleted: (status: number) => void = () => undefined;
  const deleted = new Promise<number>((resolve) => (tellDeleted = resolve));
  const ann = await world.signIn('ann', {
    async fetch(request) {
      if (request.method === 'PATCH' && ++parts === 2) await held;
      const answer = await fetch(request);
      if (request.method === 'DELETE') tellDeleted(answer.status);
      return answer;
    },
  });
  const atAnn = ann.conversation(id);

  const { key } = atAnn.send(local);
  const { messages } = await until(atAnn, (view) => (view.messages.at(-1)?.progress ?? 0) > 0.3);
  expect(messages.at(-1)).toMatchObject({ key, state: 'sending' });
  await atAnn.cancel(key);
  goOn();

  expect(await deleted).toBe(204);
  expect(ann.waiting).toBe(0);
  // There is room for one of them only.
  expect(await ann.upload(local)).toMatchObject({ type: 'file', size: local.file.size });
});

test('what is torn on the way is found, and sent again', async () => {
  const world = await startWorld();
  const { local } = await annWithAFile(world);
  const line = await tearingLine(world.url, 3);
  const refused: string[] = [];
  const ann = await world.signIn('ann', {
    url: line.url,
    async fetch(request) {
      const answer = await fetch(request);
      if (answer.status === 460) refused.push(((await answer.clone().json()) as { code: string }).code);
      return answer;
    },
  });

  const kept = await ann.upload(local);

  expect(refused).toEqual(['PART_TORN', 'PART_TORN', 'PART_TORN']);
  const there = await (await fetch('url' in kept ? kept.url : '')).arrayBuffer();
  expect(Buffer.from(there).equals(Buffer.from(await local.file.arrayBuffer()))).toBe(true);
}, 60_000);

/** Changes one bit of each of the first bodies that go through it. */
async function tearingLine(target: string, times: number): Promise<{ readonly url: string }> {
  let torn = 0;
  const server = createServer((near) => {
    const far = connect(Number(new URL(target).port), '127.0.0.1');
    for (const socket of [near, far]) socket.on('error', () => undefined);
    near.on('close', () => far.destroy());
    far.pipe(near);
    let inBody = 0;
    near.on('data', (bytes: Buffer) => {
      if (bytes.includes('PATCH /v1/uploads/')) inBody = 1;
      // Not the one that has the headers.
      else if (inBody++ === 2 && torn++ < times) bytes[9] = (bytes[9] ?? 0) ^ 1;
      far.write(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onCleanup(() => {
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('what the platform forgot begins anew, and what it does not take says so', async () => {
  const world = await startWorld({ largestUploadMb: 3 });
  const { local } = await annWithAFile(world);
  let forgets = 0;
  const ann = await world.signIn('ann', {
    async fetch(request) {
      // As after a day.
      if (request.method === 'PATCH' && ++forgets === 2) {
        const { pathname } = new URL(request.url);
        const header = { 'tus-resumable': '1.0.0' } as const;
        const path = { uploadId: pathname.split('/').at(-1) ?? '' };
        await unwrap(ann.api.DELETE('/v1/uploads/{uploadId}', { params: { path, header } }));
      }
      return fetch(request);
    },
  });

  const kept = await ann.upload(local);
  expect(kept).toMatchObject({ type: 'file', name: 'a.bin', size: local.file.size });
  expect(forgets).toBeGreaterThan(3);
  const tooLarge = new Blob([new Uint8Array(3 * 2 ** 20 + 1)]);
  await expect(ann.upload({ ...local, file: tooLarge })).rejects.toMatchObject({
    code: 'FILE_TOO_LARGE',
    retryable: false,
  });
});

import { testRedis } from 'im-test/support';
import { expect, it, vi } from 'vitest';
import { unwrap } from '../src/client/index.ts';
import { dice } from './support/dice.ts';
import { DriveUser, expectATree, textAt } from './support/drive.ts';
import { temporaryFolder } from './support/folders.ts';
import { startProgram } from './support/program.ts';
import { accessSecret, refreshSecret, startTestPlatform } from './support/test-platform.ts';

// Processes take long to start on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 120_000 });

it('an instance that is killed in the midst of changes leaves nothing half, and another one goes on', async () => {
  const filesDir = await temporaryFolder();
  const platform = { drive: true, driveVersions: 2, sweepMs: 10, filesDir };
  const test = await startTestPlatform({ store: 'mariadb', platform });
  const ann = await test.register('ann');
  const here = await DriveUser.of(test, ann);
  const root = await here.root();
  const folders = [root, await here.folder(root.id, 'a'), await here.folder(root.id, 'b')];
  const { url: redis, prefix } = testRedis();
  const throwDice = dice(Number(process.env['DRIVE_SEED'] ?? 3));
  const pick = <T>(of: readonly T[]): T => of[throwDice(of.length)] as T;

  const program = startProgram(
    [
      'start',
      '--port',
      '0',
      '--host',
      '127.0.0.1',
      '--key-prefix',
      prefix,
      '--drive',
      '--drive-versions',
      '2',
    ],
    {
      env: {
        IM_PLATFORM_DATABASE: test.platform.database.url,
        IM_PLATFORM_REDIS: redis,
        IM_PLATFORM_ACCESS_SECRET: accessSecret,
        IM_PLATFORM_REFRESH_SECRET: refreshSecret,
        IM_PLATFORM_FILES_DIR: filesDir,
      },
    },
  );
  const { url } = JSON.parse(await program.line(/"started"/)) as { url: string };
  const there = await DriveUser.of({ url }, ann);
  const changes: (() => Promise<unknown>)[] = [
    () => there.file(pick(folders).id, pick(['x', 'y', 'z']), pick(['one', 'second']), 'version'),
    async () => {
      const { items } = await unwrap(
        there.api.GET('/v1/drive/nodes/{nodeId}/children', {
          params: { path: { nodeId: pick(folders).id }, query: {} },
        }),
      );
      const file = items.find(({ type }) => type === 'file');
      if (!file) return;
      await there.move(file.id, { parentId: pick(folders).id, ifTaken: 'rename' });
      await unwrap(
        there.api.POST('/v1/drive/nodes/{nodeId}/message-file', { params: { path: { nodeId: file.id } } }),
      );
      await there.trash(file.id);
    },
    () => unwrap(there.api.DELETE('/v1/drive/trash')),
  ];
  let isKilled = false;
  let done = 0;
  const worker = async (): Promise<void> => {
    while (!isKilled) {
      await pick(changes)().then(
        () => done++,
        () => undefined,
      );
      // Those that others have begun are cut off in their midst.
      if (done >= 40) {
        program.signal('SIGKILL');
        isKilled = true;
      }
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  expect(await program.exit).toMatchObject({ signal: 'SIGKILL' });
  await expectATree(test);

  await unwrap(here.api.DELETE('/v1/drive/trash'));
  const { sql } = test.platform.database;
  await expect.poll(() => sql('im_drive_node').where({ trashedTime: 0 })).toEqual([]);
  await expectATree(test);
  for (const { id } of folders) {
    const { items } = await unwrap(
      here.api.GET('/v1/drive/nodes/{nodeId}/children', { params: { path: { nodeId: id }, query: {} } }),
    );
    for (const { type, url } of items)
      if (type === 'file') expect(await textAt(url)).toMatch(/^(one|second)$/);
  }
});

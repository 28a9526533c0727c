import { testRedis } from 'im-test/support';
import { expect, it, vi } from 'vitest';
import { unwrap } from '../src/client/index.ts';
import { dice } from './support/dice.ts';
import { DriveUser, expectATree, textAt, type DriveNode } from './support/drive.ts';
import { temporaryFolder } from './support/folders.ts';
import { befriend } from './support/friends.ts';
import { messageTypes, say } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { startProgram } from './support/program.ts';
import {
  accessSecret,
  refreshSecret,
  startTestPlatform,
  type TestPlatform,
} from './support/test-platform.ts';

// Processes take long to start on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 120_000 });

it('an instance that is killed in the midst of changes leaves nothing half, and another one goes on', async () => {
  const filesDir = await temporaryFolder();
  const platform = { drive: true, driveVersions: 2, sweepMs: 100, filesDir };
  const test = await startTestPlatform({ store: 'mariadb', platform });
  const [ann, bob] = [await test.register('ann'), await test.register('bob')];
  await befriend(test, ann, bob);
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
  const killAt = 30 + throwDice(20);
  // Those that others have begun are cut off in their midst.
  const count = (): void => {
    if (++done < killAt || isKilled) return;
    program.signal('SIGKILL');
    isKilled = true;
  };
  const worker = async (): Promise<void> => {
    while (!isKilled) await pick(changes)().then(count, () => undefined);
  };
  const bobThere = await DriveUser.of({ url }, bob);
  const bobs = await bobThere.root();
  const shown = await shownTo(here, bob, test);
  const lives = Array.from(
    { length: 6 },
    (_, index) => new Life({ user: bobThere, root: bobs, shown, other: ann, index }),
  );
  // So that each is elsewhere in its life when it is cut off.
  for (const [index, life] of lives.entries()) for (let step = 0; step < index + 2; step++) await life.step();
  const live = async (life: Life): Promise<void> => {
    while (!isKilled) await life.step().then(count, () => undefined);
  };
  await Promise.all([...Array.from({ length: 3 }, worker), ...lives.map(live)]);
  expect(await program.exit).toMatchObject({ signal: 'SIGKILL' });
  await expectATree(test);

  await unwrap(here.api.DELETE('/v1/drive/trash'));
  const { sql } = test.platform.database;
  await expect.poll(() => sql('im_drive_node').where({ trashedTime: 0 })).toEqual([]);
  await expectATree(test);
  // What was answered is so, and what was begun is done as a whole or not at all; nothing else is there.
  for (const life of lives) expect(life.possible).toContainEqual(await life.found(test));
  const left = await sql('im_drive_node').where({ ownerId: bob.id, isFile: 1 });
  expect(left.length).toBeLessThanOrEqual(lives.length);
  for (const { id } of folders) {
    const { items } = await unwrap(
      here.api.GET('/v1/drive/nodes/{nodeId}/children', { params: { path: { nodeId: id }, query: {} } }),
    );
    for (const { type, url } of items)
      if (type === 'file') expect(await textAt(url)).toMatch(/^(one|second)$/);
  }
});

/** What there is of a file at a moment. */
interface State {
  readonly name: string;
  readonly folder: string;
  readonly isTrash: boolean;
  readonly isShared: boolean;
  readonly version: number;
}

interface LifeDeps {
  readonly user: DriveUser;
  readonly root: DriveNode;
  /** The address of a file in a chat. */
  readonly shown: string;
  readonly other: Person;
  readonly index: number;
}

/** One file after the other: kept from a chat, renamed, moved, shared, changed, thrown away, given back, and removed for good. */
class Life {
  readonly #deps: LifeDeps;
  #state: State | undefined;
  /** With what was begun. */
  #next: State | undefined;
  #id = '';
  #folderId = '';
  #steps = 0;

  constructor(deps: LifeDeps) {
    this.#deps = deps;
  }

  get possible(): (State | undefined)[] {
    return [this.#state, this.#next];
  }

  async step(): Promise<void> {
    const { user, root, shown, other, index } = this.#deps;
    if (this.#folderId === '') this.#folderId = (await user.folder(root.id, `of ${index}`)).id;
    const now = this.#state;
    if (!now) {
      const name = `${index} ${this.#steps}`;
      await this.#do({ name, folder: root.id, isTrash: false, isShared: false, version: 1 }, async () => {
        this.#id = (await user.put(root.id, { url: shown, name })).id;
      });
      return;
    }
    const path = { nodeId: this.#id };
    const acts: (readonly [State | undefined, () => Promise<unknown>])[] = [
      [{ ...now, name: `${now.name}!` }, () => user.move(this.#id, { name: `${now.name}!` })],
      [{ ...now, folder: this.#folderId }, () => user.move(this.#id, { parentId: this.#folderId })],
      [{ ...now, isShared: true }, () => user.share(this.#id, { userId: String(other.id), level: 'view' })],
      [{ ...now, version: now.version + 1 }, () => this.#change(now)],
      [{ ...now, isTrash: true }, () => user.trash(this.#id)],
      [
        { ...now, isTrash: false },
        () => unwrap(user.api.POST('/v1/drive/trash/{nodeId}/restore', { params: { path } })),
      ],
      [{ ...now, isTrash: true }, () => user.trash(this.#id)],
      [undefined, () => unwrap(user.api.DELETE('/v1/drive/trash/{nodeId}', { params: { path } }))],
    ];
    const [next, act] = acts[(this.#steps - 1) % (acts.length + 1)] ?? [now, () => Promise.resolve()];
    await this.#do(next, act);
  }

  async #do(next: State | undefined, act: () => Promise<unknown>): Promise<void> {
    this.#next = next;
    await act();
    this.#state = next;
    this.#steps++;
  }

  async #change({ folder, name }: State): Promise<unknown> {
    const { user, shown } = this.#deps;
    return user.put(folder, { url: shown, name, ifTaken: 'version' });
  }

  /** By its name, as whoever was cut off knows no more. */
  async found({ platform }: TestPlatform): Promise<State | undefined> {
    const { sql } = platform.database;
    const names = this.possible.flatMap((state) => state?.name ?? []);
    const rows = await sql('im_drive_node')
      .where({ ownerId: Number(this.#deps.root.ownerId), isFile: 1 })
      .whereIn('name', names);
    expect(rows.length).toBeLessThanOrEqual(1);
    const [row] = rows as {
      id: number;
      name: string;
      parentId: number;
      version: number;
      trashedFrom: number | null;
    }[];
    if (!row) return undefined;
    const shares = await sql('im_drive_share').where({ nodeId: row.id });
    return {
      ...{ name: row.name, folder: String(row.trashedFrom ?? row.parentId), version: row.version },
      ...{ isTrash: row.parentId < 0, isShared: shares.length > 0 },
    };
  }
}

/** The address at which a chat shows somebody a file. */
async function shownTo(from: DriveUser, to: Person, at: TestPlatform): Promise<string> {
  const url = await from.upload('shown', 'a.txt', 'file');
  const content = JSON.stringify({ name: 'a.txt', size: 5, url });
  await say(from.person, to, content, { type: messageTypes.FILE });
  const path = { conversationId: `private:${from.person.id}:${to.id}` };
  const { api } = await DriveUser.of(at, to);
  const { items } = await unwrap(
    api.GET('/v1/conversations/{conversationId}/messages', { params: { path, query: {} } }),
  );
  const shown = items[0]?.content;
  return shown?.type === 'file' ? (shown.url ?? '') : '';
}

import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { unwrap, type ApiProblem } from '../src/client/index.ts';
import { DriveUser } from './support/drive.ts';
import { befriend } from './support/friends.ts';
import type { Person } from './support/person.ts';
import { startTestPlatform } from './support/test-platform.ts';

const file = fileURLToPath(new URL('../../../docs/drive-rights.md', import.meta.url));

const introduction = `# Who may what in a drive

A folder is shared with somebody; this is what they may do with the folder itself, with one that is two below it, and with one that lies beside it. Written by
\`packages/im-platform/test/drive-rights.test.ts\`, which fails when an answer changes: run it with \`-u\`, and read the difference. For
friends; by a group it is the same for its members. For routes and everybody else: [who may what](authorisation.md).`;

const levels = ['nothing', 'view', 'edit', 'manage', 'owner'] as const;
type Level = (typeof levels)[number];

interface Place {
  readonly id: string;
  /** Another folder of the same drive. */
  readonly to: string;
  readonly friendId: string;
}

type Act = (who: DriveUser, place: Place) => Promise<unknown>;

const acts: Readonly<Record<string, Act>> = {
  'see it': (who, { id }) => who.get(id),
  'list what is in it': (who, { id }) => who.names(id),
  'read what happened': ({ api }, { id: nodeId }) =>
    unwrap(api.GET('/v1/drive/nodes/{nodeId}/activity', { params: { path: { nodeId }, query: {} } })),
  'be told live': ({ api }, { id: nodeId }) =>
    unwrap(api.PUT('/v1/drive/nodes/{nodeId}/watch', { params: { path: { nodeId } } })),
  'put a folder into it': (who, { id }) => who.folder(id, 'new', 'rename'),
  'put a file into it': async (who, { id }) => who.file(id, 'new.txt', 'new', 'version'),
  'rename it': (who, { id }) => who.move(id, { name: 'renamed', ifTaken: 'rename' }),
  'move it': (who, { id, to }) => who.move(id, { parentId: to, ifTaken: 'rename' }),
  'see with whom it is shared': ({ api }, { id: nodeId }) =>
    unwrap(api.GET('/v1/drive/nodes/{nodeId}/shares', { params: { path: { nodeId } } })),
  'share it with a friend of theirs': (who, { id, friendId }) =>
    who.share(id, { userId: friendId, level: 'view' }),
  'make a link': (who, { id }) => who.link(id, {}),
  'throw it away': (who, { id }) => who.trash(id),
};

const places = ['itself', 'below', 'beside'] as const;

it('rights hold for all that is below, each as far as it goes, and for nothing beside it', async () => {
  const test = await startTestPlatform({ store: 'sqlite', platform: { drive: true } });
  const people = [];
  for (const name of ['ann', 'cleo', ...levels.slice(0, -1)]) people.push(await test.register(name));
  const users = await Promise.all(people.map((person) => DriveUser.of(test, person)));
  const [ann, cleo, ...others] = users as [DriveUser, DriveUser, ...DriveUser[]];
  const [me, friend, ...rest] = people as [Person, Person, ...Person[]];
  await befriend(test, me, friend, ...rest);
  await befriend(test, friend, ...rest);
  const root = await ann.root();
  let count = 0;

  /** For each cell anew, as what was done to it would be seen by the next one. */
  const make = async (level: Level, who: DriveUser, place: (typeof places)[number]): Promise<Place> => {
    const name = `${(count += 1)}`;
    const shared = await ann.folder(root.id, name);
    const [inner, beside] = [
      await ann.folder(shared.id, 'inner'),
      await ann.folder(root.id, `${name} beside`),
    ];
    const below = await ann.folder(inner.id, 'below');
    if (level !== 'nothing' && level !== 'owner')
      await ann.share(shared.id, { userId: String(who.person.id), level });
    const friendId = String(cleo.person.id);
    const of = {
      itself: { id: shared.id, to: beside.id },
      below: { id: below.id, to: shared.id },
      beside: { id: beside.id, to: shared.id },
    };
    return { ...of[place], friendId };
  };
  const cell = async (level: Level, act: Act): Promise<string> => {
    const who = level === 'owner' ? ann : others[levels.indexOf(level)]!;
    const answers: string[] = [];
    for (const place of places)
      answers.push(
        await act(who, await make(level, who, place)).then(
          () => 'yes',
          (error: unknown) => (error as ApiProblem).code,
        ),
      );
    return new Set(answers).size === 1 ? (answers[0] ?? '') : answers.join(', ');
  };

  const rows: string[][] = [];
  for (const [name, act] of Object.entries(acts)) {
    const cells: string[] = [];
    for (const level of levels) cells.push(await cell(level, act));
    rows.push([name, ...cells]);
  }
  const table = [['', ...levels], ['---', ...levels.map(() => '---')], ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
  const about = `One answer where all three are the same; else of the folder itself, below it, and beside it.`;
  await expect(
    await format([introduction, about, table].join('\n\n'), {
      ...(await resolveConfig(file)),
      parser: 'markdown',
    }),
  ).toMatchFileSnapshot(file);
});

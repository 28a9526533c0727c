import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { Conversation } from 'im-chat';
import { migrate, openDatabase } from 'im-platform';
import { findProgram, onCleanup, runnable, testMysql } from 'im-test/support';
import { expect, test } from 'vitest';
import { startWorld, textsOf, until } from './support/world.ts';

/** One of the programs that come with MariaDB, at the database. */
async function run(names: readonly string[], more: readonly string[], url: string) {
  const { hostname, port, username, password, pathname } = new URL(url);
  const paths = await Promise.all(names.map(findProgram));
  const path = paths.find((one) => one !== undefined);
  if (path === undefined)
    throw new Error(`There is no ${names.join(' or ')}; Debian has them in mariadb-client.`);
  const where = [`--host=${hostname}`, `--port=${port}`, '--protocol=tcp', `--user=${username}`];
  const env = { ...process.env, MYSQL_PWD: password };
  const child = execFile(path, [...where, ...more, pathname.slice(1)], {
    env,
    encoding: 'buffer',
    maxBuffer: 1e9,
  });
  return {
    child,
    async ended() {
      const [code] = (await once(child, 'close')) as [number];
      if (code !== 0) throw new Error(`${path} ended with ${code}`);
    },
  };
}

/** As docs/backup.md says it. */
async function dump(url: string, to: string): Promise<void> {
  const { child, ended } = await run(
    ['mariadb-dump', 'mysqldump'],
    ['--single-transaction', '--quick', '--no-tablespaces'],
    url,
  );
  const end = ended();
  if (child.stdout) await pipeline(child.stdout, createWriteStream(to));
  await end;
}

async function putBack(from: string, url: string): Promise<void> {
  const { child, ended } = await run(['mariadb', 'mysql'], [], url);
  const end = ended();
  if (child.stdin) await pipeline(createReadStream(from), child.stdin);
  await end;
}

function idsOf(conversation: Conversation): string[] {
  return conversation.get().messages.flatMap(({ id }) => id ?? []);
}

/** docs/backup.md says it so. */
test('a dump that was made while people chat is put back, and their devices go on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'im-test-dump-'));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  const [before, after] = [await testMysql(), await testMysql()];
  const database = openDatabase({ url: before.url });
  await migrate(database.sql);
  await database.close();
  const world = await startWorld({ database: before.url });
  const userIds = [await world.register('ann'), await world.register('bob')];
  const id = await world.befriend('ann', 'bob');
  const club = await world.group(['ann', 'bob']);
  const [ann, bob] = [await world.signIn('ann'), await world.signIn('bob')];
  const views = [ann, bob].map((one) => [one.conversation(id), one.conversation(club)] as const);
  const [[atAnn, inClub], [atBob]] = views as [(typeof views)[0], (typeof views)[0]];
  await until(atBob, ({ isLoaded }) => isLoaded);

  // They go on while it is made.
  const file = join(folder, 'im.sql');
  const dumping = { isOver: false };
  const dumped = dump(before.url, file).finally(() => (dumping.isOver = true));
  let said = 0;
  while (!dumping.isOver || said < 20) {
    atAnn.send(`word ${said}`);
    inClub.send(`word ${said}`);
    said += 1;
    await until(atBob, (view) => textsOf(view).includes(`word ${said - 1}`));
  }
  await dumped;
  // What comes now is lost: also somebody who is new.
  for (let index = 0; index < 5; index++) atAnn.send(`lost ${index}`);
  await until(atBob, (view) => textsOf(view).includes('lost 4'));
  const lostId = await world.register('lost');
  const seen = new Set(views.flat().flatMap(idsOf));

  // The server is gone. Meanwhile somebody writes.
  await world.restart(async () => {
    await putBack(file, after.url);
    const restored = runnable('packages/im-platform/src/main.ts');
    await promisify(execFile)(process.execPath, [...restored, 'restored', '--database', after.url]);
    atAnn.send('in the outbox');
    return { database: after.url };
  });
  await until(atBob, (view) => textsOf(view).includes('in the outbox'));
  atAnn.send('and on');
  await until(atBob, (view) => textsOf(view).at(-1) === 'and on');
  await until(atAnn, ({ messages }) => messages.every(({ number }) => number !== undefined));

  // Old devices have what a new one gets, and each message once.
  const fresh = await world.signIn('bob', {}, 'app');
  for (const conversation of [id, club]) {
    const atFresh = fresh.conversation(conversation);
    const atAll = [atFresh, ann.conversation(conversation), bob.conversation(conversation)];
    await until(atFresh, ({ isLoaded, messages }) => isLoaded && messages.length > 0);
    // Some of what was written before is still in the outbox.
    await expect
      .poll(() => [ann.waiting, new Set(atAll.map((one) => idsOf(one).slice(-20).join())).size])
      .toEqual([0, 1]);
    expect(new Set(idsOf(atFresh)).size).toBe(idsOf(atFresh).length);
  }
  expect(textsOf(atBob.get()).filter((text) => text.startsWith('lost'))).toEqual([]);
  const news = atBob
    .get()
    .messages.filter(({ content }) => 'text' in content && /outbox|and on/.test(content.text));
  expect(news.map(({ id: one }) => seen.has(one ?? ''))).toEqual([false, false]);
  // The dump is one moment: all that was counted until then is in it.
  const put = openDatabase({ url: after.url });
  const rows = await put
    .sql('im_private_message')
    .where({ conversation: id })
    .orderBy('number')
    .select<{ number: number }[]>('number');
  const [row] = (await put.sql('im_conversation').where({ conversation: id }).select('lastNumber')) as [
    { lastNumber: number },
  ];
  await put.close();
  expect(rows.map(({ number }) => number)).toEqual(
    Array.from({ length: row.lastNumber }, (_, index) => index + 1),
  );
  // Who comes now is nobody who was there.
  const newId = await world.register('new');
  expect([...userIds, lostId]).not.toContain(newId);
});

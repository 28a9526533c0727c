// Who lives in the databases of benches of the platform, and how they get in.
import { createToken } from 'im-common/token';
import { migrate, openDatabase, type Database } from 'im-platform';
import { benchSecret } from './start-server.ts';

export interface PeopledDatabase {
  readonly database: Database;
  readonly url: string;
}

export function friendOf(userId: number, users: number): number {
  return (userId % users) + 1;
}

export function tokenOf(userId: number): Promise<string> {
  return createToken(benchSecret, {
    userId,
    terminal: 1,
    userName: `u${userId}`,
    nickName: 'x',
    expiresInS: 1_800,
    issuedAt: Date.now(),
    session: `session-${userId}`,
  });
}

export async function makeMariaDb(serverUrl: string, users: number): Promise<PeopledDatabase> {
  const root = openDatabase({ url: `${serverUrl}mysql` });
  await root.sql.raw('create database bench');
  await root.close();
  return makePeople(`${serverUrl}bench`, users);
}

/** Users 1 to `users`, each with a session and the next one as a friend. */
export async function makePeople(url: string, users: number): Promise<PeopledDatabase> {
  const database = openDatabase({ url });
  await migrate(database.sql);
  const createdTime = Date.now();
  for (let first = 1; first <= users; first += 500) {
    const some = Array.from({ length: Math.min(500, users - first + 1) }, (_, index) => first + index);
    await database
      .sql('im_user')
      .insert(some.map((id) => ({ id, userName: `u${id}`, nickName: `u${id}`, password: '', createdTime })));
    await database.sql('im_session').insert(
      some.map((id) => ({
        ...{ id: `session-${id}`, userId: id, terminal: 1, network: '', refreshNumber: 1 },
        ...{ createdTime, issuedTime: createdTime, confirmedTime: createdTime },
        ...{
          accessEndTime: createdTime,
          idleEndTime: createdTime + 86_400_000,
          endTime: createdTime + 86_400_000,
        },
      })),
    );
    await database.sql('im_friend').insert(
      some.map((id) => ({
        ...{ userId: id, friendId: friendOf(id, users), friendNickName: 'x', createdTime },
      })),
    );
  }
  return { database, url };
}

/** A group of these, whose owner is the first. */
export async function makeGroup(
  { database }: PeopledDatabase,
  groupId: number,
  userIds: readonly number[],
): Promise<void> {
  const createdTime = Date.now();
  const [ownerId = 1] = userIds;
  await database.sql('im_group').insert({ id: groupId, name: `g${groupId}`, ownerId, createdTime });
  for (let first = 0; first < userIds.length; first += 500)
    await database
      .sql('im_group_member')
      .insert(
        userIds
          .slice(first, first + 500)
          .map((userId) => ({ groupId, userId, userNickName: `u${userId}`, createdTime })),
      );
}

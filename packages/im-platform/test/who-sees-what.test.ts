import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { texts } from '../src/http/texts.ts';
import { roles, table, type Line, type Role, type Scene, type Verdict } from './support/box-im-routes.ts';
import { befriend } from './support/friends.ts';
import { upload } from './support/files.ts';
import { openGroup } from './support/groups.ts';
import { say, sayInGroup } from './support/messages.ts';
import type { Answer, Person } from './support/person.ts';
import { startTestPlatform, type TestPlatform } from './support/test-platform.ts';

// Every route, asked by somebody who has no business there: a stranger, a former friend, a former member, somebody who is
// banned. What each may see stands in one table, which must have a line for every route that there is.

/** Whatever begins so came to be after the ties were cut, or is nobody else's business. No answer may hold it. */
const secret = 'SECRET';

interface World extends Scene {
  readonly test: TestPlatform;
  /** Another group of ann, which is banned, and one that is dissolved. */
  readonly banned: number;
  readonly dissolved: number;
  /** Fails for an answer that is not as the API says. */
  readonly isAsDocumented: (route: string, answer: Answer) => void;
}

/** Ties are cut first; then everything becomes a secret. */
async function createWorld(): Promise<World & Readonly<Record<Role | 'outlaw', Person>>> {
  const test = await startTestPlatform({ store: 'sqlite' });
  const { sql } = test.platform.database;
  const [ann, bob, stranger, formerFriend, formerMember, outlaw] = (await Promise.all(
    ['ann', 'bob', 'stranger', 'formerFriend', 'formerMember', 'outlaw'].map((name) => test.register(name)),
  )) as [Person, Person, Person, Person, Person, Person];
  await befriend(test, ann, bob, formerFriend, formerMember, outlaw);
  const group = await openGroup(ann, [bob, formerMember, outlaw]);
  const [banned, dissolved] = [
    await openGroup(ann, [bob], `${secret} banned`),
    await openGroup(ann, [bob], `${secret} dissolved`),
  ];
  await ann.delete(`/friend/delete/${formerFriend.id}`);
  await ann.delete(`/friend/delete/${formerMember.id}`);
  await sql('im_friend').where({ userId: formerMember.id }).orWhere({ friendId: formerMember.id }).delete();
  await formerMember.delete(`/group/quit/${group.id}`);

  await ann.connect();
  await ann.put('/group/modify', { id: group.id, name: `${secret} group`, notice: `${secret} notice` });
  await bob.put('/group/modify', { id: group.id, name: 'x', remarkNickName: `${secret} remark` });
  for (const person of [ann, bob])
    await person.put('/user/update', { id: person.id, userName: 'x', nickName: `${secret} name` });
  await ann.delete(`/group/delete/${dissolved.id}`);
  await sql('im_group')
    .where({ id: banned.id })
    .update({ isBanned: 1, reason: `${secret} verdict` });
  const privateMessage = await say(ann, bob, `${secret} text`);
  const groupMessage = await sayInGroup(ann, group.id, `${secret} text`);
  await sql('im_user')
    .where({ id: outlaw.id })
    .update({ isBanned: 1, reason: `${secret} reason` });
  // As people choose them, these tell who somebody is elsewhere.
  for (const person of [ann, bob])
    await sql('im_user')
      .where({ id: person.id })
      .update({ userName: `${secret}-${person.userName}` });
  return {
    ...{ test, ann, bob, stranger, formerFriend, formerMember, outlaw, group: group.id },
    ...{ banned: banned.id, dissolved: dissolved.id },
    ...{ privateMessage: privateMessage.id, groupMessage: groupMessage.id },
    isAsDocumented: await documented(test.url),
  };
}

async function ask(world: World, who: Person, route: string, line: Line = table[route]!): Promise<Answer> {
  const answer = await askFor(world, who, route, line);
  world.isAsDocumented(route, answer);
  return answer;
}

function askFor(world: World, who: Person, route: string, line: Line): Promise<Answer> {
  const [method = '', template = ''] = route.split(' ');
  const path = line.path?.(world) ?? template;
  if (path.endsWith('/upload'))
    return upload(world.test.url + path, who, { name: 'a.png', bytes: Buffer.alloc(0) });
  return who.ask(method, path, line.body?.(world, who));
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly responses: Readonly<
    Record<string, { content?: Readonly<Record<string, { schema: object }>> } | undefined>
  >;
}

/** Holds answers against the document that describes them. */
async function documented(url: string): Promise<World['isAsDocumented']> {
  const compare = await documentOf(url);
  return (route, { status, ...answer }) => compare(route, status, answer);
}

async function documentOf(
  url: string,
): Promise<(route: string, status: number, body: unknown, type?: string) => void> {
  const { paths } = (await (await fetch(`${url}/docs/json`)).json()) as OpenApi;
  return (route, status, body, type = 'application/json') => {
    const [method = '', path = ''] = route.split(' ');
    const described = paths[path]?.[method.toLowerCase()]?.responses ?? {};
    const schema = described[String(status)]?.content?.[type]?.schema;
    if (!schema) throw new Error(`${route} says nothing of an answer with ${status}`);
    const { error } = z.fromJSONSchema(schema as never).safeParse(body);
    expect(error, `${route}: ${JSON.stringify(body)}`).toBeUndefined();
  };
}

function verdictOf({ answers }: Line, role: Role): Verdict {
  return typeof answers === 'string' ? answers : (answers[role] ?? answers.others);
}

/** Everything that belongs to somebody. */
async function rowsOf({ platform }: TestPlatform): Promise<unknown> {
  const tables = ['im_user', 'im_friend', 'im_group', 'im_group_member', 'im_private_message'];
  tables.push('im_group_message', 'im_call', 'im_file_info');
  return Promise.all(tables.map((name) => platform.database.sql(name).orderBy('id')));
}

describe('who sees what', () => {
  it('is said for every route that there is', async () => {
    const { url } = await startTestPlatform({ store: 'sqlite' });
    const { paths } = (await (await fetch(`${url}/docs/json`)).json()) as {
      paths: Readonly<Record<string, object>>;
    };

    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );

    expect(Object.keys(table).toSorted()).toEqual(routes.toSorted());
  });

  it.each(roles)('of a %s is nothing that is none of his business', async (role) => {
    const world = await createWorld();
    const who = world[role];
    const lines = Object.entries(table).toSorted(
      ([, one], [, other]) => Number(one.mayChange ?? false) - Number(other.mayChange ?? false),
    );
    const before = await rowsOf(world.test);

    for (const [route, line] of lines.filter(([, { isOpen }]) => isOpen !== true)) {
      const verdict = verdictOf(line, role);
      const answer = await ask(world, who, route);
      const text = JSON.stringify(answer);
      expect(answer.message, route).toBe(verdict === 'ok' ? texts.success[0] : texts[verdict][0]);
      if (line.showsProfiles) expect(text.replaceAll(`${secret} name`, ''), route).not.toContain(secret);
      else expect(text, route).not.toContain(secret);
      if (line.mayChange !== true) expect(await rowsOf(world.test), route).toEqual(before);
      if (route === 'GET /user/terminal/online') expect(answer.data).toEqual([]);
    }
  });

  it.each(roles)('of a %s is not why a group is closed, nor what it was called', async (role) => {
    const world = await createWorld();
    for (const group of [world.banned, world.dissolved])
      for (const [route, line] of Object.entries(table)) {
        if (!/group/i.test(route) || line.mayChange) continue;
        const answer = await ask({ ...world, group }, world[role], route);
        expect(JSON.stringify(answer), route).not.toContain(secret);
      }
  });

  it('of somebody who is banned is nothing at all', async () => {
    const world = await createWorld();
    const before = await rowsOf(world.test);
    for (const [route, line] of Object.entries(table)) {
      if (line.isOpen) continue;
      expect(await ask(world, world.outlaw, route), route).toMatchObject({
        code: 401,
        message: texts.tokenInvalid[0],
        data: null,
      });
    }
    expect(await rowsOf(world.test)).toEqual(before);
  });

  it('of anybody is as the API describes it: new accounts, logins, operations', async () => {
    const test = await startTestPlatform({ store: 'sqlite' });
    const compare = await documentOf(test.url);
    const outcomes: string[] = [];
    const answered = async (route: string, init: RequestInit = {}): Promise<unknown> => {
      const [method = '', path = ''] = route.split(' ');
      const response = await fetch(test.url + path, { method, ...init });
      const type = response.headers.get('content-type')?.split(';')[0];
      const body: unknown = type === 'application/json' ? await response.json() : await response.text();
      compare(route, response.status, body, type);
      outcomes.push(`${route} ${response.status} ${(body as Partial<Answer>).code ?? ''}`.trim());
      return body;
    };
    const json = (body: object): RequestInit => ({
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const vic = { userName: 'vic', password: 'secret-1', terminal: 0 };

    for (const body of [vic, vic, {}]) await answered('POST /register', json(body));
    for (const body of [{ ...vic, password: 'wrong-one' }, {}]) await answered('POST /login', json(body));
    const { data } = (await answered('POST /login', json(vic))) as Answer<{ refreshToken: string }>;
    await answered('PUT /refreshToken', { headers: { refreshToken: data.refreshToken } });
    await answered('PUT /refreshToken');
    for (const path of ['/healthz', '/readyz', '/metrics', '/.well-known/jwks.json'])
      await answered(`GET ${path}`);
    await test.platform.database.sql.destroy();
    await expect.poll(() => answered('GET /readyz')).toMatchObject({ ready: false });

    expect(outcomes.slice(0, 12)).toEqual([
      ...['POST /register 200 200', 'POST /register 200 10003', 'POST /register 200 500'],
      ...['POST /login 200 10001', 'POST /login 200 500', 'POST /login 200 200'],
      ...['PUT /refreshToken 200 200', 'PUT /refreshToken 200 500'],
      ...['GET /healthz 200', 'GET /readyz 200', 'GET /metrics 200', 'GET /.well-known/jwks.json 200'],
    ]);
  });

  it('of a member and friend is as the API describes it', async () => {
    const world = await createWorld();
    const codes: number[] = [];
    for (const [route, line] of Object.entries(table)) {
      if (line.isOpen || /delete|remove|kick|quit|modifyPwd|update/.test(route)) continue;
      codes.push((await ask(world, world.bob, route)).code);
    }
    expect(codes.filter((code) => code === 200).length).toBeGreaterThan(20);
  });
});

import { randomUUID } from 'node:crypto';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import type { Platform } from '../src/index.ts';
import { texts } from '../src/http/texts.ts';
import { insertErasure, makeAdmin } from './support/admins.ts';
import { Description, scopeOf, type Described } from './support/api.ts';
import { insertArchive } from './support/archives.ts';
import { table as boxImRoutes, type Scene } from './support/box-im-routes.ts';
import { exchange, toResponse } from './support/exchange.ts';
import { upload } from './support/files.ts';
import { temporaryFolder } from './support/folders.ts';
import { DriveUser } from './support/drive.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { say, sayInGroup } from './support/messages.ts';
import { call, type Person } from './support/person.ts';
import { RawUploads } from './support/resumable.ts';
import { aboutFiles, fileRows, sendFiles, type SentFiles } from './support/sent-files.ts';
import { createKeys, keyRoles, type Keys } from './support/server-keys.ts';
import { insertWebhook } from './support/webhooks.ts';
import { startTestPlatform, type TestPlatform } from './support/test-platform.ts';
import { insertCampaign } from './support/campaigns.ts';
import { credit, insertRedPacket } from './support/wallets.ts';

// Every route of both APIs, asked by everybody that one can be. What they are answered stands in docs/authorisation.md, and a change of it
// is a change that is seen: run this file with -u, and read the difference.

const file = fileURLToPath(new URL('../../../docs/authorisation.md', import.meta.url));

const roles = [
  'nobody',
  'stranger',
  'friend',
  'ex-friend',
  'blocked',
  'member',
  'ex-member',
  'admin',
  'owner',
  'banned',
] as const;
type Role = (typeof roles)[number];

interface World extends Scene {
  readonly test: TestPlatform;
  /** Those who ask; nobody has no token, and asks with that of nobody. */
  readonly people: Readonly<Record<Exclude<Role, 'nobody'>, Person>>;
  /** A member of the group, whom somebody may put out. */
  readonly victim: Person;
  /** Who asks to be let into the group. */
  readonly asking: Person;
  readonly files: SentFiles;
  /** Of other back ends. */
  readonly keys: Keys;
  /** Runs the platform; and who did. */
  readonly operator: Person;
  readonly former: Person;
  readonly uploads: { readonly toFinish: string; readonly toGiveUp: string; readonly toTakeDown: string };
}

/** ann is whom they all ask about, and the owner of the group. */
async function createWorld(): Promise<World> {
  const archiveDir = await temporaryFolder();
  const test = await startTestPlatform({
    store: 'sqlite',
    // The services of the examples are never asked.
    platform: {
      ...{ webPushContact: 'mailto:ops@example.com', awayAfterMs: 86_400_000, linkPreviews: true },
      ...{
        ownerRetentionDays: 1,
        archiveDir,
        drive: true,
        redPackets: true,
        endToEnd: true,
        playPayments: true,
        campaigns: true,
      },
    },
  });
  const names = ['ann', 'bob', 'stranger', 'friend', 'former', 'blocked'];
  names.push('member', 'admin', 'gone', 'banned', 'victim', 'asking', 'operator', 'retired');
  const everybody: Person[] = [];
  for (const name of names) everybody.push(await test.register(name));
  const [
    ann,
    bob,
    stranger,
    friend,
    former,
    blocked,
    member,
    admin,
    gone,
    banned,
    victim,
    asking,
    operator,
    retired,
  ] = everybody as [
    ...[Person, Person, Person, Person, Person, Person, Person, Person, Person, Person, Person, Person],
    ...[Person, Person],
  ];
  await befriend(test, ann, bob, friend, former, blocked, member, admin, gone, banned, victim);
  const { id: group } = await openGroup(ann, [bob, blocked, member, admin, gone, banned, victim]);
  for (const person of [friend, former, blocked, member, admin, gone, banned])
    await say(ann, person, 'hello');
  const privateMessage = await say(ann, bob, 'hello');
  const groupMessage = await sayInGroup(ann, group, 'hello');
  await gone.delete(`/group/quit/${group}`);
  const readers = [bob, friend, former, blocked, member, admin, banned];
  const files = await sendFiles(test, { ann, group, readers, victim });
  await ann.delete(`/friend/delete/${former.id}`);
  const { sql } = test.platform.database;
  await sql('im_friend').where({ userId: gone.id }).orWhere({ friendId: gone.id }).delete();
  await sql('im_private_message').where({ sendId: ann.id, recvId: gone.id }).delete();
  const pair = { conversation: `private:${ann.id}:${gone.id}` };
  for (const table of ['im_conversation', 'im_conversation_member']) await sql(table).where(pair).delete();
  await sql('im_group_member').where({ userId: admin.id }).update({ role: 1 });
  const asAnn = new RawUploads(test, ann);
  // All copies of the world have the same folder of files.
  await upload(`${test.url}/file/upload`, victim, { name: 'a.txt', bytes: Buffer.from('4') });
  const [newest] = await sql('im_file_info').max<{ id: number }[]>('id as id');
  const uploads = {
    ...{ toFinish: await asAnn.begun({ size: 5 }), toGiveUp: await asAnn.begun({ size: 5 }) },
    toTakeDown: String(newest?.id),
  };
  const session = (await sql('im_session').where({ userId: ann.id }).first()) as object;
  await sql('im_session').insert({ ...session, id: 'A'.repeat(22) });
  await sql('im_group').update({ joining: 1 });
  await sql('im_group_link').insert({
    ...{ code: 'B'.repeat(22), groupId: group, creatorId: ann.id, createdTime: 1 },
  });
  const asks = { groupId: group, text: 'hi', sentTime: 1, endTime: Date.now() + 86_400_000 };
  await sql('im_join_request').insert({ ...asks, userId: asking.id });
  await sql('im_block').insert({ userId: ann.id, blockedId: blocked.id, createdTime: 0 });
  await sql('im_user').where({ id: banned.id }).update({ isBanned: 1, reason: 'spam' });
  for (const person of [operator, retired]) await makeAdmin(test, person);
  await sql('im_admin').where({ userId: retired.id }).delete();
  await sql('im_report').insert({
    ...{ reporterId: bob.id, target: `user:${ann.id}`, userId: ann.id, reason: 'spam', text: '' },
    ...{ evidence: '{}', sentTime: 1 },
  });
  await sql('im_sensitive_word').insert({ content: 'fool', enabled: 1, createTime: 1 });
  await insertWebhook(test);
  const drive = await DriveUser.of(test, ann);
  const shared = await drive.folder((await drive.root()).id, 'Work');
  await drive.file(shared.id, 'a.txt');
  for (const name of ['4', '5']) await drive.trash((await drive.folder(shared.id, name)).id);
  const share = { ownerId: ann.id, nodeId: Number(shared.id), creatorId: ann.id, createdTime: 1 };
  await sql('im_drive_share').insert([
    { ...share, kind: 'user', subjectId: friend.id, level: 1 },
    { ...share, kind: 'group', subjectId: group, level: 2 },
  ]);
  await insertRedPacket(test.platform.database, { senderId: ann.id, groupId: group });
  await insertCampaign(test.platform, ann.id);
  for (const person of everybody) await credit(test.platform.database, person.id, 10_000);
  await insertErasure(test);
  await insertArchive(test, archiveDir);
  // The first is changed and sent, the second is cancelled.
  const later = { saying: '{"content":{"type":"text","text":"hi"}}', state: 'waiting', createdTime: 1 };
  const sendTime = Date.now() + 86_400_000;
  for (const onceKey of ['1', '2'])
    await sql('im_scheduled_message').insert({
      ...{ ...later, userId: ann.id, conversation: `private:${ann.id}:${bob.id}` },
      ...{ sendTime, nextTime: sendTime, onceKey },
    });
  return {
    ...{
      test,
      ann,
      bob,
      outlaw: banned,
      victim,
      asking,
      files,
      uploads,
      keys: await createKeys(test),
      operator,
      former: retired,
      group,
      privateMessage: privateMessage.id,
      groupMessage: groupMessage.id,
    },
    people: {
      stranger,
      friend,
      'ex-friend': former,
      blocked,
      member,
      'ex-member': gone,
      admin,
      owner: ann,
      banned,
    },
  };
}

/** An instance on a copy of the world: what one changes the next does not see. It is to end when it was asked: thirty that idle ask for work. */
async function copyOf({ test }: World): Promise<Platform> {
  const { sql, url } = test.platform.database;
  await sql.raw('PRAGMA wal_checkpoint(TRUNCATE)');
  const copy = join(await temporaryFolder(), 'im.db');
  await copyFile(url.slice('sqlite:'.length), copy);
  return test.startAnother({ database: `sqlite:${copy}` });
}

interface Row {
  readonly route: string;
  /** Asks it, and says in a word or two what was answered. */
  ask(url: string, role: Role): Promise<string>;
}

/** Whatever ends something comes last, and what makes friends of them all after that. */
const ends = [
  ...[
    /DELETE .*drive/,
    /DELETE .*(invitations|join-requests)/,
    /recall|DELETE .*messages\/\{number\},/,
    /members\/remove|DELETE .*members|kick/,
    /quit/,
    /friend\/delete|DELETE .*friends/,
  ],
  ...[
    /PUT .*friends|friend\/add|friend-requests/,
    /blocks/,
    /group\/delete|DELETE .*groups\/\{groupId\}$/,
    /modifyPwd|me\/password/,
  ],
  /me\/deletion/,
  /logout|sessions\/current$|DELETE .*sessions$/,
];

function rank({ route }: Row): number {
  const end = ends.findIndex((one) => one.test(route));
  if (end >= 0) return 2 + end;
  return route.startsWith('GET') ? 0 : 1;
}

/** About whom they ask: ann, and she about bob. */
function otherOf({ ann, bob }: World, role: Role): Person {
  return role === 'owner' ? bob : ann;
}

function boxImRows(world: World): Row[] {
  return Object.entries(boxImRoutes).map(([route, line]) => ({
    route,
    async ask(url, role) {
      const [method = '', template = ''] = route.split(' ');
      const who = role === 'nobody' ? undefined : world.people[role];
      const scene = { ...world, ann: otherOf(world, role) };
      const path = line.path?.(scene) ?? template;
      if (path.endsWith('/upload')) {
        const { code, message } = await upload(url + path, who, { name: 'a.png', bytes: Buffer.alloc(0) });
        return verdict(code, message);
      }
      if (/^\/(healthz|readyz|metrics|\.well-known)/.test(path))
        return String((await fetch(url + path)).status);
      const headers = { ...(who && { accessToken: who.tokens.accessToken }) };
      const body = line.body?.(scene, who ?? world.bob);
      const { code, message } = await call(url + path, method, { headers, body });
      return verdict(code, message);
    },
  }));
}

// The words of a hook may be any.
const ours = Object.entries(texts).filter(([name]) => name !== 'messageRefused');
const textForms = ours.map(([name, [chinese]]) => {
  const form = chinese.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll(/\{\w+\}/g, '.*');
  return { name, form: new RegExp(`^${form}$`) };
});

/** The name of the text of a refusal. */
function verdict(code: number, message: string): string {
  if (code === 200) return 'ok';
  return textForms.find(({ form }) => form.test(message))?.name ?? message;
}

/** Of which conversation it is asked: what the caller and ann say to each other, what others do, and the group. */
const conversations = ['with ann', 'of others', 'of the group'] as const;

function apiRows(world: World, operations: readonly Described[]): Row[] {
  return operations.filter(isForUsers).flatMap((operation) => {
    const route = `${operation.method} ${operation.path}`;
    if (!operation.path.includes('{conversationId}'))
      return [{ route, ask: (url: string, role: Role) => askApi(world, operation, url, role) }];
    return conversations.map((which) => ({
      route: `${route}, ${which}`,
      ask: (url: string, role: Role) => askApi(world, operation, url, role, which),
    }));
  });
}

async function askApi(
  world: World,
  { method, path, parameters = [], requestBody }: Described,
  url: string,
  role: Role,
  which: (typeof conversations)[number] = 'with ann',
  key?: string,
): Promise<string> {
  const who = role === 'nobody' ? undefined : world.people[role];
  const token = key ?? who?.tokens.accessToken;
  const other = otherOf(world, role);
  const me = who ?? world.bob;
  const [one, two] = which === 'of others' ? [other, world.victim] : [me, other];
  const between = `private:${Math.min(one.id, two.id)}:${Math.max(one.id, two.id)}`;
  const values: Readonly<Record<string, string>> = {
    conversationId: which === 'of the group' ? `group:${world.group}` : between,
    groupId: String(world.group),
    sessionId: 'A'.repeat(22),
    code: 'B'.repeat(22),
    uploadId: method === 'DELETE' ? world.uploads.toGiveUp : world.uploads.toFinish,
    userId: String(aboutWhom(world, path, other).id),
    // The first route makes it.
    user: 'external:customer-7',
    bot: 'external:helper',
    reportId: '1',
    erasureId: '1',
    ...{ runId: '1', month: '2020-10', file: 'AAAAAAAAAAAAAAAA.jsonl.gz' },
    ...{ campaignId: '1', listId: '1' },
    wordId: '1',
    identityId: '1',
    webhookId: 'wh_1',
    scheduledId: method === 'DELETE' ? '2' : '1',
    packetId: 'A'.repeat(22),
    paymentId: 'A'.repeat(22),
    messageId: String(world.groupMessage),
    fileId: world.uploads.toTakeDown,
    nodeId: driveNodeOf(method, path),
    shareId: '1',
    // ann said it, and all saw it who were there.
    number: which === 'of the group' ? '2' : '1',
    emoji: encodeURIComponent('👍'),
  };
  const query = new URLSearchParams();
  const asked: Record<string, string> = {};
  for (const { name, in: place, schema } of parameters) {
    if (place === 'query' && schema.examples)
      query.set(name, name === 'url' ? url : String(schema.examples[0]));
    if (place === 'header' && schema.examples) asked[name] = String(schema.examples[0]);
    if (name === 'idempotency-key') asked[name] = randomUUID();
  }
  const at = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? name);
  const headers: Record<string, string> = {
    ...asked,
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const [type, example] = exampleOf(requestBody);
  if (type !== undefined && type !== 'multipart/form-data') headers['content-type'] = type;
  const body =
    type === 'multipart/form-data'
      ? aFile()
      : type === 'application/offset+octet-stream'
        ? 'hello'
        : example && JSON.stringify(adapt(example, world, { path, me, other }));
  const where = `${url}${at}?${query.toString()}`;
  const answer =
    body instanceof FormData
      ? await fetch(where, { method, headers, body })
      : toResponse(await exchange(where, { method, headers, body: body || undefined }));
  const text = await answer.text();
  return answer.ok || method === 'HEAD'
    ? String(answer.status)
    : `${answer.status} ${(JSON.parse(text) as { code: string }).code}`;
}

/** A folder that is shared with a friend and with the group; a file in it; and what its owner has thrown away, which one restores and one removes. */
function driveNodeOf(method: string, path: string): string {
  if (path.includes('/trash/')) return method === 'DELETE' ? '5' : '4';
  return /versions|message-file/.test(path) ? '3' : '2';
}

/** Who is named in the path. */
function aboutWhom({ victim, asking }: World, path: string, other: Person): Person {
  if (path.includes('join-requests')) return asking;
  return /members|admins|mutes/.test(path) ? victim : other;
}

function exampleOf(asked: Described['requestBody']): [type?: string, example?: Record<string, unknown>] {
  const [[type, described] = []] = Object.entries(asked?.content ?? {});
  if (type === undefined) return [];
  return [type, (described?.schema.examples?.[0] ?? { refreshToken: '' }) as Record<string, unknown>];
}

/** Ids in the examples are those of other people. */
function adapt(
  example: Record<string, unknown>,
  { people, ann, group }: World,
  { path, me, other }: { readonly path: string; readonly me: Person; readonly other: Person },
): object {
  if (path.endsWith('/shares')) return { userId: String(people.member.id), level: 'view' };
  if ('userIds' in example) return { userIds: [String(people.friend.id)] };
  if (path.endsWith('/forwards')) return { ...example, to: [`group:${group}`] };
  if ('sendAt' in example) return { ...example, sendAt: new Date(Date.now() + 86_400_000).toISOString() };
  if (path.endsWith('/owner')) return { userId: String(ann.id) };
  if ('userId' in example) return { ...example, userId: String(other.id) };
  if ('refreshToken' in example) return { refreshToken: me.tokens.refreshToken };
  return example;
}

function aFile(): FormData {
  const form = new FormData();
  form.set('file', new Blob(['hello']), 'hello.txt');
  return form;
}

async function answersOf(world: World, rows: readonly Row[]): Promise<Map<string, string[]>> {
  const answers = new Map(rows.map(({ route }) => [route, [] as string[]]));
  for (const role of roles) {
    await using copy = await copyOf(world);
    for (const row of rows.toSorted((one, other) => rank(one) - rank(other)))
      answers.get(row.route)?.push(await row.ask(copy.url, role));
  }
  return answers;
}

function isForUsers(operation: Described): boolean {
  return scopeOf(operation) === undefined && !isForAdmins(operation);
}

function isForAdmins({ path }: Described): boolean {
  return path.startsWith('/v1/admin/');
}

const adminRoles = ['nobody', 'user', 'former admin', 'admin'] as const;

/** What those are answered who run the platform and who do not; in one copy, as it is done last by who may. */
async function answersToAdmins(
  world: World,
  operations: readonly Described[],
): Promise<Map<string, string[]>> {
  await using copy = await copyOf(world);
  const { operator, former } = world;
  const tokens = [undefined, world.bob, former, operator].map((person) => person?.tokens.accessToken);
  const answers = new Map<string, string[]>();
  const isLast = ({ operationId }: Described): number =>
    ['adminDeleteUser', 'adminEraseUser'].indexOf(operationId);
  const ordered = operations.filter(isForAdmins).toSorted((one, other) => isLast(one) - isLast(other));
  for (const operation of ordered) {
    const cells: string[] = [];
    for (const token of tokens)
      cells.push(await askApi(world, operation, copy.url, 'nobody', undefined, token));
    answers.set(`${operation.method} ${operation.path}`, cells);
  }
  return answers;
}

/** What each key is answered, and whoever has none; all in one copy of the world, as most of them are refused. */
async function answersToKeys(world: World, operations: readonly Described[]): Promise<Map<string, string[]>> {
  await using copy = await copyOf(world);
  const answers = new Map<string, string[]>();
  const isLast = ({ operationId }: Described): number => (operationId === 'deleteWebhook' ? 1 : 0);
  for (const operation of operations.toSorted((one, other) => isLast(one) - isLast(other))) {
    const scope = scopeOf(operation);
    if (scope === undefined) continue;
    const cells: string[] = [];
    for (const role of keyRoles) {
      const key = role === 'user' ? undefined : world.keys[role](scope);
      const who = role === 'user' ? 'owner' : 'nobody';
      cells.push(await askApi(world, operation, copy.url, who, undefined, key));
    }
    answers.set(`${operation.method} ${operation.path}`, [scope, ...cells]);
  }
  return answers;
}

function tableOf(
  answers: ReadonlyMap<string, readonly string[]>,
  columns: readonly string[] = roles,
): string {
  const lines = [
    ['Route', ...columns],
    ['---', ...columns.map(() => '---')],
  ];
  for (const [route, cells] of answers) lines.push([`\`${route}\``, ...cells]);
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const introduction = `# Who may what

Each route of im-platform, asked by everybody that one can be. Written by \`packages/im-platform/test/authorisation.test.ts\`, which fails when an
answer changes, and when a route is not here: run it with \`-u\`, and read the difference.

All ask about ann, who has friends and owns a group; the owner is ann, who asks about a friend in her group. A friend is not in
the group; an ex-friend has talked to ann; an ex-member has left the group and was never more to ann; an admin of the group is a
friend, too; a blocked one is a friend and a member whom ann has blocked, and a banned one a friend and a member. Each role has a
fresh copy of the world, in which what ends something is asked last.
`;

const aboutKeys = `For other back ends: with a key that lacks the scope, one that has that scope alone, one that was revoked, and one that is over.
A user shows the access token of an owner. A key is worth nothing at the routes above.`;

const aboutAdmins =
  'For who runs the platform (`im-platform admin grant`): the role is asked for at each request.';

describe('who may what', () => {
  it('is as docs/authorisation.md says, for every route and everybody', async () => {
    const world = await createWorld();
    const { operations } = await Description.of(world.test);
    const api = await answersOf(world, apiRows(world, operations));
    const ofKeys = await answersToKeys(world, operations);
    const ofAdmins = await answersToAdmins(world, operations);
    const filesAsked = fileRows({ ...world, otherOf: (role) => otherOf(world, role as Role) });
    // Who loads files changes nothing: one copy of the world for both.
    const others = await answersOf(world, [...boxImRows(world), ...filesAsked]);
    const isOfFiles = new Set(filesAsked.map(({ route }) => route));
    const boxIm = new Map([...others].filter(([route]) => !isOfFiles.has(route)));
    const ofFiles = new Map([...others].filter(([route]) => isOfFiles.has(route)));

    // Whatever the table says.
    for (const { method, path, security } of operations)
      for (const [route, cells] of api)
        if (route.split(',')[0] === `${method} ${path}` && security?.length !== 0)
          for (const cell of [cells[0], cells.at(-1)])
            expect([route, cell]).toEqual([route, method === 'HEAD' ? '401' : '401 NOT_SIGNED_IN']);
    for (const [route, [, nobody, user, without, , revoked, over]] of ofKeys)
      expect([route, nobody, user, without, revoked, over]).toEqual([
        ...[route, '401 KEY_INVALID', '401 KEY_INVALID', '403 SCOPE_MISSING'],
        ...['401 KEY_INVALID', '401 KEY_INVALID'],
      ]);
    for (const [route, cells] of ofAdmins)
      expect([route, ...cells.slice(0, 3)]).toEqual([
        ...[route, '401 NOT_SIGNED_IN', '403 NOT_ALLOWED', '403 NOT_ALLOWED'],
      ]);
    for (const operation of operations.filter((one) => scopeOf(one) === undefined))
      if (operation.security?.length !== 0 && operation.method !== 'HEAD')
        expect(await askApi(world, operation, world.test.url, 'owner', undefined, world.keys.all)).toBe(
          '401 NOT_SIGNED_IN',
        );
    for (const [route, cells] of boxIm)
      if (boxImRoutes[route]?.isOpen !== true)
        expect([route, cells[0], cells.at(-1)]).toEqual([route, 'notLoggedIn', 'tokenInvalid']);
    const text = [
      introduction,
      ...['## /v1', 'The status, and the code of a refusal (docs/errors.md).', tableOf(api)],
      ...['## /v1/server', aboutKeys, tableOf(ofKeys, ['scope', ...keyRoles])],
      ...['## /v1/admin', aboutAdmins, tableOf(ofAdmins, adminRoles)],
      ...["## Box-im's API", 'The name of the text in `src/http/texts.ts`.', tableOf(boxIm)],
      ...['## Files', aboutFiles, tableOf(ofFiles)],
    ].join('\n\n');
    await expect(
      await format(text, { ...(await resolveConfig(file)), parser: 'markdown' }),
    ).toMatchFileSnapshot(file);
  }, 360_000);
});

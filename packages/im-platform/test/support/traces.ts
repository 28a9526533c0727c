import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { expect } from 'vitest';
import { unwrap, type paths } from '../../src/client/index.ts';
import type { Database } from '../../src/index.ts';
import { apiOf } from './api.ts';
import { DriveUser } from './drive.ts';
import type { Place } from './everywhere.ts';
import { upload, type UploadedImage } from './files.ts';
import { befriend } from './friends.ts';
import { openGroup } from './groups.ts';
import { say, sayInGroup } from './messages.ts';
import type { Person } from './person.ts';
import { RawUploads } from './resumable.ts';
import { allNoted } from './search.ts';
import { createKey, withKey } from './server-keys.ts';
import type { TestPlatform } from './test-platform.ts';

type SaidContent =
  paths['/v1/conversations/{conversationId}/messages']['post']['requestBody']['content']['application/json']['content'];

/** So large that it stands nowhere by chance. */
export const number = 7_654_321;

/** Whoever signs up next has the number. */
async function skipIds({ platform }: TestPlatform): Promise<void> {
  const { sql, dialect } = platform.database;
  if (dialect === 'mysql') await sql.raw(`alter table im_user auto_increment = ${number}`);
  else
    await sql('sqlite_sequence')
      .where({ name: 'im_user' })
      .update({ seq: number - 1 });
}

function between(one: Person, other: Person): string {
  return `private:${Math.min(one.id, other.id)}:${Math.max(one.id, other.id)}`;
}

/** It is looked at now, and not in a minute. */
export async function lookNow({ sql }: Pick<Database, 'sql'>): Promise<void> {
  await sql('im_erasure').whereNotNull('nextTime').update({ nextTime: 0 });
}

export function withTheNumber(places: readonly Place[]): string[] {
  const pattern = new RegExp(`(?<!\\d)${number}(?!\\d)`);
  return [...new Set(places.filter(({ text }) => pattern.test(text)).map(({ where }) => where))];
}

/** Somebody who has left something of theirs wherever one can. */
export async function leaveTraces(
  test: TestPlatform,
  mark: string,
  people: { bob: Person; cleo: Person; admin: Person },
) {
  const { bob, cleo, admin } = people;
  const { sql } = test.platform.database;
  await skipIds(test);
  const mira = await test.signUp(`mi${mark}`);
  expect(mira.id).toBe(number);
  await befriend(test, mira, bob, cleo);
  await befriend(test, bob, cleo);
  const [api, asBob, asAdmin] = [await apiOf(test, mira), await apiOf(test, bob), await apiOf(test, admin)];
  const withBob = between(mira, bob);
  const at = (conversationId: string, more: object = {}) => ({
    params: { path: { conversationId, ...more } },
  });
  const send = (conversationId: string, content: SaidContent) =>
    unwrap(
      api.POST('/v1/conversations/{conversationId}/messages', {
        params: { path: { conversationId }, header: { 'idempotency-key': `${mark}-${randomUUID()}` } },
        body: { content },
      }),
    );

  // Who they are.
  const picture = await sharp({ create: { width: 300, height: 300, channels: 3, background: '#c0ffee' } })
    .png()
    .toBuffer();
  const pictureOf = async (name: string, tint: string) => {
    const bytes = await sharp(picture).tint(tint).png().toBuffer();
    return (
      await upload<UploadedImage>(`${test.url}/image/upload`, mira, { name: `${name}-${mark}.png`, bytes })
    ).data;
  };
  const face = await pictureOf('face', '#ff0000');
  await unwrap(
    api.PATCH('/v1/me', {
      body: {
        nickName: `Mira ${mark}`,
        signature: `I am ${mark}`,
        picture: face.originUrl,
        thumbnail: face.thumbUrl,
      },
    }),
  );
  await sql('im_identity').insert({
    ...{
      issuer: 'https://idp.example',
      subject: mark,
      userId: mira.id,
      email: `${mark}@x.example`,
      createdTime: 1,
    },
  });

  // Groups: one with others, whose picture is from them, and one of their own alone.
  const shared = await openGroup(mira, [bob, cleo], 'shared');
  const groupFace = await pictureOf('group', '#00ff00');
  await unwrap(
    api.PATCH('/v1/groups/{groupId}', {
      params: { path: { groupId: String(shared.id) } },
      body: { picture: groupFace.originUrl, thumbnail: groupFace.thumbUrl },
    }),
  );
  const club = `group:${shared.id}`;
  const alone = await unwrap(
    api.POST('/v1/groups', { body: { name: `of ${mark}`, notice: `only ${mark}` } }),
  );
  await mira.put('/group/modify', {
    id: shared.id,
    name: 'shared',
    remarkNickName: `Mi ${mark}`,
    remarkGroupName: `ours ${mark}`,
  });
  await unwrap(
    api.PUT('/v1/groups/{groupId}/admins/{userId}', {
      params: { path: { groupId: String(shared.id), userId: String(cleo.id) } },
    }),
  );
  await unwrap(
    api.POST('/v1/groups/{groupId}/invitations', {
      params: { path: { groupId: String(shared.id) } },
      body: {},
    }),
  );

  // What they say.
  const { data: url } = await upload(`${test.url}/file/upload`, mira, {
    ...{ name: `${mark}.txt`, bytes: Buffer.from(`plan of ${mark}`) },
  });
  await say(mira, bob, `hello ${mark}`, { tmpId: `t${mark}` });
  await send(withBob, { type: 'text', text: `first ${mark}` });
  const params = { path: { conversationId: withBob, number: 2 } };
  await unwrap(
    api.PATCH('/v1/conversations/{conversationId}/messages/{number}', {
      params,
      body: { content: { type: 'text', text: `second ${mark}` } },
    }),
  );
  await send(withBob, { type: 'custom', name: 'poll', data: { title: mark }, text: `poll ${mark}` });
  await send(withBob, { type: 'file', url, name: `${mark}.txt`, size: 8 });
  const taken = await say(mira, bob, `not ${mark}`);
  await mira.delete(`/message/private/recall/${taken.id}`);
  await say(bob, mira, 'words of bob');
  await sayInGroup(mira, shared.id, `in the group ${mark}`);
  await sayInGroup(mira, shared.id, `@bob ${mark}`, { atUserIds: [bob.id] });
  await sayInGroup(bob, shared.id, 'words of bob in the group');
  const last = await sayInGroup(mira, shared.id, `reported ${mark}`);
  const reaction = { params: { path: { conversationId: withBob, number: 7, emoji: '👍' } } };
  await unwrap(api.PUT('/v1/conversations/{conversationId}/messages/{number}/reactions/{emoji}', reaction));
  await unwrap(
    api.PATCH('/v1/conversations/{conversationId}', { ...at(withBob), body: { draft: `draft ${mark}` } }),
  );
  await unwrap(
    api.POST('/v1/conversations/{conversationId}/scheduled-messages', {
      ...at(withBob),
      body: {
        content: { type: 'text', text: `later ${mark}` },
        sendAt: new Date(Date.now() + 3_600_000).toISOString(),
      },
    }),
  );
  await new RawUploads(test, mira)
    .begun({ name: `half ${mark}`, size: 10, key: mark })
    .then((id) => new RawUploads(test, mira).patch(id, 0, Buffer.from(mark.slice(0, 4))));

  const drive = await DriveUser.of(test, mira);
  const folder = await drive.folder((await drive.root()).id, `plans of ${mark}`);
  await drive.file(folder.id, `${mark}.md`);
  await sql('im_drive_share').insert({
    ...{ ownerId: mira.id, nodeId: Number(folder.id), kind: 'user', subjectId: bob.id, level: 2 },
    ...{ creatorId: mira.id, createdTime: 1 },
  });

  // What others have of it: forwarded with the name and, as cleo is blocked, without; and reported.
  await unwrap(
    asBob.POST('/v1/conversations/{conversationId}/forwards', {
      ...at(withBob),
      body: { numbers: [1, 4], to: [club, between(bob, cleo)] },
    }),
  );
  await unwrap(api.PUT('/v1/blocks/{userId}', { params: { path: { userId: String(cleo.id) } } }));
  await unwrap(
    asBob.POST('/v1/conversations/{conversationId}/forwards', {
      ...at(withBob),
      body: { numbers: [2], to: [between(bob, cleo)] },
    }),
  );
  const stranger = await test.register('dora');
  await unwrap(
    api.POST('/v1/friend-requests', { body: { userId: String(stranger.id), text: `it is ${mark}` } }),
  );
  await unwrap(
    asBob.POST('/v1/reports', { body: { conversationId: club, number: last.number, reason: 'spam' } }),
  );
  await unwrap(asBob.POST('/v1/reports', { body: { userId: String(mira.id), reason: 'spam' } }));
  await unwrap(
    api.POST('/v1/reports', { body: { userId: String(bob.id), reason: 'abuse', text: `so says ${mark}` } }),
  );
  const { key } = await createKey(test);
  await unwrap(
    (await withKey(test, key)).POST('/v1/server/users/{user}/notices', {
      params: { path: { user: String(mira.id) } },
      body: { text: `your parcel, ${mark}` },
    }),
  );

  // And where it takes more than a request.
  const ofMira = { userId: mira.id };
  await sql('im_second_factor').insert({ ...ofMira, secret: mark, lastStep: 0, createdTime: 1 });
  await sql('im_join_request').insert({ ...ofMira, groupId: 999, text: mark, sentTime: 1, endTime: 9e12 });
  await sql('im_message_deleted').insert({ ...ofMira, conversation: withBob, number: 1, stamp: 1 });
  await sql('im_away_registration').insert({
    ...{
      ...ofMira,
      sessionId: 'x',
      channel: 'apns',
      address: mark,
      addressHash: 'x',
      language: 'en',
      createdTime: 1,
    },
  });
  await sql('im_away_setting').insert({ ...ofMira, preview: 1, timeZone: `of/${mark}` });
  await sql('im_drive_activity').insert({
    ...{
      ownerId: bob.id,
      folderId: 1,
      nodeId: 1,
      actorId: mira.id,
      action: 'added',
      name: mark,
      time: Date.now(),
    },
  });
  await sql('im_privacy').insert({
    ...ofMira,
    mayWrite: 'friends',
    mayCall: 'friends',
    mayAdd: 'friends',
    seesPresence: 'friends',
  });
  await sql('im_last_seen')
    .insert({ ...ofMira, seenTime: 1 })
    .onConflict('userId')
    .ignore();
  const money = { amount: 5, createdTime: 1 };
  await sql('im_ledger_entry').insert({
    ...ofMira,
    ...money,
    transactionName: 'x',
    account: `user:${mira.id}`,
    kind: 'x',
  });
  await sql('im_payment').insert({
    ...{ ...ofMira, ...money, id: 'x', direction: 'in', state: 'done', url: `https://pay.example/${mark}` },
    ...{ reason: mark, onceKey: 'x', asked: 'x' },
  });
  await sql('im_payment_dispute').insert({
    ...{ ...ofMira, paymentId: 'x', paidAmount: 1, createdTime: 1, decision: 'booked', decidedBy: mira.id },
    ...{ decidedTime: 1, decisionReason: mark },
  });
  await sql('im_red_packet').insert({
    ...{
      ...money,
      id: 'x',
      senderId: mira.id,
      conversation: club,
      shares: 1,
      split: 'equal',
      greeting: `luck, ${mark}`,
    },
    ...{ amounts: '[5]', endTime: 2, onceKey: 'x', asked: 'x' },
  });
  await sql('im_user_attribute').insert({ ...ofMira, name: 'city', value: mark });
  await sql('im_campaign_list_user').insert({ ...ofMira, listId: 1 });
  const encryption = { ...ofMira, createdTime: 1 };
  await sql('im_encryption_device').insert({ ...encryption, deviceId: 'M1', deviceKeys: mark, seenTime: 1 });
  await sql('im_encryption_identity').insert({ ...ofMira, keysText: mark, changedTime: 1 });
  const signed = { ...ofMira, signedUserId: mira.id, keyId: 'M1', signatures: mark };
  await sql('im_encryption_signature').insert(signed);
  await sql('im_key_backup').insert({ ...encryption, version: 1, auth: mark, secrets: mark });
  const backedUp = { conversation: 'group:1', sessionId: 'S', firstIndex: 0, data: mark };
  await sql('im_key_backup_session').insert({ ...ofMira, version: 1, ...backedUp });
  const encrypted = { conversation: 'private:encrypted', oneId: mira.id, otherId: 1 };
  await sql('im_encrypted_conversation').insert({ ...encrypted, markedBy: mira.id, createdTime: 1 });
  await sql('im_campaign_receiver').insert({
    ...ofMira,
    campaignId: 1,
    slice: 0,
    variant: 0,
    state: 'waiting',
  });
  await sql('im_red_packet_grab').insert({ ...ofMira, ...money, packetId: 'x', position: 0 });
  const session = (await sql('im_session').where(ofMira).first()) as object;

  // What those do who run the platform.
  await unwrap(asAdmin.GET('/v1/admin/users', { params: { query: { prefix: `Mira ${mark}` } } }));
  await mira.connect();
  const theirs = { params: { path: { userId: String(mira.id) } } };
  await unwrap(
    asAdmin.PUT('/v1/admin/users/{userId}/ban', { ...theirs, body: { reason: `${mark} is rude` } }),
  );
  // Banned, one has no session; erased, none either.
  await sql('im_session').insert({ ...session, deviceName: `phone of ${mark}` });
  await allNoted(test);
  return { mira, shared, alone, face, url, withBob, club };
}

import { describe, expect, it } from 'vitest';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import { nextGroupPush, openGroup, pushTypes } from './support/groups.ts';
import type { Person } from './support/person.ts';
import { startTestPlatform, storeKinds, type StoreKind, type TestPlatform } from './support/test-platform.ts';

type Joining = 'closed' | 'approval' | 'open';

interface World {
  readonly test: TestPlatform;
  readonly ann: Person;
  readonly others: readonly Person[];
  readonly apis: readonly ApiClient[];
  readonly asAnn: ApiClient;
  readonly groupId: string;
}

/** Ann's group, and people who do not know her; every second one is at the last instance. */
async function startWith(
  store: StoreKind,
  joining: Joining,
  {
    people,
    instances = 1,
    maxGroupMembers,
  }: { people: number; instances?: number; maxGroupMembers?: number },
): Promise<World> {
  const test = await startTestPlatform({
    ...{ store, instances, bus: instances > 1 ? 'redis' : 'memory' },
    ...(maxGroupMembers !== undefined && { platform: { maxGroupMembers } }),
  });
  const ann = await test.register('ann');
  const others: Person[] = [];
  const apis: ApiClient[] = [];
  for (let index = 0; index < people; index++) {
    const at = test.all[index % test.all.length]!;
    const person = await test.register(`p${index}`, { at });
    others.push(person);
    apis.push(await apiOf(at, person));
  }
  const { id } = await openGroup(ann, []);
  const [asAnn, groupId] = [await apiOf(test, ann), String(id)];
  await setMode(asAnn, groupId, joining);
  return { test, ann, others, apis, asAnn, groupId };
}

function setMode(api: ApiClient, groupId: string, joining: Joining): Promise<unknown> {
  return unwrap(api.PATCH('/v1/groups/{groupId}', { params: { path: { groupId } }, body: { joining } }));
}

async function makeLink(api: ApiClient, groupId: string, body: { uses?: number; days?: number } = {}) {
  const params = { path: { groupId } };
  return (await unwrap(api.POST('/v1/groups/{groupId}/invitations', { params, body }))).code;
}

function look(api: ApiClient, code: string) {
  return unwrap(api.GET('/v1/invitations/{code}', { params: { path: { code } } }));
}

/** What becomes of it, in a word. */
async function join(api: ApiClient, code: string, text?: string): Promise<string> {
  const body = text === undefined ? {} : { text };
  return unwrap(api.POST('/v1/invitations/{code}', { params: { path: { code } }, body })).then(
    ({ outcome }) => outcome,
    (error: unknown) => (error as { code: string }).code,
  );
}

async function requestsOf(api: ApiClient, groupId: string) {
  const params = { path: { groupId } };
  return (await unwrap(api.GET('/v1/groups/{groupId}/join-requests', { params }))).items;
}

function answer(api: ApiClient, groupId: string, { id }: Person, method: 'PUT' | 'DELETE'): Promise<unknown> {
  const options = { params: { path: { groupId, userId: String(id) } } };
  const path = '/v1/groups/{groupId}/join-requests/{userId}' as const;
  return unwrap(method === 'PUT' ? api.PUT(path, options) : api.DELETE(path, options));
}

async function membersOf({ test, groupId }: World): Promise<number[]> {
  const rows = await test.platform.database
    .sql('im_group_member')
    .where({ groupId: Number(groupId), quit: 0 })
    .orderBy('userId')
    .select<{ userId: number }[]>('userId');
  return rows.map(({ userId }) => userId);
}

describe.each(storeKinds)('joining a group on %s', (store) => {
  it('by a link is open to whoever has it, while it is good, and to nobody who has another', async () => {
    const world = await startWith(store, 'open', { people: 3 });
    const { ann, others, apis, asAnn, groupId, test } = world;
    const [bob, cleo, dan] = apis as [ApiClient, ApiClient, ApiClient];
    const code = await makeLink(asAnn, groupId, { uses: 2 });
    const device = await others[0]!.connect();
    expect(await look(bob, code)).toEqual({
      ...{ groupId, name: 'club', thumbnail: null, memberCount: 1, joining: 'open' },
      ...{ isMember: false, isRequested: false },
    });

    expect(await join(bob, code)).toBe('joined');
    expect(await nextGroupPush(device)).toMatchObject({ type: pushTypes.NEW, groupId: Number(groupId) });
    const tip = await nextGroupPush(device);
    expect(tip).toMatchObject({ type: pushTypes.TIP, sendId: others[0]!.id });
    expect(tip.content).toContain('p0');
    expect(await join(bob, code)).toBe('joined');
    expect(await look(bob, code)).toMatchObject({ isMember: true, memberCount: 2 });
    expect(await join(cleo, code)).toBe('joined');
    expect(await join(dan, code)).toBe('NOT_FOUND'); // used up

    const another = await makeLink(asAnn, groupId, { days: 1 });
    expect(await look(dan, another)).toMatchObject({ memberCount: 3 });
    await setMode(asAnn, groupId, 'closed');
    expect(await join(dan, another)).toBe('NOT_FOUND');
    await setMode(asAnn, groupId, 'open');
    await test.platform.database.sql('im_group_link').where({ code: another }).update({ endTime: 1 });
    expect(await join(dan, another)).toBe('NOT_FOUND');
    const revoked = await makeLink(asAnn, groupId);
    const params = { path: { groupId, code: revoked } };
    await unwrap(asAnn.DELETE('/v1/groups/{groupId}/invitations/{code}', { params }));
    expect(await join(dan, revoked)).toBe('NOT_FOUND');
    expect(await join(dan, 'x'.repeat(22))).toBe('NOT_FOUND');
    expect(await membersOf(world)).toEqual([ann, others[0]!, others[1]!].map(({ id }) => id));
    const list = await unwrap(
      asAnn.GET('/v1/groups/{groupId}/invitations', { params: { path: { groupId } } }),
    );
    expect(list.items).toEqual([]);
  });

  it('lets in as many as a link and the group allow, of many who come at once at two instances', async () => {
    const instances = store === 'sqlite' ? 1 : 2;
    const world = await startWith(store, 'open', { people: 6, instances, maxGroupMembers: 5 });
    const { apis, asAnn, groupId } = world;
    const code = await makeLink(asAnn, groupId, { uses: 2 });

    const first = await Promise.all(apis.map((api) => join(api, code)));
    expect(first.toSorted()).toEqual([...Array<string>(4).fill('NOT_FOUND'), 'joined', 'joined']);
    const wide = await makeLink(asAnn, groupId);
    const second = await Promise.all([...apis, ...apis].map((api) => join(api, wide)));
    expect(second.filter((outcome) => outcome === 'GROUP_FULL').length).toBeGreaterThanOrEqual(2);
    expect(await membersOf(world)).toHaveLength(5);
  });

  it('with approval asks the owner and admins, who let in or do not, once', async () => {
    const world = await startWith(store, 'approval', { people: 4, instances: store === 'sqlite' ? 1 : 2 });
    const { test, ann, others, apis, asAnn, groupId } = world;
    const [asAdmin, asBob, asCleo, asDan] = apis as [ApiClient, ApiClient, ApiClient, ApiClient];
    const [admin, bob, cleo] = others as [Person, Person, Person];
    await befriend(test, ann, admin);
    await ann.post('/group/invite', { groupId: Number(groupId), friendIds: [admin.id] });
    const params = { path: { groupId, userId: String(admin.id) } };
    await unwrap(asAnn.PUT('/v1/groups/{groupId}/admins/{userId}', { params }));
    const code = await makeLink(asAnn, groupId, { uses: 2 });
    const devices = [await ann.connect(), await admin.connect()];

    const asked = await Promise.all([join(asBob, code, 'it is me'), join(asBob, code, 'it is me')]);
    expect(asked).toEqual(['requested', 'requested']);
    for (const device of devices) {
      const { data } = await device.next(
        ({ cmd, data }) => cmd === 5 && (data as { joinRequest?: object }).joinRequest !== undefined,
      );
      expect(data).toMatchObject({
        joinRequest: { groupId, userId: String(bob.id), name: 'p1', text: 'it is me' },
      });
    }
    expect(await look(asBob, code)).toMatchObject({ isMember: false, isRequested: true });
    expect(await join(asCleo, code)).toBe('requested');
    expect(await join(asDan, code)).toBe('NOT_FOUND'); // two uses
    expect((await requestsOf(asAdmin, groupId)).map(({ userId }) => userId)).toEqual(
      [bob, cleo].map(({ id }) => String(id)),
    );

    await Promise.all([asAnn, asAdmin].map((api) => answer(api, groupId, bob, 'PUT').catch(() => undefined)));
    expect(await membersOf(world)).toEqual([ann.id, admin.id, bob.id]);
    const tips = await test.platform.database
      .sql('im_group_message')
      .where({ groupId: Number(groupId) })
      .where('content', 'like', '%p1%');
    expect(tips).toHaveLength(1);
    await answer(asAdmin, groupId, cleo, 'DELETE');
    await expect(answer(asAnn, groupId, cleo, 'PUT')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const again = await makeLink(asAnn, groupId);
    expect(await join(asCleo, again)).toBe('requested'); // as if nobody had answered
    expect(await requestsOf(asAnn, groupId)).toEqual([]);
    const own = await unwrap(asCleo.GET('/v1/join-requests'));
    expect(own.items).toMatchObject([{ groupId, groupName: 'club' }]);
    await unwrap(asCleo.DELETE('/v1/join-requests/{groupId}', { params: { path: { groupId } } }));
    expect((await unwrap(asCleo.GET('/v1/join-requests'))).items).toEqual([]);
    expect(await look(asCleo, again)).toMatchObject({ isRequested: false });
  });

  it('needs approval for who was put out and whom the owner has blocked, also where it is open', async () => {
    const world = await startWith(store, 'open', { people: 3 });
    const { ann, others, apis, asAnn, groupId } = world;
    const [asBob, asCleo, asDan] = apis as [ApiClient, ApiClient, ApiClient];
    const [bob, cleo, dan] = others as [Person, Person, Person];
    const code = await makeLink(asAnn, groupId);
    for (const api of [asBob, asCleo]) expect(await join(api, code)).toBe('joined');
    await ann.delete(`/group/kick/${groupId}?userId=${bob.id}`);
    await cleo.delete(`/group/quit/${groupId}`);
    await unwrap(asAnn.PUT('/v1/blocks/{userId}', { params: { path: { userId: String(dan.id) } } }));

    expect(await join(asBob, code)).toBe('requested');
    expect(await join(asCleo, code)).toBe('joined');
    expect(await join(asDan, code)).toBe('requested');
    await answer(asAnn, groupId, bob, 'PUT');
    expect(await membersOf(world)).toEqual([ann.id, bob.id, cleo.id]);
    await bob.delete(`/group/quit/${groupId}`);
    expect(await join(asBob, code)).toBe('joined'); // forgiven
    const forbidden = await makeLink(asCleo, groupId).catch(
      (error: unknown) => (error as { code: string }).code,
    );
    expect(forbidden).toBe('NOT_ALLOWED');
  });
});

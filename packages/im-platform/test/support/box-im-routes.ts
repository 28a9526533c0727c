import type { TextKey } from '../../src/http/texts.ts';
import type { Person } from './person.ts';

// How each route of box-im's API is asked by somebody who has no business there, and what they are answered. There must be a line for
// every route that there is.

/** What the paths and bodies are about. */
export interface Scene {
  /** Has friends and a group. */
  readonly ann: Person;
  /** A friend of ann, in the group. */
  readonly bob: Person;
  /** A friend of ann who is banned. */
  readonly outlaw: Person;
  readonly group: number;
  /** Of ann to bob, and of ann in the group. */
  readonly privateMessage: number;
  readonly groupMessage: number;
}

export const roles = ['stranger', 'formerFriend', 'formerMember'] as const;
export type Role = (typeof roles)[number];

/** What is answered: the text of a refusal, or that it went well. */
export type Verdict = TextKey | 'ok';

export interface Line {
  readonly path?: (world: Scene) => string;
  readonly body?: (world: Scene, me: Person) => unknown;
  /** Of everybody, and of some of them otherwise. */
  readonly answers: Verdict | ({ readonly others: Verdict } & Partial<Record<Role, Verdict>>);
  /** What went well may have changed something, of the caller's own or by his right. */
  readonly mayChange?: true;
  /** Names and pictures of people are for everybody who looks. */
  readonly showsProfiles?: true;
  /** Asks for no token. */
  readonly isOpen?: true;
}

const withGroup = (world: Scene): string => `groupId=${world.group}`;
const toAnn = (path: string) => (world: Scene) => `${path}${world.ann.id}`;

export const table: Readonly<Record<string, Line>> = {
  'GET /healthz': { answers: 'ok', isOpen: true },
  'GET /readyz': { answers: 'ok', isOpen: true },
  'GET /metrics': { answers: 'ok', isOpen: true },
  'GET /.well-known/jwks.json': { answers: 'ok', isOpen: true },
  'POST /login': { body: () => ({}), answers: 'terminalRequired', isOpen: true },
  'PUT /refreshToken': { answers: 'loginExpired', isOpen: true },
  'POST /register': { body: () => ({}), answers: 'userNameRequired', isOpen: true },

  'PUT /modifyPwd': {
    body: () => ({ oldPassword: 'not mine', newPassword: 'another-one' }),
    answers: 'oldPasswordWrong',
  },
  'GET /system/config': { answers: 'ok' },

  'GET /user/self': { answers: 'ok' },
  'GET /user/find/{id}': { path: toAnn('/user/find/'), answers: 'ok', showsProfiles: true },
  'GET /user/findByName': { path: () => '/user/findByName?name=e', answers: 'ok', showsProfiles: true },
  'PUT /user/update': {
    body: ({ ann }) => ({ id: ann.id, userName: 'ann', nickName: 'mine' }),
    answers: 'otherUser',
  },
  'GET /user/terminal/online': {
    path: ({ ann, bob, outlaw }) => `/user/terminal/online?userIds=${ann.id},${bob.id},${outlaw.id}`,
    answers: 'ok',
  },

  'GET /friend/list': { answers: 'ok' },
  'GET /friend/find/{friendId}': {
    path: toAnn('/friend/find/'),
    answers: { others: 'notYourFriend', formerFriend: 'ok' },
  },
  'DELETE /friend/delete/{friendId}': {
    path: toAnn('/friend/delete/'),
    answers: { others: 'notYourFriend', formerFriend: 'ok' },
  },
  'PUT /friend/dnd': {
    body: ({ ann }) => ({ friendId: ann.id, isDnd: true }),
    // His own row, which nobody else reads.
    answers: { others: 'notYourFriend', formerFriend: 'ok' },
    mayChange: true,
  },

  'POST /group/create': { body: () => ({ name: 'mine' }), answers: 'ok', mayChange: true },
  'PUT /group/modify': {
    body: ({ group }) => ({ id: group, name: 'mine', notice: 'mine', remarkNickName: 'me' }),
    answers: 'notGroupMember',
  },
  'DELETE /group/delete/{groupId}': {
    path: ({ group }) => `/group/delete/${group}`,
    answers: 'ownerOnlyDissolve',
  },
  'GET /group/find/{groupId}': {
    path: ({ group }) => `/group/find/${group}`,
    answers: { others: 'notJoined', formerMember: 'ok' },
  },
  'GET /group/list': { answers: 'ok' },
  'POST /group/invite': {
    body: ({ group, bob }) => ({ groupId: group, friendIds: [bob.id] }),
    answers: 'notMemberForInvite',
  },
  'GET /group/members/{groupId}': {
    path: ({ group }) => `/group/members/${group}`,
    answers: { others: 'notJoined', formerMember: 'ok' },
  },
  'DELETE /group/members/remove': {
    body: ({ group, bob }) => ({ groupId: group, userIds: [bob.id] }),
    answers: 'noPermission',
  },
  'DELETE /group/quit/{groupId}': {
    path: ({ group }) => `/group/quit/${group}?again`,
    answers: 'notGroupMember',
  },
  'DELETE /group/kick/{groupId}': {
    path: ({ group, bob }) => `/group/kick/${group}?userId=${bob.id}`,
    answers: 'notOwnerForKick',
  },
  'PUT /group/dnd': { body: ({ group }) => ({ groupId: group, isDnd: true }), answers: 'notGroupMember' },

  'POST /message/private/send': {
    body: ({ ann }) => ({ recvId: ann.id, content: 'hi', type: 0 }),
    answers: 'notFriends',
  },
  'DELETE /message/private/recall/{id}': {
    path: ({ privateMessage }) => `/message/private/recall/${privateMessage}`,
    answers: 'messageUnknown',
  },
  'GET /message/private/loadOfflineMessage': {
    path: () => '/message/private/loadOfflineMessage?minId=0',
    answers: 'ok',
    // What was sent to him is delivered now.
    mayChange: true,
  },
  'PUT /message/private/readed': {
    path: toAnn('/message/private/readed?friendId='),
    answers: 'ok',
    // What they said to each other as friends.
    mayChange: true,
  },
  'GET /message/private/maxReadedId': {
    path: toAnn('/message/private/maxReadedId?friendId='),
    answers: 'ok',
  },
  'GET /message/private/history': { path: toAnn('/message/private/history?friendId='), answers: 'ok' },

  'POST /message/group/send': {
    body: ({ group }) => ({ groupId: group, content: 'hi', type: 0 }),
    answers: 'notMemberForSend',
  },
  'DELETE /message/group/recall/{id}': {
    path: ({ groupMessage }) => `/message/group/recall/${groupMessage}`,
    answers: 'messageUnknown',
  },
  'GET /message/group/loadOfflineMessage': {
    path: () => '/message/group/loadOfflineMessage?minId=0',
    answers: 'ok',
    // What was sent to him is delivered now.
    mayChange: true,
  },
  'PUT /message/group/readed': {
    path: (world) => `/message/group/readed?${withGroup(world)}`,
    answers: 'ok',
  },
  'GET /message/group/findReadedUsers': {
    path: (world) => `/message/group/findReadedUsers?${withGroup(world)}&messageId=${world.groupMessage}`,
    answers: 'notMemberForReaders',
  },
  'GET /message/group/history': {
    path: (world) => `/message/group/history?${withGroup(world)}`,
    answers: 'notMemberForHistory',
  },

  'POST /image/upload': { answers: 'imageFailed' },
  'POST /file/upload': { answers: 'fileFailed' },

  'POST /webrtc/private/call': {
    path: toAnn('/webrtc/private/call?uid='),
    body: () => ({}),
    answers: 'notFriends',
  },
  'POST /webrtc/private/accept': {
    path: toAnn('/webrtc/private/accept?uid='),
    body: () => ({}),
    answers: 'callOver',
  },
  'POST /webrtc/private/candidate': {
    path: toAnn('/webrtc/private/candidate?uid='),
    body: () => ({}),
    answers: 'callOver',
  },
  ...Object.fromEntries(
    ['reject', 'cancel', 'failed', 'handup', 'heartbeat'].map((step): [string, Line] => [
      `POST /webrtc/private/${step}`,
      {
        path: toAnn(`/webrtc/private/${step}?uid=`),
        // Without a call it is taken all the same, and tells nobody anything.
        answers: step === 'heartbeat' ? 'ok' : 'callOver',
      },
    ]),
  ),
  'POST /friend/add': { path: toAnn('/friend/add?friendId='), answers: 'requestSent', mayChange: true },
  'POST /logout': { answers: 'ok', mayChange: true },
};

import { waitUntil } from '../../../support/wait-until.ts';
import { dyingAt } from '../../kit/dying-at.ts';
import { call, comer, member, mostDeaths, owner, type World } from './world.ts';

interface Group {
  readonly id: number;
  /** Of the message of the owner. */
  readonly number: number;
}

/** Whoever asks again is answered by what was done before: that they are no member any more, or that it was done. */
interface Change {
  readonly by: number;
  readonly method: string;
  readonly path: (group: Group) => string;
  readonly body?: object;
  /** Tips that tell of it. */
  readonly tips: number;
  readonly members: readonly number[];
}

const messages = ({ id }: Group): string => `/v1/conversations/group:${id}/messages`;
const members = ({ id }: Group): string => `/v1/groups/${id}/members`;
const text = (said: string): object => ({ content: { type: 'text', text: said } });
const stay = { tips: 0, members: [owner, member] };

const changes: Readonly<Record<string, Change>> = {
  send: { by: owner, method: 'POST', path: messages, body: text('sent'), ...stay },
  edit: { by: owner, method: 'PATCH', path: ofMessage, body: text('edited'), ...stay },
  recall: { by: owner, method: 'DELETE', path: ofMessage, ...stay },
  reaction: {
    by: member,
    method: 'PUT',
    path: (group) => `${ofMessage(group)}/reactions/%F0%9F%91%8D`,
    ...stay,
  },
  read: {
    by: member,
    method: 'PUT',
    path: ({ id }) => `/v1/conversations/group:${id}/read`,
    body: { number: 2 },
    ...stay,
  },
  join: {
    ...{ by: owner, method: 'POST', path: members, body: { userIds: [String(comer)] } },
    ...{ tips: 1, members: [owner, member, comer] },
  },
  'put out': {
    ...{ by: owner, method: 'DELETE', path: (group) => `${members(group)}/${member}` },
    ...{ tips: 1, members: [owner] },
  },
  leave: {
    ...{ by: member, method: 'DELETE', path: (group) => `${members(group)}/${member}` },
    ...{ tips: 1, members: [owner] },
  },
  dismissal: { by: owner, method: 'DELETE', path: ({ id }) => `/v1/groups/${id}`, tips: 1, members: [] },
};

function ofMessage(group: Group): string {
  return `${messages(group)}/${group.number}`;
}

/** What a group is or has. What an instance does by itself beside it touches none of these. */
const ofGroups = [
  ...['group', 'group_member', 'group_message', 'conversation', 'conversation_member'],
  ...['lane_order', 'message_detail', 'reaction'],
];

/** Each kind of change in a group whose lane is in another database. */
export class Groups {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  async killInAll(): Promise<void> {
    for (const [name, change] of Object.entries(changes)) await this.#killIn(name, change);
  }

  /** Before its first statement, before its second one, and so on, until it lives. */
  async #killIn(name: string, change: Change): Promise<void> {
    for (let nth = 1; nth <= mostDeaths; nth++) {
      const group = await this.#makeGroup();
      const dying = await this.#world.startAnother(dyingAt(nth, ofGroups));
      const key = `${name.replaceAll(' ', '-')}-${group.id}`;
      const asked = { ...change, path: change.path(group), ...(change.path === messages && { key }) };
      const first = await call(dying, asked).catch((error: unknown) => error as Error);
      const isAlive = !(first instanceof Error);
      if (isAlive && first.status >= 400) this.#world.problems.push(`${name}: ${JSON.stringify(first)}`);
      if (!isAlive) {
        this.#world.noteDeath(name);
        await call(this.#world.survivor, asked);
        await this.#leaseEnds(group);
      }
      await this.#judge(`${name}, killed at ${nth}`, change, group);
      await dying.kill();
      if (isAlive) return;
    }
    this.#world.problems.push(`${name} has more than ${mostDeaths} statements`);
  }

  /** As if the seconds had passed, for which an order is the instance's alone that is dead now. */
  async #leaseEnds({ id }: Group): Promise<void> {
    await this.#world.database
      .sql('im_lane_order')
      .where({ conversation: `group:${id}` })
      .update({ nextTime: Date.now() });
  }

  async #makeGroup(): Promise<Group> {
    const at = this.#world.survivor;
    const { body } = await call(at, {
      by: owner,
      method: 'POST',
      path: '/v1/groups',
      body: { name: 'club' },
    });
    const group = { id: Number((body as { id: string }).id), number: 2 };
    const invited = { userIds: [String(member)] };
    await call(at, { by: owner, method: 'POST', path: members(group), body: invited });
    await call(at, { by: owner, method: 'POST', path: messages(group), body: text('said') });
    return group;
  }

  async #judge(when: string, change: Change, { id: groupId }: Group): Promise<void> {
    const [first, there] = this.#world.database.laneDatabases;
    if (!first || !there) throw new Error('There are two databases');
    const conversation = `group:${groupId}`;
    await waitUntil(
      'all that was ordered is done',
      async () => (await first.sql('im_lane_order').where({ conversation }).select()).length === 0,
      60_000,
    );
    const rows = await there
      .sql('im_group_message')
      .where({ groupId })
      .orderBy('number')
      .select<{ number: number; type: number; content: string }[]>('number', 'type', 'content');
    const places = await there
      .sql('im_conversation_member')
      .where({ conversation, leftNumber: null })
      .orderBy('userId')
      .select<{ userId: number }[]>('userId');
    const expect = (what: string, is: unknown, should: unknown): void =>
      this.#world.expect(`${when}: ${what}`, is, should);
    expect(
      'numbers are',
      rows.map(({ number }) => number),
      rows.map((_, index) => index + 1),
    );
    expect('tips are', rows.filter(({ type }) => type === 21).length, 1 + change.tips);
    expect(
      'places are',
      places.map(({ userId }) => userId),
      change.members,
    );
    const sent = rows.filter(({ content }) => content === 'sent').length;
    expect('what was sent is there', sent, change === changes['send'] ? 1 : 0);
  }
}

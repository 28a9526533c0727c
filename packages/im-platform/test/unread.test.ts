import { describe, expect, it } from 'vitest';
import { ConversationStore } from '../src/conversations/conversation-store.ts';
import { unreadOf } from './support/conversations.ts';
import { dice } from './support/dice.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { say, sayInGroup } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { startTestPlatform, storeKinds, type TestPlatform } from './support/test-platform.ts';

interface Said {
  readonly number: number;
  readonly id: number;
  readonly by: number;
  /** A tip, or a note that something was recalled. */
  readonly counts: boolean;
  isRecalled: boolean;
}

/** A conversation as somebody would keep it who looks at every message each time. */
class Naive {
  readonly said: Said[] = [];
  readonly read = new Map<number, number>();
  readonly members = new Set<number>();

  get last(): number {
    return this.said.at(-1)?.number ?? 0;
  }

  join(userId: number): void {
    this.members.add(userId);
    this.read.set(userId, this.last);
  }

  note(message: { number: number; id: number; sendId: number }, counts: boolean): void {
    this.said.push({ number: message.number, id: message.id, by: message.sendId, counts, isRecalled: false });
  }

  moveRead(userId: number, upTo: number): void {
    this.read.set(userId, Math.max(this.read.get(userId) ?? 0, Math.min(upTo, this.last)));
  }

  unread(userId: number): number {
    const from = this.read.get(userId) ?? 0;
    return this.said.filter(
      ({ number, by, counts, isRecalled }) => number > from && by !== userId && counts && !isRecalled,
    ).length;
  }
}

interface World {
  readonly test: TestPlatform;
  readonly people: readonly Person[];
  readonly groupId: number;
  readonly store: ConversationStore;
}

async function lastTip(
  { test }: World,
  groupId: number,
): Promise<{ number: number; id: number; sendId: number }> {
  const row = await test.platform.database
    .sql('im_group_message')
    .where({ groupId })
    .orderBy('number', 'desc')
    .first<{ number: number; id: number; sendId: number }>('number', 'id', 'sendId');
  return row;
}

describe.each(storeKinds)('what is unread on %s', (kind) => {
  it('is what somebody counts who looks at each message', async () => {
    const test = await startTestPlatform({ store: kind });
    const ann = await test.register('ann');
    const [bob, cleo] = [await test.register('bob'), await test.register('cleo')];
    await befriend(test, ann, bob, cleo);
    const { id: groupId } = await openGroup(ann, []);
    const people = [ann, bob, cleo] as const;
    const store = new ConversationStore(test.platform.database);
    const world = { test, people, groupId, store };
    const pair = `private:${ann.id}:${bob.id}`;
    const group = `group:${groupId}`;
    const talk = new Naive();
    for (const { id } of [ann, bob]) talk.join(id);
    const club = new Naive();
    club.join(ann.id);
    const roll = dice(7);
    const pick = <T>(list: readonly T[]): T => list[roll(list.length)] as T;

    for (let step = 0; step < 80; step++) {
      const inClub = people.filter(({ id }) => club.members.has(id));
      const who = pick(inClub);
      switch (roll(9)) {
        case 0:
        case 1:
          club.note(await sayInGroup(who, groupId, `${step}`), true);
          break;
        case 2:
        case 3: {
          const [from, to] = roll(2) === 0 ? ([ann, bob] as const) : ([bob, ann] as const);
          talk.note(await say(from, to, `${step}`), true);
          break;
        }
        case 4: {
          const mine = club.said.filter(
            ({ by, counts, isRecalled }) => by === who.id && counts && !isRecalled,
          );
          if (mine.length === 0) break;
          const message = pick(mine);
          club.note(await who.delete(`/message/group/recall/${message.id}`), false);
          message.isRecalled = true;
          break;
        }
        case 5: {
          const mine = talk.said.filter(
            ({ by, counts, isRecalled }) => by === ann.id && counts && !isRecalled,
          );
          if (mine.length === 0) break;
          const message = pick(mine);
          talk.note(await ann.delete(`/message/private/recall/${message.id}`), false);
          message.isRecalled = true;
          break;
        }
        case 6: {
          const guest = pick([bob, cleo]);
          if (club.members.has(guest.id)) {
            await ann.delete(`/group/members/remove?step=${step}`, { groupId, userIds: [guest.id] });
            club.members.delete(guest.id);
            club.note(await lastTip(world, groupId), false);
          } else {
            await ann.post(`/group/invite?step=${step}`, { groupId, friendIds: [guest.id] });
            club.join(guest.id);
            club.note(await lastTip(world, groupId), false);
          }
          break;
        }
        case 7: {
          const upTo = roll(3) === 0 ? club.last : roll(club.last + 1);
          await store.moveReads([{ userId: who.id, conversation: group, upTo }]);
          club.moveRead(who.id, upTo);
          break;
        }
        default: {
          const reader = pick([ann, bob]);
          if (roll(2) === 0) {
            const friend = reader === ann ? bob : ann;
            await reader.put(`/message/private/readed?friendId=${friend.id}`);
            if (talk.said.length > 0) talk.moveRead(reader.id, talk.last);
          } else if (club.members.has(reader.id)) {
            await reader.put(`/message/group/readed?groupId=${groupId}`);
            club.moveRead(reader.id, club.last);
          }
        }
      }
      for (const { id } of people) {
        const wanted: Record<string, number> = {};
        if (club.members.has(id)) wanted[group] = club.unread(id);
        if (talk.members.has(id) && talk.said.length > 0) wanted[pair] = talk.unread(id);
        expect(await unreadOf(test.platform.database, id), `step ${step}, user ${id}`).toEqual(wanted);
      }
    }
  });
});

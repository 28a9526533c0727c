import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StoredMessage } from '../src/model/message.ts';
import { newer } from '../src/model/newer.ts';

const emoji = ['👍', '🎉', '😂'];

/** As the platform would have it after so many changes. */
function state(stamp: number, mine: readonly string[], isRecalled: boolean): StoredMessage {
  const content = isRecalled
    ? { type: 'recalled' as const }
    : { type: 'text' as const, text: `as of ${stamp}` };
  return {
    ...{ id: '9', conversationId: 'group:1', number: 7, senderId: '2', senderName: 'Bob', mentions: [] },
    ...{ sentAt: '2026-11-27T12:00:00.000Z', content, status: isRecalled ? 'recalled' : 'sent', stamp },
    ...{ editedAt: null, replyTo: null, forwarded: null, isPinned: false },
    reactions: isRecalled ? [] : mine.map((one) => ({ emoji: one, count: 1 })),
    myReactions: isRecalled ? [] : [...mine],
  };
}

test('whichever state of a message is heard first, twice or never: with the last of them it is as the platform has it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.subarray(emoji), { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      fc.array(fc.record({ at: fc.nat(), isWhole: fc.boolean() }), { maxLength: 20 }),
      fc.nat(),
      (changes, isRecalled, heard, place) => {
        const states = changes.map((mine, stamp) =>
          state(stamp, mine, isRecalled && stamp === changes.length - 1),
        );
        const last = states.at(-1);
        if (!last) throw new Error('There is one at least.');
        const all = heard.map(({ at, isWhole }) => {
          const one = states[at % states.length] ?? last;
          // To a whole group, without what each reader has reacted.
          const { myReactions: _, ...toAll } = one;
          return isWhole ? one : toAll;
        });
        all.splice(place % (all.length + 1), 0, last);

        const { mineStamp, ...seen } = all.reduce(newer);

        expect(seen).toEqual(last);
        expect(mineStamp).toBeUndefined();
      },
    ),
  );
});

test('what is pushed in the form of box-im changes nothing that is known better', () => {
  const known = state(0, ['👍'], false);
  const { myReactions: _, ...bare } = state(-1, [], false);
  expect(newer(known, bare)).toEqual(known);
  expect(newer(bare, { ...known, key: 'a row' })).toEqual({ ...known, key: 'a row' });
});

import { expect, test } from 'vitest';
import { missingIn } from '../src/end-to-end/missing.ts';
import type { Message, MessageEncryption } from '../src/model/message.ts';

function said(place: number, since?: number, deviceId = 'A'): Message {
  const encryption: MessageEncryption = {
    ...{ kind: 'read', deviceId, place, isVerified: true },
    ...(since !== undefined && { since }),
  };
  return { ...shown, key: `${deviceId}${place}`, encryption };
}

const shown: Message = {
  ...{ key: '', conversationId: 'private:1:2', number: 1, id: '1', senderId: '1', senderName: null },
  ...{ isMine: false, sentAt: '', content: { type: 'text', text: '' }, mentions: [], replyTo: null },
  ...{ editedAt: null, forwarded: null, isPinned: false, reactions: [], state: 'sent' },
};

test('a place is empty when its device does not know that it was said, and else what had it is missing', () => {
  expect([...missingIn([said(1), said(2, 1), said(3, 2)])]).toEqual([]);
  // It died between taking place 2 and sealing what was to have it.
  expect([...missingIn([said(1, 0), said(3, 1), said(4, 3)])]).toEqual([]);
  expect([...missingIn([said(1, 0), said(4, 3)])]).toEqual([['A4', 2]]);
  // Of another device it says nothing.
  expect([...missingIn([said(1, 0), said(7, 0, 'B'), said(2, 1)])]).toEqual([]);
  // As it was said before devices said so.
  expect([...missingIn([said(1), said(3)])]).toEqual([['A3', 1]]);
  // What cannot be read, or was taken back, may have been any of them.
  const unreadable: Message = { ...shown, encryption: { kind: 'unreadable', why: 'no-key' } };
  expect([...missingIn([said(1, 0), unreadable, said(4, 3)])]).toEqual([['A4', 1]]);
});

import { expect, test } from 'vitest';
import { Inbox } from '../src/inbox/inbox.ts';
import { blank } from '../src/model/conversation-summary.ts';
import { show, type StoredMessage } from '../src/model/message.ts';
import { readPush } from '../src/pushes/push.ts';

const me = '1';
const id = 'private:1:2';

function inboxWith(known: object): { readonly inbox: Inbox; readonly syncs: () => number } {
  let syncs = 0;
  const inbox = new Inbox({
    ...{ userId: me, saver: { save: () => undefined } },
    see: (conversation) => conversation,
    onNeedsSync: () => (syncs += 1),
  });
  inbox.load([{ ...blank(id, me), ...known }]);
  return { inbox, syncs: () => syncs };
}

/** As the platform pushes what somebody says or takes back. */
function hear(inbox: Inbox, push: object): void {
  const read = readPush('private', { sendId: 2, recvId: 1, ...push }, me);
  if (read.is === 'message') inbox.heard(read.message, read.counted);
  else if (read.is === 'recall') inbox.heardRecall(read);
  else if (read.is === 'positions') inbox.reached(read.positions);
  else throw new Error(`This is ${read.is}.`);
}

test('what is taken back is unread no more: once, and only when it was', () => {
  const { inbox, syncs } = inboxWith({ last: 6, read: 4, unread: 2, skipped: 1, stamp: 10 });
  const recall = { id: 20, number: 7, type: 10, content: '16' };

  hear(inbox, { ...recall, conversation: { skipped: 2, stamp: 11, recalled: 6 } });
  hear(inbox, { ...recall, conversation: { skipped: 2, stamp: 11, recalled: 6 } });
  expect(inbox.get(id)).toMatchObject({ last: 7, unread: 1, skipped: 2, stamp: 11 });

  hear(inbox, { ...recall, id: 21, number: 8, conversation: { skipped: 3, stamp: 12, recalled: 3 } });
  expect(inbox.get(id)).toMatchObject({ last: 8, unread: 1 });
  hear(inbox, { id: 22, number: 9, type: 0, content: 'hello', conversation: { skipped: 3, stamp: 13 } });
  expect(inbox.get(id)).toMatchObject({ last: 9, unread: 2, stamp: 13 });
  expect(syncs()).toBe(0);

  // One that is repeated does not say what it takes back.
  hear(inbox, { ...recall, id: 23, number: 10 });
  expect([inbox.get(id)?.last, syncs()]).toEqual([10, 1]);
});

test('what was unread before the first push is asked for until a push is not faster than the answer', () => {
  const { inbox, syncs } = inboxWith({ id: 'private:1:3' });
  const push = { type: 0, content: 'hello' };
  // The platform has the first two by then: the first one, a tip, is nobody's.
  hear(inbox, { ...push, id: 22, number: 3, conversation: { skipped: 1, stamp: 3 } });
  hear(inbox, { ...push, id: 23, number: 4, conversation: { skipped: 1, stamp: 4 } });
  expect(inbox.get(id)).toMatchObject({ last: 4, unread: 2 });
  expect(syncs()).toBe(1);

  const answer = { id, read: 0, skipped: 1, myStamp: 1 };
  inbox.apply({ ...answer, last: 3, unread: 2, stamp: 3 });
  expect([inbox.get(id)?.last, syncs()]).toEqual([4, 2]);
  inbox.apply({ ...answer, last: 4, unread: 3, stamp: 4 });
  expect(inbox.get(id)).toMatchObject({ last: 4, unread: 3 });
  inbox.apply({ ...answer, last: 3, unread: 2, stamp: 3 });
  expect([inbox.get(id)?.unread, syncs()]).toEqual([3, 2]);
});

test('who has left hears what was taken back, and nothing of what came since', () => {
  const { inbox, syncs } = inboxWith({ last: 6, read: 4, unread: 2 });
  const before = inbox.get(id);

  const push = { type: 10, content: '16', sendId: 2, recvId: 1, conversation: { recalled: 6 } };
  expect(readPush('private', push, me)).toMatchObject({ is: 'recall', messageId: '16', recalled: 6 });
  hear(inbox, push);

  expect(inbox.get(id)).toBe(before);
  expect(syncs()).toBe(0);
});

test('how far what I wrote has come only grows, and says the state of each message', () => {
  const { inbox } = inboxWith({ last: 6, stamp: 10, myStamp: 5 });
  const positions = (read: number, delivered: number) => ({
    ...{ type: 60, positions: { conversationId: id, read, delivered } },
  });

  hear(inbox, positions(3, 5));
  hear(inbox, positions(2, 6));
  inbox.apply({ id, stamp: 11, myStamp: 6, last: 6, otherRead: 1, otherDelivered: 1 });
  expect(inbox.get(id)).toMatchObject({ stamp: 11, otherRead: 3, otherDelivered: 6 });
  inbox.apply({ id, stamp: 9, myStamp: 4, last: 5, otherRead: 4, otherDelivered: 4 });
  expect(inbox.get(id)).toMatchObject({ stamp: 11, last: 6, otherRead: 4, otherDelivered: 6 });

  const stateOf = (number: number, isMine = true): string => {
    const message: StoredMessage = {
      ...{ id: '9', conversationId: id, number, senderId: me, senderName: null, mentions: [] },
      ...{ sentAt: '2026-11-27T12:00:00.000Z', content: { type: 'text', text: 'hello' }, status: 'sent' },
      ...{ stamp: 0, editedAt: null, replyTo: null, forwarded: null, isPinned: false, reactions: [] },
    };
    const reached = inbox.get(id);
    return show(message, isMine, reached && { reached }).state;
  };
  expect([4, 5, 6, 7].map((number) => stateOf(number))).toEqual(['read', 'delivered', 'delivered', 'sent']);
  expect(stateOf(4, false)).toBe('received');
});

test('what a push has beside box-im is taken when it is a message of that number, and nothing else', () => {
  const message: StoredMessage = {
    ...{
      id: '9',
      conversationId: id,
      number: 7,
      senderId: '2',
      senderName: null,
      mentions: [],
      status: 'sent',
    },
    ...{ sentAt: '2026-11-27T12:00:00.000Z', content: { type: 'text', text: 'hello' } },
    ...{ stamp: 3, editedAt: null, replyTo: { number: 2 }, forwarded: null, isPinned: true, reactions: [] },
  };
  const said = { id: 9, number: 7, type: 0, content: 'hello', sendId: 2, recvId: 1 };

  expect(readPush('private', { ...said, message }, me)).toMatchObject({ is: 'message', message });
  for (const wrong of [{ ...message, number: 8 }, { ...message, reactions: undefined }, 'hello', null])
    expect(readPush('private', { ...said, message: wrong }, me)).toMatchObject({ message: { stamp: -1 } });
  expect(readPush('system', { type: 61, message }, me)).toEqual({ is: 'changed', message });
  expect(readPush('system', { type: 61, message: { ...message, content: null } }, me)).toEqual({
    is: 'other',
  });
  const deleted = { conversationId: id, numbers: [2, 'x', 3] };
  expect(readPush('system', { type: 61, deleted }, me)).toEqual({
    is: 'deleted',
    ...deleted,
    numbers: [2, 3],
  });
});

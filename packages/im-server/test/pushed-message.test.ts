import { decodeEntry, encodeEntry, toByteText, type Entry } from 'im-common/internal/bus';
import { expect, it } from 'vitest';
import type { Framing } from '../src/wire/link.ts';
import { LatestOnly } from '../src/push/latest-only.ts';
import { PushedMessage, type Batch } from '../src/push/pushed-message.ts';

const framing: Framing = { index: 0, text: (body) => body, ping: undefined, hasCloseCodes: true };
const batch: Batch = {
  kind: 'private',
  source: { list: 'list', consumer: 'consumer' },
  takenAt: 0,
  dueSince: 0,
  onOutcome: () => undefined,
  onMissed: () => undefined,
  isKept: () => false,
  isFor: () => true,
  onNumbered: () => undefined,
  hasPassed: () => false,
  latest: new LatestOnly([]),
};

it.each<[string, Partial<Entry>]>([
  ['one receiver', { receivers: [{ id: '2', terminal: 0 }] }],
  [
    'many receivers and nothing that ASCII could hold',
    {
      receivers: Array.from({ length: 20 }, (_, index) => ({ id: `user-${index}@example.org`, terminal: 1 })),
      dataText: toByteText('{"text":"\u8ba2\u5355 \u{1f600}"}'),
      messageId: '\u8ba2\u5355-1',
      attempt: 3,
    },
  ],
  ['everyone', { receivers: [], everyoneOn: [0, 1] }],
])('a message to %s that stays keeps its entry and its frames', (_, some) => {
  const entry = decodeEntry(
    encodeEntry('private', {
      dataText: toByteText('{"id":9007199254740993}'),
      receivers: [],
      sendResult: true,
      serviceName: 'app',
      attempt: 1,
      senderText: toByteText('{"id":1,"terminal":0}'),
      queuedAt: 1_790_000_000_000,
      ...some,
    }),
  );
  const message = new PushedMessage(batch, 7, entry);
  const frames = [message.frame(framing, false), message.frame(framing, true)];

  message.detach();
  message.detach();

  expect(message.entry).toEqual(entry);
  expect(message.entry).not.toBe(entry);
  expect([message.frame(framing, false), message.frame(framing, true)]).toEqual(frames);
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ByteText } from 'im-common/bus';
import { PendingMessage } from '../src/ledger/pending-message.ts';
import { numberedId, PendingMessages } from '../src/ledger/pending-messages.ts';

const address = { id: '2', terminal: 0 };

/** By a number of this instance's own, or as its caller has named it. */
function message(number: number, isNamed: boolean): PendingMessage {
  const messageId = isNamed ? `order-${number}` : numberedId('in-stance', number);
  const named = { kind: 'private', messageId, dataText: '1' as ByteText, attempt: 1 } as const;
  return new PendingMessage(isNamed ? named : { ...named, number }, [address]);
}

it('finds pending messages by id, as a Map does', () => {
  const number = fc.oneof(fc.nat(40), fc.integer({ min: 250, max: 260 }), fc.nat(1_000_000));
  const step = fc.record({ number, isNamed: fc.boolean(), stays: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const real = new PendingMessages();
      const model = new Map<string, PendingMessage>();
      for (const { number, isNamed, stays } of steps) {
        const pending = message(number, isNamed);
        const { messageId } = pending.message;
        expect(real.get(messageId)).toBe(model.get(messageId));
        if (stays) {
          real.set(pending);
          model.set(messageId, pending);
        } else {
          real.delete(pending);
          model.delete(messageId);
        }
        expect(real.get(messageId)).toBe(model.get(messageId));
        expect(real.size).toBe(model.size);
      }
      expect(new Set(real)).toEqual(new Set(model.values()));
    }),
  );
});

it.each(['other-1', 'in-stance-1x', 'in-stance-', '1', '', `in-stance-${'z'.repeat(40)}`, 'in-stance-1.5'])(
  'finds nothing by %j, which only looks like a number of its own',
  (messageId) => {
    const real = new PendingMessages();
    real.set(message(1, false));

    expect(real.get(messageId)).toBeUndefined();
    expect(real.get('in-stance-1')).toBeDefined();
  },
);

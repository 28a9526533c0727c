import fc from 'fast-check';
import { addressKey, type DeviceAddress } from 'im-common';
import { ResultCode, type ByteText } from 'im-common/bus';
import type { Outcome, Result } from 'im-common/internal/bus';
import { describe, expect, it } from 'vitest';
import { Ledger } from '../src/ledger/ledger.ts';
import { PendingMessage } from '../src/ledger/pending-message.ts';

const deadlineMs = 100;

/** The same ledger, as plainly as one can write it. */
class Model {
  readonly messages = new Map<string, { outstanding: Set<string>; deadline: number }>();

  decide(messageId: string, keys: readonly string[]): string[] {
    const message = this.messages.get(messageId);
    const final = keys.filter((key) => message?.outstanding.delete(key));
    if (message?.outstanding.size === 0 && message.deadline !== Infinity) this.messages.delete(messageId);
    return final;
  }

  expire(now: number): string[] {
    const expired: string[] = [];
    for (const [messageId, { outstanding, deadline }] of this.messages) {
      if (deadline > now) continue;
      expired.push(...Array.from(outstanding, (key) => `${messageId} ${key}`));
      this.messages.delete(messageId);
    }
    return expired;
  }
}

type Real = { ledger: Ledger; pending: PendingMessage[]; now: number; finals: Map<string, number> };

const terminals: readonly DeviceAddress[] = [0, 1, 2].map((terminal) => ({ id: '2', terminal }));

function keyOf({ id, terminal }: DeviceAddress): string {
  return addressKey(id, terminal);
}

function resultOf(messageId: string, addresses: readonly DeviceAddress[]): Result {
  const outcomes = addresses.map((address): Outcome => ({ address, stage: 'proved' }));
  return {
    code: ResultCode.SUCCESS,
    outcomes,
    dataText: '1' as ByteText,
    messageId,
    attempt: 1,
    last: false,
  };
}

function countFinals(real: Real, messageId: string, outcomes: readonly Outcome[]): void {
  for (const { address } of outcomes) {
    const key = `${messageId} ${keyOf(address)}`;
    real.finals.set(key, (real.finals.get(key) ?? 0) + 1);
    expect(real.finals.get(key)).toBe(1);
  }
}

class Send implements fc.Command<Model, Real> {
  readonly receivers: readonly DeviceAddress[];
  readonly starts: boolean;

  constructor(receivers: readonly DeviceAddress[], starts: boolean) {
    this.receivers = receivers;
    this.starts = starts;
  }

  check(): boolean {
    return true;
  }

  run(model: Model, real: Real): void {
    const messageId = `m${real.pending.length}`;
    const message = { kind: 'private', messageId, dataText: '1' as ByteText, attempt: 1 } as const;
    const pending = new PendingMessage(message, this.receivers);
    real.pending.push(pending);
    real.ledger.register(pending);
    model.messages.set(messageId, { outstanding: new Set(this.receivers.map(keyOf)), deadline: Infinity });
    if (this.starts) new Start(real.pending.length - 1).run(model, real);
  }

  toString(): string {
    return `send to ${this.receivers.map(keyOf).join()}${this.starts ? '' : ', not on the bus yet'}`;
  }
}

class Start implements fc.Command<Model, Real> {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }

  check(model: Readonly<Model>): boolean {
    return model.messages.get(`m${this.index}`)?.deadline === Infinity;
  }

  run(model: Model, real: Real): void {
    real.ledger.start(real.pending[this.index]!, real.now);
    const message = model.messages.get(`m${this.index}`)!;
    message.deadline = real.now + deadlineMs;
    if (message.outstanding.size === 0) model.messages.delete(`m${this.index}`);
  }

  toString(): string {
    return `start m${this.index}`;
  }
}

class Decide implements fc.Command<Model, Real> {
  readonly index: number;
  readonly receivers: readonly DeviceAddress[];

  constructor(index: number, receivers: readonly DeviceAddress[]) {
    this.index = index;
    this.receivers = receivers;
  }

  check(): boolean {
    return true;
  }

  run(model: Model, real: Real): void {
    const messageId = `m${this.index}`;
    const { final, duplicates } = real.ledger.decide('private', resultOf(messageId, this.receivers));
    const outcomes = final?.outcomes ?? [];
    const expected = model.decide(messageId, this.receivers.map(keyOf));
    expect(outcomes.map(({ address }) => keyOf(address))).toEqual(expected);
    expect(duplicates).toBe(this.receivers.length - expected.length);
    countFinals(real, messageId, outcomes);
  }

  toString(): string {
    return `result of m${this.index} for ${this.receivers.map(keyOf).join()}`;
  }
}

class Pass implements fc.Command<Model, Real> {
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }

  check(): boolean {
    return true;
  }

  run(model: Model, real: Real): void {
    real.now += this.ms;
    const expired = real.ledger.expire(real.now);
    for (const { pending, outcomes } of expired) {
      expect(outcomes.every(({ reason }) => reason === 'EXPIRED')).toBe(true);
      countFinals(real, pending.message.messageId, outcomes);
    }
    const keys = expired.flatMap(({ pending, outcomes }) =>
      outcomes.map(({ address }) => `${pending.message.messageId} ${keyOf(address)}`),
    );
    expect(keys.sort()).toEqual(model.expire(real.now).sort());
    const deadlines = [...model.messages.values()].map(({ deadline }) => deadline);
    const next = Math.min(...deadlines);
    expect(real.ledger.nextDeadline ?? Infinity).toBe(next);
    expect(real.ledger.size).toBe(model.messages.size);
  }

  toString(): string {
    return `${this.ms} ms pass`;
  }
}

const anyReceivers = fc.uniqueArray(fc.constantFrom(...terminals), { minLength: 1 });
const anyMessage = fc.nat(12);

describe('the ledger', () => {
  it('gives each receiver of each message exactly one final outcome, whatever happens in whatever order', () => {
    const commands = fc.commands(
      [
        fc.tuple(anyReceivers, fc.boolean()).map(([receivers, starts]) => new Send(receivers, starts)),
        anyMessage.map((index) => new Start(index)),
        fc.tuple(anyMessage, anyReceivers).map(([index, receivers]) => new Decide(index, receivers)),
        fc.integer({ min: 1, max: 80 }).map((ms) => new Pass(ms)),
      ],
      { maxCommands: 60 },
    );
    fc.assert(
      fc.property(commands, (sequence) => {
        const real: Real = { ledger: new Ledger(deadlineMs), pending: [], now: 0, finals: new Map() };
        const model = new Model();
        fc.modelRun(() => ({ model, real }), sequence);
        // In the end every message that is on the bus has all its outcomes.
        new Pass(deadlineMs).run(model, real);
        for (const [index, pending] of real.pending.entries()) {
          if (model.messages.has(`m${index}`)) continue;
          expect(pending.over).toBe('done');
          expect(pending.outcomes.length).toBe(
            new Set(pending.outcomes.map(({ address }) => keyOf(address))).size,
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  it('forgets what it knows by receiver with the message', () => {
    const ledger = new Ledger(deadlineMs);
    const message = { kind: 'private', messageId: 'm', dataText: '{"a":1}' as ByteText, attempt: 1 } as const;
    const pending = new PendingMessage(message, [terminals[0]!]);
    ledger.register(pending);
    ledger.expectWithoutId(pending, [terminals[0]!]);
    ledger.start(pending, 0);
    const { messageId: _, ...withoutId } = {
      ...resultOf('m', [terminals[0]!]),
      dataText: '{ "a": 1 }' as ByteText,
    };

    expect(ledger.decide('private', withoutId).final).toBeDefined();
    expect(ledger.decide('private', withoutId)).toEqual({ final: undefined, duplicates: 1 });
    expect(ledger.size).toBe(0);
  });

  it('takes no result of another kind for its own', () => {
    const ledger = new Ledger(deadlineMs);
    const message = { kind: 'group', messageId: 'm', dataText: '1' as ByteText, attempt: 1 } as const;
    ledger.register(new PendingMessage(message, terminals));

    expect(ledger.decide('private', resultOf('m', terminals))).toEqual({ final: undefined, duplicates: 3 });
  });
});

import { createMemoryBus } from 'im-common/bus';
import { describe, expect, it } from 'vitest';
import { createImClient, ImError } from '../src/index.ts';

const bus = createMemoryBus();

function problemWith(options: Record<string, unknown>): ImError {
  try {
    createImClient({ service: 'shop', bus, ...options });
  } catch (error) {
    return error as ImError;
  }
  throw new Error('Expected a refusal');
}

describe('options', () => {
  it.each<[string, unknown, string]>([
    ['service', undefined, 'missing'],
    ['service', '', 'empty'],
    ['service', 'shop@1', 'with the sign that sets instances apart'],
    ['service', 'x'.repeat(65), 'too long'],
    ['service', 'shöp', 'not ASCII'],
    ['service', 7, 'a number'],
    ['redis', 'redis://localhost', 'beside a bus'],
    ['terminals', [], 'none'],
    ['terminals', [0, 0], 'twice the same'],
    ['terminals', [0.5], 'a fraction'],
    ['terminals', [2 ** 31], 'beyond 32 bits'],
    ['terminals', 'web', 'no list'],
    ['resultDeadlineMs', 0, 'zero'],
    ['resultDeadlineMs', 2 ** 31, 'more than a timer can wait'],
    ['sendTimeoutMs', -1, 'negative'],
    ['sendTimeoutMs', '3000', 'a string'],
    ['maxMessageBytes', 1.5, 'a fraction'],
    ['maxListLength', Number.NaN, 'not a number'],
    ['retryDelaysMs', 100, 'no list'],
    ['retryDelaysMs', [100, -1], 'negative'],
    ['listenerTimeoutMs', Infinity, 'endless'],
    ['leaseMs', null, 'null'],
  ])('are refused by name: %s %j (%s)', (name, value) => {
    const problem = problemWith({ [name]: value });

    expect(problem).toBeInstanceOf(ImError);
    expect(problem.code).toBe('INVALID_OPTION');
    expect(problem.message).toContain(`The option ${name} is `);
    expect(problem.message).toMatch(/expected .+\.$/);
  });

  it('need one bus', () => {
    expect(problemWith({ bus: undefined }).message).toContain('exactly one of the two');
    expect(problemWith({ bus: undefined, redis: 7 }).message).toContain('7');
  });

  it('with an address from an environment that has none are refused, in both forms', () => {
    const missing = process.env['IM_TEST_NOT_SET'];

    for (const redis of [missing, { url: missing, keyPrefix: missing }])
      expect(() => createImClient({ service: 'shop', redis })).toThrow(
        /The option (url is undefined|redis is missing).*expected /,
      );
  });

  it('with an address that is none are refused when the client is created', () => {
    expect(problemWith({ bus: undefined, redis: 'localhost:6379' })).toMatchObject({
      code: 'INVALID_OPTION',
    });
  });

  it('leave no trace before start: no connection, no timer', () => {
    const client = createImClient({ service: 'shop', redis: 'redis://192.0.2.1:6379' });

    expect(client.events.listenerCount('busLost')).toBe(0);
  });

  it('of one listener are checked as well', () => {
    const im = createImClient({ service: 'shop', bus });

    expect(() => im.on('all', () => undefined, { retryDelaysMs: [-1] })).toThrow('retryDelaysMs');
    expect(() => im.on('all', () => undefined, { listenerTimeoutMs: 0 })).toThrow('listenerTimeoutMs');
  });
});

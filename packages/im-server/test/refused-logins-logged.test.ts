import { connectDevice } from 'im-test/support';
import type { Logger } from 'im-common';
import { createMemoryBus } from 'im-common/bus';
import { afterEach, expect, test, vi } from 'vitest';
import { rateLimited } from '../src/metrics/rate-limited-logger.ts';
import { logIn, startServer, tokenOf } from './support.ts';

interface Line {
  readonly level: keyof Logger;
  readonly fields: object;
  readonly message: string;
}

function recorder(): { readonly logger: Logger; readonly lines: Line[] } {
  const lines: Line[] = [];
  const at =
    (level: keyof Logger) =>
    (fields: object, message: string): void =>
      void lines.push({ level, fields, message });
  return { lines, logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } };
}

afterEach(() => {
  vi.useRealTimers();
});

test('says at info why logins are refused, each reason on its own, and nothing of the token', async () => {
  const { logger, lines } = recorder();
  const server = await startServer(
    { url: '', prefix: '' },
    { bus: createMemoryBus(), logger, maxLoginsPerUser: 1, terminals: [0, 1] },
  );
  const refuse = async (accessToken: string): Promise<void> => {
    const device = await connectDevice(server.url);
    device.send({ cmd: 0, data: { accessToken } });
    await device.closed;
  };
  const expired = await tokenOf(7, 0, { expiresInS: -60 });
  for (const token of ['', 'nonsense\n'.repeat(99), expired, await tokenOf(7, 5), 'nonsense'])
    await refuse(token);
  const device = await logIn(server, 2);
  await refuse(await tokenOf(2));
  device.send({ cmd: 0, data: { accessToken: await tokenOf(3) } });
  await device.closed;

  const refusals = lines.filter(({ message }) => message.startsWith('login '));
  const from = expect.stringContaining('127.0.0.1') as string;
  expect(refusals.filter(({ level }) => level === 'info')).toEqual([
    { level: 'info', fields: { from }, message: 'login refused: it has no accessToken' },
    {
      level: 'info',
      fields: { from, why: expect.stringMatching(/^The token is (no JWT|not valid)/) as string },
      message: 'login refused: its token was not accepted',
    },
    {
      level: 'info',
      fields: { from, why: 'The token has expired.' },
      message: 'login refused: its token has expired',
    },
    {
      level: 'info',
      fields: { from, user: '7', terminal: 5 },
      message: 'login refused: its terminal is not among the option terminals',
    },
    {
      level: 'info',
      fields: { from, user: '2', terminal: 0 },
      message: 'login put off: the user has logged in too often (maxLoginsPerUser)',
    },
    {
      level: 'info',
      fields: { from, user: '3', terminal: 0 },
      message: 'login refused: a fresh token must be of the user and terminal that are logged in',
    },
  ]);
  // The second bad token within ten seconds.
  expect(refusals.filter(({ level }) => level === 'debug').map(({ message }) => message)).toEqual([
    'login refused: its token was not accepted',
  ]);
  expect(JSON.stringify(lines)).not.toMatch(/nonsense|eyJ/);
});

test('a flood of refusals is a line now and then, which says how many were left out', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const { logger, lines } = recorder();
  const limited = rateLimited(logger, 10_000);
  const refuse = (times: number): void => {
    for (let time = 0; time < times; time += 1) limited.info({ from: 'a' }, 'refused');
  };
  refuse(1_000);
  vi.advanceTimersByTime(9_999);
  refuse(1);
  vi.advanceTimersByTime(1);
  refuse(500);

  const logged = lines.filter(({ level }) => level === 'info');
  expect(logged.map(({ fields }) => fields)).toEqual([{ from: 'a' }, { from: 'a', leftOut: 1_000 }]);
  expect(lines.filter(({ level }) => level === 'debug')).toHaveLength(1_499);
});

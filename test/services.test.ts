import { expect, onTestFinished, test, vi } from 'vitest';
import { howToInstall, installMissing } from './support/install-programs.ts';

const redis = {
  names: ['no-such-redis'],
  packageName: 'redis-server',
  whatToDo: 'Or set REDIS_URL.',
} as const;
const mariaDb = {
  names: ['no-such-mariadbd', 'no-such-mysqld'],
  packageName: 'mariadb-server',
  whatToDo: 'Or set MYSQL_URL.',
} as const;

test('what is missing is said in one message, with the one command that installs it', () => {
  expect(howToInstall([redis, mariaDb], true)).toBe(`The tests run these programs, which are not installed:

  no-such-redis. Or set REDIS_URL.
  no-such-mariadbd or no-such-mysqld. Or set MYSQL_URL.

This installs what is missing, as root:

  apt-get update && apt-get install -y --no-install-recommends redis-server mariadb-server
`);
  expect(howToInstall([redis], false)).not.toContain('apt-get');
});

test('nothing is done about what is there, under any of its names', async () => {
  await installMissing([{ ...redis, names: ['no-such-shell', 'sh'] }]);
});

test('without rights what tests can do without keeps nothing from running, and is said', async () => {
  onTestFinished(() => void vi.restoreAllMocks());
  vi.spyOn(process, 'getuid').mockReturnValue(1_000);
  const log = vi.spyOn(console, 'log').mockReturnValue();
  const shell = { ...redis, packageName: 'a-shell', whatToDo: 'It takes longer.', isOptional: true };

  await installMissing([shell]);
  expect(log.mock.calls).toEqual([['no-such-redis is not installed. It takes longer.']]);
  await expect(installMissing([mariaDb, shell])).rejects.toThrow('no-such-mariadbd');
  await expect(installMissing([mariaDb, shell])).rejects.not.toThrow('no-such-redis');
});

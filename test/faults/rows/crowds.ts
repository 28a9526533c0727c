import { percentile } from '../kit/few.ts';
import { startPlatforms } from '../kit/platform.ts';
import { rssBytes } from '../kit/world.ts';
import type { Row } from './row.ts';

const password = 'secret-1';

/** Anonymous logins with names of 256 KB at a process that has 192 MB. `times` is the number of logins. */
export const longNames: Row = {
  name: 'long-names',
  numbers: [],
  holds: 'logins with names of 256 KB are refused and leave nothing behind in memory',
  inTest: 100,
  inFull: 640,
  async run({ times, scope }) {
    const { all } = await startPlatforms(scope, { nodeFlags: ['--max-old-space-size=192'] });
    const [platform] = all;
    if (!platform) throw new Error('no platform');
    const problems: string[] = [];
    const logIn = (userName: string): Promise<{ code: number }> =>
      platform.ask('POST', '/login', { terminal: 0, userName, password });
    await logIn('warm-up');
    const before = await rssBytes(platform.pid);
    let refused = 0;
    for (let n = 0; n < times; n += 16) {
      const some = Array.from({ length: Math.min(16, times - n) }, async (_, step) => {
        const { code } = await logIn(`${n + step}`.padStart(256 * 1_024, 'x'));
        if (code === 200 || code === 10001) problems.push(`name ${n + step} was looked up: ${code}`);
        else refused += 1;
      });
      await Promise.all(some);
    }
    const after = await rssBytes(platform.pid);
    if ((await logIn('nobody')).code !== 10001) problems.push('a short name is not answered as before');
    if (!platform.isRunning) problems.push(`the process ended:\n${platform.output}`);
    return {
      faults: times,
      checked: refused,
      problems,
      figures: { 'more memory': { value: (after - before) / 1_048_576, unit: 'MiB', atMost: 96 } },
    };
  },
};

const loginsMeanwhile = 20;
/** Twice `requestTimeoutMs`, as the machine is not only ours. */
const mostMs = 9_000;

/** Accounts that are opened at once. `times` is their number. */
export const registrationCrowd: Row = {
  name: 'registration-crowd',
  numbers: [],
  holds: 'a crowd that registers does not hold up those who log in, and a 503 has not happened',
  inTest: 100,
  inFull: 400,
  async run({ times, scope }) {
    const { all, database } = await startPlatforms(scope, { platform: { registrationsPerHour: 1_000_000 } });
    const [platform] = all;
    if (!platform) throw new Error('no platform');
    const problems: string[] = [];
    const register = (userName: string): Promise<{ code: number }> =>
      platform.ask('POST', '/register', { userName, password });
    for (let n = 0; n < loginsMeanwhile; n++) await register(`old-${n}`);

    const crowd = Promise.all(Array.from({ length: times }, (_, n) => register(`new-${n}`)));
    const logins = Array.from({ length: loginsMeanwhile }, async (_, n) => {
      const since = performance.now();
      const body = { terminal: 0, userName: `old-${n}`, password };
      const { code } = await platform.ask('POST', '/login', body);
      if (code !== 200) problems.push(`a login was answered ${code}`);
      return performance.now() - since;
    });
    const tookMs = await Promise.all(logins);
    const answers = await crowd;

    const opened = answers.flatMap(({ code }, n) => (code === 200 ? [`new-${n}`] : []));
    const rows = await database
      .sql('im_user')
      .where('userName', 'like', 'new-%')
      .select<{ userName: string }[]>('userName');
    const written = new Set(rows.map(({ userName }) => userName));
    const silently = [...written].filter((name) => !opened.includes(name)).length;
    if (silently > 0) problems.push(`${silently} accounts were opened and answered otherwise`);
    if (opened.some((name) => !written.has(name))) problems.push('an account is missing');
    const others = answers.filter(({ code }) => code !== 200 && code !== 503).length;
    if (others > 0) problems.push(`${others} registrations were answered neither 200 nor 503`);
    return {
      faults: times,
      checked: times + loginsMeanwhile,
      problems,
      figures: {
        'logins meanwhile, p50': { value: percentile(tookMs, 0.5), unit: 'ms' },
        'logins meanwhile, slowest': { value: Math.max(...tookMs), unit: 'ms', atMost: mostMs },
        'accounts opened': { value: opened.length, unit: '' },
        'told to try later': { value: times - opened.length, unit: '' },
      },
    };
  },
};

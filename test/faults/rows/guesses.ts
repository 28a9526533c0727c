import { startPlatforms, type Envelope } from '../kit/platform.ts';
import { Random } from '../kit/random.ts';
import type { Row } from './row.ts';

const perAccount = 10;
const atOnce = 60;
const password = 'secret-1';

interface Tokens {
  readonly accessToken: string;
}

/** Row 39. `times` is the number of accounts whose passwords are guessed, each 60 times at once and in every way. */
export const guesses: Row = {
  name: 'guesses',
  numbers: [39],
  holds:
    'no more passwords are looked at than are allowed, by all instances and routes together, and the owner comes in',
  inTest: 2,
  inFull: 50,
  async run({ times, seed, scope }) {
    const { all } = await startPlatforms(scope, {
      instances: 3,
      platform: { trustProxy: 1, registrationsPerHour: 1_000_000, failedLoginsPerAccount: perAccount },
    });
    const random = new Random(seed);
    const problems: string[] = [];
    let mostLookedAt = 0;
    let mostChanges = 0;
    let refused = 0;
    /** Our proxy writes the last entry; all before it are the client's. */
    const ask = <T>(path: string, body: object, network: string, more = {}): Promise<Envelope<T>> => {
      const lie = `203.0.113.${random.between(1, 255)}`;
      const method = path === '/modifyPwd' ? 'PUT' : 'POST';
      return random
        .pick(all)
        .ask<T>(method, path, body, { ...more, 'x-forwarded-for': `${lie}, ${network}` });
    };
    for (let n = 0; n < times; n++) {
      const userName = `vic-${n}`;
      const [home, elsewhere] = [`198.51.100.${n % 250}`, `192.0.2.${n % 250}`];
      const logIn = (secret: string, from: string, name = userName): Promise<Envelope<Tokens>> =>
        ask<Tokens>('/login', { terminal: 0, userName: name, password: secret }, from);
      await ask('/register', { userName, password }, home);
      const owner = await logIn(password, home);
      if (owner.code !== 200) throw new Error(`${userName} could not log in: ${owner.message}`);

      const names = [userName, `${userName} `, ` ${userName}`, userName.replace('v', 'ｖ')];
      const answers = await Promise.all(
        Array.from({ length: atOnce }, () => logIn('wrong', elsewhere, random.pick(names))),
      );
      mostLookedAt = Math.max(mostLookedAt, answers.filter(({ code }) => code === 10001).length);
      refused += answers.filter(({ code }) => code === 429).length;
      if ((await logIn(password, home)).code !== 200) problems.push(`${userName} was locked out at home`);

      const token = { accessToken: encodeURIComponent(owner.data.accessToken) };
      const changes = await Promise.all(
        Array.from({ length: atOnce }, () =>
          ask('/modifyPwd', { oldPassword: 'wrong', newPassword: 'secret-2' }, home, token),
        ),
      );
      mostChanges = Math.max(mostChanges, changes.filter(({ message }) => message === '旧密码不正确').length);
      refused += changes.filter(({ code }) => code === 429).length;
    }
    if (mostLookedAt === 0 || mostChanges === 0) problems.push('no guess was looked at, so none was limited');
    return {
      faults: 2 * atOnce * times,
      checked: 2 * atOnce * times,
      problems,
      figures: {
        'looked at for one account, by login': { value: mostLookedAt, unit: '', atMost: perAccount },
        'looked at for one account, by change of password': {
          value: mostChanges,
          unit: '',
          atMost: perAccount,
        },
        'refused before they were looked at': { value: refused, unit: '' },
      },
    };
  },
};

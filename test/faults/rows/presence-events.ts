import type { PresenceChange, PresenceEvent } from 'im-client';
import { waitUntil } from '../../support/wait-until.ts';
import { knock, startClient, startOwnRedis, startProgram, type Device } from '../kit/few.ts';
import type { ImServerProgram } from '../kit/im-server.ts';
import type { Row } from './row.ts';

const atOnce = 50;
const settleMs = 30_000;

/** Row 37, T5; P-16.4. `times` is the number of devices that come and go. */
export const presenceEvents: Row = {
  name: 'presence-events',
  numbers: [37],
  holds: 'presence events replayed by number give who is there, also when a server dies among them',
  inTest: 200,
  inFull: 10_000,
  async run({ times, scope }) {
    const redis = await startOwnRedis(scope);
    const [first, second] = [await startProgram(scope, redis.url), await startProgram(scope, redis.url)];
    const im = await startClient(scope, redis.url);
    const account = new Account();
    im.on('presence', account.apply);
    const devices = new Map<string, Device>();
    const enter = async (users: readonly number[], at: (user: number) => ImServerProgram): Promise<void> => {
      for (let from = 0; from < users.length; from += atOnce) {
        await Promise.all(
          users.slice(from, from + atOnce).map(async (user) => {
            const device = await knock(at(user).port, user);
            scope.onEnd(() => device.socket.terminate());
            devices.set(`${user}:0`, device);
          }),
        );
      }
    };
    const problems: string[] = [];
    const agrees = async (what: string): Promise<void> => {
      const there = (): string[] => [...devices].flatMap(([key, { isOpen }]) => (isOpen ? [key] : [])).sort();
      const isSame = (online: readonly string[]): boolean => online.join() === there().join();
      await waitUntil(what, () => Promise.resolve(isSame(account.online)), settleMs).catch(() => undefined);
      const table: string[] = [];
      for await (const page of im.onlineDevices()) {
        table.push(...page.map(({ terminal, userId }) => `${userId}:${terminal}`));
      }
      for (const [name, online] of [
        ['the events give', account.online],
        ['the table has', table.sort()],
      ] as const) {
        if (!isSame(online))
          problems.push(`${what}: ${name} ${online.length}, and ${there().length} are there`);
      }
      const count = await im.countOnline();
      if (count !== there().length)
        problems.push(`${what}: ${count} are counted, and ${there().length} are there`);
    };

    const users = Array.from({ length: times }, (_, index) => index + 1);
    const early = users.slice(0, times / 2);
    await enter(early, (user) => (user % 2 === 0 ? first : second));
    await agrees('half have come');

    const lost = early.filter((user) => user % 2 === 1).map((user) => `${user}:0`);
    const diedAt = performance.now();
    const coming = enter(users.slice(times / 2), () => first);
    await second.kill();
    const isGone = (): boolean => lost.every((key) => !account.isOnline(key));
    await waitUntil('the dead server’s users went', () => Promise.resolve(isGone()), settleMs);
    const wentMs = performance.now() - diedAt;
    await coming;
    await agrees('the others have come, and a server has died');

    await enter(
      lost.map((key) => Number.parseInt(key, 10)),
      () => first,
    );
    await agrees('those of the dead server are back');
    for (const { socket } of devices.values()) socket.close(1000);
    await agrees('all have gone');

    return {
      faults: 1,
      checked: account.changes,
      problems,
      figures: {
        'until all users of the dead server had gone': { value: wentMs, unit: 'ms', atMost: 5_000 },
        'devices that came and went': { value: times, unit: '' },
        events: { value: account.changes, unit: '' },
        'told more than once': { value: account.repeated, unit: '' },
        'accounts begun': { value: account.restarts, unit: '', atMost: 1 },
      },
    };
  },
};

/** What a service makes of the events: the newest of each address counts. */
class Account {
  readonly #newest = new Map<string, PresenceChange>();
  readonly #told = new Set<string>();
  changes = 0;
  repeated = 0;
  restarts = 0;

  readonly apply = (events: readonly PresenceEvent[]): void => {
    for (const event of events) {
      if (event.event === 'restart') {
        this.restarts += 1;
        this.#newest.clear();
        continue;
      }
      this.changes += 1;
      const key = `${event.userId}:${event.terminal}`;
      if ((this.#newest.get(key)?.number ?? 0) < event.number) this.#newest.set(key, event);
      const what = `${event.event} ${event.session}`;
      if (this.#told.has(what)) this.repeated += 1;
      this.#told.add(what);
    }
  };

  isOnline(key: string): boolean {
    return this.#newest.get(key)?.online ?? false;
  }

  get online(): string[] {
    return [...this.#newest.keys()].filter((key) => this.isOnline(key)).sort();
  }
}

import { createRedisBus } from 'im-common/bus';
import { waitUntil } from '../../support/wait-until.ts';
import { knock, startOwnRedis, startProgram, type Device } from '../kit/few.ts';
import type { Row } from './row.ts';

const atOnce = 50;
const inBatch = 1_000;

/** Row 13. `times` is the number of races. */
export const duplicateLogins: Row = {
  name: 'duplicate-logins',
  numbers: [13],
  holds:
    'of two logins of one terminal at the same moment on two servers one stays, and the other is sent away once',
  inTest: 300,
  inFull: 10_000,
  async run({ times, scope }) {
    const redis = await startOwnRedis(scope);
    const servers = [await startProgram(scope, redis.url), await startProgram(scope, redis.url)] as const;
    const bus = createRedisBus({ url: redis.url });
    scope.onEnd(() => bus.close());
    await bus.start();
    const problems: string[] = [];
    let slowest = 0;

    const race = async (userId: number): Promise<{ userId: number; devices: Device[]; closes: number[] }> => {
      const closes: number[] = [];
      const devices = await Promise.all(
        servers.map(({ port }, index) => knock(port, userId, `${userId}-${index}`)),
      );
      const startedAt = performance.now();
      for (const device of devices) void device.closed.then((code) => closes.push(code));
      await Promise.race(devices.map(({ closed }) => closed));
      slowest = Math.max(slowest, performance.now() - startedAt);
      return { userId, devices, closes };
    };

    for (let first = 1; first <= times; first += inBatch) {
      const users = Array.from({ length: Math.min(inBatch, times - first + 1) }, (_, index) => first + index);
      const races: Awaited<ReturnType<typeof race>>[] = [];
      for (let at = 0; at < users.length; at += atOnce) {
        races.push(...(await Promise.all(users.slice(at, at + atOnce).map(race))));
      }
      // Whoever would loop has had the time of all the others to do it.
      for (const { userId, devices, closes } of races) {
        const open = devices.findIndex(({ isOpen }) => isOpen);
        const kicks = devices.reduce((sum, device) => sum + device.kicks, 0);
        if (closes.length !== 1 || closes[0] !== 3_000 || kicks > 1) {
          problems.push(`user ${userId}: closed with ${closes.join(', ')}, kicked ${kicks} times`);
        }
        const [route] = await bus.presence.locate([{ id: String(userId), terminal: 0 }]);
        if (route !== servers[open]?.id) problems.push(`user ${userId}: the route is ${route ?? 'nowhere'}`);
      }
      for (const { devices } of races) for (const { socket } of devices) socket.terminate();
      await waitUntil('all have gone', async () => {
        return (
          (await servers[0].metric('im_connections')) + (await servers[1].metric('im_connections')) === 0
        );
      });
    }
    return {
      faults: times,
      checked: times,
      problems: problems.slice(0, 10),
      figures: {
        'races without exactly one winner and one kick': { value: problems.length, unit: '', atMost: 0 },
        // The grace of the kicked, the sweep that ends it, and the second that it may take.
        'slowest to converge': { value: slowest, unit: 'ms', atMost: 2_500 },
      },
    };
  },
};

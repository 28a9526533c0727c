import { setTimeout as sleep } from 'node:timers/promises';
import { enter, sender, startClient, startOwnRedis, startProgram, type Device } from '../kit/few.ts';
import { FaultProxy, type Direction } from '../kit/proxy.ts';
import type { Row } from './row.ts';

const holes = ['up', 'down', 'both'] as const satisfies readonly (Direction | 'both')[];

/** Row 10. */
export const halfOpen: Row = {
  name: 'half-open',
  numbers: [10],
  holds:
    'a device whose network died is never reported as reached, and is found in 5 s with a message pending, in 20 s without',
  inTest: 9,
  inFull: 300,
  async run({ times, scope }) {
    const redis = await startOwnRedis(scope);
    const server = await startProgram(scope, redis.url);
    const client = await startClient(scope, redis.url);
    const way = await FaultProxy.start(() => server.port);
    scope.onEnd(() => way.stop());
    const devices: Device[] = [];
    for (let user = 1; user <= times; user++) devices.push(await enter(scope, way.port, user));

    // The last of them have no message pending.
    const idle = Math.ceil(times / 3);
    [...way.connections].forEach((connection, index) => {
      connection.trouble = { hole: holes[index % holes.length] ?? 'both' };
    });
    const brokenAt = performance.now();
    const results = await Promise.all(
      devices.slice(idle).map(async (_, index) => {
        const recvId = idle + index + 1;
        const receipt = await client.sendPrivateMessage({
          sender,
          recvId,
          data: 'hello?',
          sendToSelf: false,
        });
        const [result] = await receipt.results();
        return { code: result?.code, reason: result?.reason, foundAfterMs: performance.now() - brokenAt };
      }),
    );
    const truthful = results.filter(({ reason }) => reason === 'CLOSED_BEFORE_PROOF').length;
    while (performance.now() - brokenAt < 30_000 && (await server.metric('im_connections')) > 0)
      await sleep(100);
    const idleFoundAfterMs = performance.now() - brokenAt;

    return {
      faults: times,
      checked: results.length,
      figures: {
        'reported as reached': {
          value: results.filter(({ code }) => code === 0).length,
          unit: '',
          atMost: 0,
        },
        'reported otherwise than CLOSED_BEFORE_PROOF': {
          value: results.length - truthful,
          unit: '',
          atMost: 0,
        },
        'found with a message pending': {
          value: Math.max(...results.map(({ foundAfterMs }) => foundAfterMs)),
          unit: 'ms',
          atMost: 5_000,
        },
        // 13 s of silence and 4 s for the pong, each seen up to half a second late.
        'found without': { value: idleFoundAfterMs, unit: 'ms', atMost: 20_000 },
      },
    };
  },
};

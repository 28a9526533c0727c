import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../../support/wait-until.ts';
import { enter, knock, startOwnRedis, startProgram, type Device } from '../kit/few.ts';
import { apiKey, receiveWebhooks, startGatewayProgram } from '../kit/gateway.ts';
import { Random } from '../kit/random.ts';
import type { Row } from './row.ts';

const settleMs = 40_000;
const gapMs = 10;
/** Users who come and go; the one before them stays and is sent messages. */
const firstGuest = 2;
const guests = 6;

/**
 * Row 44; P-17.7, P-17.11. `times` is the number of gateways that are killed while webhooks go out, devices speak to the back end, and others
 * come and go.
 */
export const gateways: Row = {
  name: 'gateways',
  numbers: [44],
  holds:
    'what came of each push, what devices say and who is there is posted, signed, also when gateways are killed',
  inTest: 1,
  inFull: 40,
  async run({ times, seed, scope }) {
    const random = new Random(seed);
    const redis = await startOwnRedis(scope);
    const server = await startProgram(scope, redis.url, ['--uplink-to', 'shop']);
    const backEnd = await receiveWebhooks(scope, random, 0.1);
    const start = () =>
      startGatewayProgram(scope, redis.url, backEnd.url, ['--uplinks', 'shop', '--webhook-presence', 'true']);
    const places = [await start(), await start()];
    const speaker = await enter(scope, server.port, 1);
    const sent = new Set<string>();
    const push = async (): Promise<void> => {
      const messageId = `m${sent.size + 1}`;
      const body = JSON.stringify({
        sender: { id: 9, terminal: 0 },
        recvId: 1,
        recvTerminals: [0],
        messageId,
        data: 1,
      });
      sent.add(messageId);
      // The same again, at any of them, until one has taken it.
      for (let place = 0; ; place = 1 - place) {
        const taken = await fetch(`${places[place]?.url ?? ''}/v1/push/private`, {
          ...{
            method: 'POST',
            body,
            headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
          },
        }).then(
          ({ ok }) => ok,
          () => false,
        );
        if (taken) return;
        await sleep(gapMs);
      }
    };
    const over = new AbortController();
    const pushing = (async () => {
      while (!over.signal.aborted) await Promise.all([push(), push(), push(), sleep(gapMs)]);
    })();
    const speaking = speakUntil(speaker, over.signal);
    const visiting = visitUntil(over.signal, random, (user) => knock(server.port, user));
    for (let death = 0; death < times; death++) {
      await sleep(random.between(200, 1_000));
      const place = death % places.length;
      await places[place]?.program.kill();
      places[place] = await start();
    }
    over.abort();
    await pushing;
    const said = await speaking;
    const present = await visiting;
    const missing = (): string[] => [
      ...[...sent].filter((id) => !backEnd.told.has(id)).map((id) => `nobody was told of ${id}`),
      ...Array.from({ length: said }, (_, at) => at + 1)
        .filter((n) => !backEnd.heard.has(`1 ${n}`))
        .map((n) => `nobody heard what user 1 said as number ${n}`),
      ...[...present]
        .filter(([user, isThere]) => (backEnd.online.get(String(user))?.online ?? false) !== isThere)
        .map(
          ([user, isThere]) =>
            `user ${user} is ${isThere ? '' : 'not '}there, and the back end thinks otherwise`,
        ),
    ];
    await waitUntil('all was told', () => Promise.resolve(missing().length === 0), settleMs).catch(
      () => undefined,
    );
    return {
      faults: times,
      checked: sent.size + said,
      problems: [...missing(), ...(backEnd.forged > 0 ? [`${backEnd.forged} webhooks were not signed`] : [])],
      figures: {
        'posted again': { value: backEnd.repeated, unit: '' },
        'said by a device': { value: said, unit: '' },
      },
    };
  },
};

/** One thing after the other, the next when the last is stored. Resolves with how many were. */
async function speakUntil({ socket }: Device, over: AbortSignal): Promise<number> {
  const box = randomBytes(6).toString('hex');
  let n = 0;
  while (!over.aborted) {
    const stored = new Promise<boolean>((resolve) => {
      const onMessage = (bytes: Buffer): void => {
        const { cmd, data } = JSON.parse(bytes.toString()) as {
          cmd: number;
          data: { n?: number; error?: string } | null;
        };
        if (cmd !== 21 || data?.n !== n + 1) return;
        socket.off('message', onMessage);
        resolve(data.error === undefined);
      };
      socket.on('message', onMessage);
    });
    socket.send(JSON.stringify({ cmd: 20, data: { to: 'shop', box, n: n + 1, done: n, data: n + 1 } }));
    if (await stored) n += 1;
    await sleep(5 * gapMs);
  }
  return n;
}

/** Guests come and go; resolves with who is there in the end. */
async function visitUntil(
  over: AbortSignal,
  random: Random,
  come: (user: number) => Promise<Device>,
): Promise<ReadonlyMap<number, boolean>> {
  const there = new Map<number, Device>();
  while (!over.aborted) {
    const user = firstGuest + random.between(0, guests - 1);
    const device = there.get(user);
    if (device) {
      device.socket.close(1000);
      await device.closed;
      there.delete(user);
    } else {
      there.set(user, await come(user));
    }
    await sleep(5 * gapMs);
  }
  return new Map(Array.from({ length: guests }, (_, at) => [firstGuest + at, there.has(firstGuest + at)]));
}

import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../../support/wait-until.ts';
import { enter, startOwnRedis, startProgram } from '../kit/few.ts';
import { asJson, firstLine, Program, runFromSource } from '../kit/program.ts';
import { Random } from '../kit/random.ts';
import type { Scope } from '../kit/scope.ts';
import type { Row } from './row.ts';

const apiKey = 'only-for-the-fault-tests-0123456789';
const secret = randomBytes(32).toString('base64');
const settleMs = 30_000;
const gapMs = 10;

/** Row 44; P-17.7. `times` is the number of gateways that are killed while webhooks go out. */
export const gateways: Row = {
  name: 'gateways',
  numbers: [44],
  holds: 'what came of each push is posted, signed, also when gateways are killed',
  inTest: 1,
  inFull: 40,
  async run({ times, seed, scope }) {
    const random = new Random(seed);
    const redis = await startOwnRedis(scope);
    const server = await startProgram(scope, redis.url);
    await enter(scope, server.port, 1);
    const backEnd = await receive(scope, random);
    const places = [await start(scope, redis.url, backEnd.url), await start(scope, redis.url, backEnd.url)];
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
    for (let death = 0; death < times; death++) {
      await sleep(random.between(200, 1_000));
      const place = death % places.length;
      await places[place]?.program.kill();
      places[place] = await start(scope, redis.url, backEnd.url);
    }
    over.abort();
    await pushing;
    const missing = (): string[] => [...sent].filter((id) => !backEnd.told.has(id));
    await waitUntil('all was told', () => Promise.resolve(missing().length === 0), settleMs).catch(
      () => undefined,
    );
    return {
      faults: times,
      checked: sent.size,
      problems: [
        ...missing().map((id) => `nobody was told of ${id}`),
        ...(backEnd.forged > 0 ? [`${backEnd.forged} webhooks were not signed`] : []),
      ],
      figures: { 'posted again': { value: backEnd.repeated, unit: '' } },
    };
  },
};

async function start(
  scope: Scope,
  redisUrl: string,
  webhookUrl: string,
): Promise<{ readonly program: Program; readonly url: string }> {
  const process = runFromSource('packages/im-gateway/src/main.ts', [
    ...['start', '--redis', redisUrl, '--port', '0', '--api-key', apiKey],
    ...['--webhook-url', webhookUrl, '--webhook-secret', `whsec_${secret}`],
  ]);
  const program = new Program('gateway', process);
  scope.onEnd(() => program.kill());
  const url = await firstLine(process, (line) => {
    const { url: said } = asJson(line) ?? {};
    return typeof said === 'string' ? said : undefined;
  });
  return { program, url };
}

interface BackEnd {
  readonly url: string;
  readonly told: ReadonlySet<string>;
  readonly repeated: number;
  readonly forged: number;
}

/** Takes webhooks, and is away for one of ten. */
async function receive(scope: Scope, random: Random): Promise<BackEnd> {
  const told = new Set<string>();
  const seen = { url: '', told, repeated: 0, forged: 0 };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
    request.on('end', () => {
      if (random.chance(0.1)) {
        response.writeHead(500).end();
        return;
      }
      const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': shown } = request.headers;
      const signed = `${String(id)}.${String(at)}.${body}`;
      const hash = createHmac('sha256', Buffer.from(secret, 'base64')).update(signed).digest('base64');
      if (shown !== `v1,${hash}`) seen.forged += 1;
      const { results = [] } = JSON.parse(body) as { results?: { messageId: string }[] };
      for (const { messageId } of results) {
        if (told.has(messageId)) seen.repeated += 1;
        told.add(messageId);
      }
      response.writeHead(204).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  scope.onEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  seen.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
  return seen;
}

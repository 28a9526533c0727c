import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PresenceEvent } from 'im-client';
import { asJson, firstLine, Program, runFromSource } from './program.ts';
import type { Random } from './random.ts';
import type { Scope } from './scope.ts';

export const apiKey = 'only-for-the-fault-tests-0123456789';
const secret = randomBytes(32).toString('base64');

export interface GatewayProgram {
  readonly program: Program;
  readonly url: string;
  readonly adminPort: number;
}

/** An im-gateway in a process of its own: the real program, from source. */
export async function startGatewayProgram(
  scope: Scope,
  redisUrl: string,
  webhookUrl: string,
  flags: readonly string[] = [],
): Promise<GatewayProgram> {
  const process = runFromSource('packages/im-gateway/src/main.ts', [
    ...['start', '--redis', redisUrl, '--port', '0', '--api-key', apiKey],
    ...['--webhook-url', webhookUrl, '--webhook-secret', `whsec_${secret}`, '--admin-port', '0', ...flags],
  ]);
  const program = new Program('gateway', process);
  scope.onEnd(() => program.kill());
  const ready = await firstLine(process, (line) => {
    const { url, adminPort } = asJson(line) ?? {};
    return typeof url === 'string' ? { url, adminPort: Number(adminPort) } : undefined;
  });
  return { program, ...ready };
}

/** What a back end was told. */
export interface BackEnd {
  readonly url: string;
  /** In how many webhooks, by the payload where that is a text, else by the message id. A webhook that comes again is one. */
  readonly told: ReadonlyMap<string, number>;
  /** What devices said: `user n`. */
  readonly heard: ReadonlySet<string>;
  /** Who is online, as the events say in whatever order they came. */
  readonly online: ReadonlyMap<string, { readonly number: number; readonly online: boolean }>;
  readonly repeated: number;
  readonly forged: number;
}

interface Body {
  readonly id: string;
  readonly results?: readonly { readonly messageId: string; readonly data: unknown }[];
  readonly presence?: readonly PresenceEvent[];
  readonly uplink?: { readonly user: string; readonly n: number };
}

/** Takes webhooks, and is away for a share of them. */
export async function receiveWebhooks(scope: Scope, random: Random, away: number): Promise<BackEnd> {
  const told = new Map<string, number>();
  const heard = new Set<string>();
  const online = new Map<string, { readonly number: number; readonly online: boolean }>();
  const seen = { url: '', told, heard, online, repeated: 0, forged: 0 };
  const ids = new Set<string>();
  const take = ({ id, results = [], presence = [], uplink }: Body): void => {
    const isNew = !ids.has(id);
    ids.add(id);
    for (const { messageId, data } of results) {
      const name = typeof data === 'string' ? data : messageId;
      const before = told.get(name) ?? 0;
      if (before > 0) seen.repeated += 1;
      if (isNew) told.set(name, before + 1);
    }
    if (uplink) heard.add(`${uplink.user} ${uplink.n}`);
    for (const event of presence) {
      if (event.event === 'restart') online.clear();
      else if ((online.get(event.userId)?.number ?? 0) < event.number) online.set(event.userId, event);
    }
  };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
    request.on('end', () => {
      if (random.chance(away)) {
        response.writeHead(500).end();
        return;
      }
      const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': shown } = request.headers;
      const signed = `${String(id)}.${String(at)}.${body}`;
      const hash = createHmac('sha256', Buffer.from(secret, 'base64')).update(signed).digest('base64');
      if (shown !== `v1,${hash}`) seen.forged += 1;
      take(JSON.parse(body) as Body);
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

import { BlockList, connect as connectTcp, isIP, isIPv6, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ServerRow } from 'im-common/internal/bus';
import type { Finding } from './finding.ts';

const timeoutMs = 3_000;
const about = 'address';
const cure = "Set the server's publicUrl to where devices reach it, through proxy or balancer.";

const nowhere = listOf(['0.0.0.0', 32], ['::', 128]);
const loopback = listOf(['127.0.0.0', 8], ['::1', 128]);
const inside = listOf(
  ...([
    ['10.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['169.254.0.0', 16],
    ['100.64.0.0', 10],
    ['fc00::', 7],
    ['fe80::', 10],
  ] as const),
);

function listOf(...subnets: readonly (readonly [net: string, bits: number])[]): BlockList {
  const list = new BlockList();
  for (const [net, bits] of subnets) list.addSubnet(net, bits, isIPv6(net) ? 'ipv6' : 'ipv4');
  return list;
}

/** Whether devices reach what servers say of themselves; each address once. */
export async function checkAddresses(servers: readonly ServerRow[]): Promise<Finding[]> {
  const live = servers.filter(({ state }) => state === 'live');
  const addresses = [...new Set(live.flatMap(({ info }) => info?.address ?? []))];
  return (await Promise.all(addresses.map(checkAddress))).flat();
}

async function checkAddress(address: string): Promise<Finding[]> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !['ws:', 'wss:'].includes(url.protocol))
    return [{ about, state: 'bad', what: `${address} is no address of a WebSocket.`, cure }];
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIn(nowhere, host))
    return [{ about, state: 'bad', what: `${address} is no place that a device could connect to.`, cure }];
  const problem = await tryConnect(url, host);
  if (problem !== undefined)
    return [{ about, state: 'bad', what: `${address} cannot be reached from here: ${problem}.`, cure }];
  if (host === 'localhost' || isIn(loopback, host))
    return [{ about, state: 'warn', what: `${address} is reached on its own machine only.`, cure }];
  if (isIn(inside, host) || !host.includes('.'))
    return [{ about, state: 'warn', what: `${address} is reached in its own network only.`, cure }];
  if (url.protocol === 'ws:')
    return [
      {
        ...{
          about,
          state: 'warn',
          what: `${address} is reached from here, and not encrypted: tokens go over it.`,
        },
        cure: 'Put TLS in front and name it in publicUrl (wss://), or give the server tlsCert and tlsKey.',
      },
    ];
  return [{ about, state: 'ok', what: `${address} is reached from here.` }];
}

function isIn(list: BlockList, host: string): boolean {
  return list.check(host, isIPv6(host) ? 'ipv6' : 'ipv4');
}

/** Opens a connection, and of wss checks the certificate. Nothing is sent but what TLS needs. */
function tryConnect(url: URL, host: string): Promise<string | undefined> {
  const isSecure = url.protocol === 'wss:';
  const port = Number(url.port || (isSecure ? 443 : 80));
  return new Promise((resolve) => {
    const socket: Socket = isSecure
      ? connectTls({ host, port, ...(isIP(host) === 0 && { servername: host }) })
      : connectTcp({ host, port });
    const end = (problem?: string): void => {
      socket.destroy();
      resolve(problem);
    };
    socket.setTimeout(timeoutMs, () => end(`no answer within ${timeoutMs / 1_000} s`));
    socket.on(isSecure ? 'secureConnect' : 'connect', () => end());
    socket.on('error', (error) => end(problemOf(error)));
  });
}

/** OpenSSL's messages name its source files; its reason is in a field of its own. */
function problemOf(error: NodeJS.ErrnoException & { readonly reason?: unknown }): string {
  const { code = '', message, reason } = error;
  return typeof reason === 'string' && code.startsWith('ERR_SSL') ? `TLS: ${reason}` : message || code;
}

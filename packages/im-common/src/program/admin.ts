import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listenError } from '../listen-error.ts';

/** As far as the answers depend on it; all of it is shown. */
interface Health {
  readonly live: boolean;
  readonly ready: boolean;
}

export interface AdminOptions {
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly health: () => Health | Promise<Health>;
  readonly metricsText: () => Promise<string>;
}

export interface Admin {
  readonly port: number;
  close(): Promise<void>;
}

/** The text format of Prometheus. */
const prometheus = 'text/plain; version=0.0.4; charset=utf-8';

interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body: string;
}

/** What operators and their tools ask, on a port of its own: it needs no login, so it must not be the devices' one. */
export async function startAdmin(options: AdminOptions): Promise<Admin> {
  const { host = '127.0.0.1', port } = options;
  const pages = pagesOf(options);
  const server = createServer((request, response) => void respond(pages, request, response));
  await listen(server, host, port);
  return {
    // A server that listens on a port, and not on a pipe, has such an address.
    port: (server.address() as AddressInfo).port,
    close: () => end(server),
  };
}

/** Undefined without an admin port. */
export async function startAdminOf(
  { adminHost, adminPort }: { readonly adminHost: string; readonly adminPort?: number | undefined },
  sources: Pick<AdminOptions, 'health' | 'metricsText'>,
): Promise<Admin | undefined> {
  if (adminPort === undefined) return undefined;
  return startAdmin({ host: adminHost, port: adminPort, ...sources });
}

function pagesOf({ health, metricsText }: AdminOptions): ReadonlyMap<string, () => Promise<Answer>> {
  const healthPage = (isGood: (health: Health) => boolean) => async (): Promise<Answer> => {
    const current = await health();
    return { status: isGood(current) ? 200 : 503, body: json(current) };
  };
  return new Map([
    ['/healthz', healthPage(({ live }) => live)],
    ['/readyz', healthPage(({ live, ready }) => live && ready)],
    ['/metrics', async () => ({ status: 200, type: prometheus, body: await metricsText() })],
  ]);
}

async function respond(
  pages: ReadonlyMap<string, () => Promise<Answer>>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, type = 'application/json', body } = await answer(pages, request);
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function answer(
  pages: ReadonlyMap<string, () => Promise<Answer>>,
  { method = '', url = '' }: IncomingMessage,
): Promise<Answer> {
  const page = pages.get(url.replace(/\?.*/s, ''));
  if (!page) return { status: 404, body: json({ error: 'Not found.', pages: [...pages.keys()] }) };
  if (!['GET', 'HEAD'].includes(method)) return { status: 405, body: json({ error: 'Only GET and HEAD.' }) };
  try {
    return await page();
  } catch (error) {
    return { status: 500, body: json({ error: String(error) }) };
  }
}

function json(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, 'admin port', host, port)));
    server.listen({ host, port }, resolve);
  });
}

function end(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve()); // Its error says that it was closed before.
    server.closeAllConnections();
  });
}

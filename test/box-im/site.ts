import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { onCleanup } from 'im-test/support';
import { imUrlPlace } from './build.ts';

const types: Readonly<Record<string, string>> = {
  ...{ '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.png': 'image/png' },
  ...{ '.mp3': 'audio/mpeg', '.gif': 'image/gif', '.svg': 'image/svg+xml' },
};

/** What a proxy does for box-im's page: its files at `/`, the platform at `/api`. Says its address. */
export async function servePage(
  folder: string,
  { url, imUrl }: { readonly url: string; readonly imUrl: string },
): Promise<string> {
  const server = createServer((request, answer) => {
    if (request.url?.startsWith('/api/')) passOn(request, answer, url);
    else void sendFile(answer, folder, request.url ?? '/', imUrl);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onCleanup(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

function passOn(request: IncomingMessage, answer: ServerResponse, url: string): void {
  const { method, headers } = request;
  const onward = ask(url + (request.url ?? '').slice('/api'.length), { method, headers }, (got) => {
    answer.writeHead(got.statusCode ?? 502, got.headers);
    got.pipe(answer);
  });
  onward.on('error', () => answer.writeHead(502).end());
  request.pipe(onward);
}

async function sendFile(answer: ServerResponse, folder: string, at: string, imUrl: string): Promise<void> {
  const { pathname } = new URL(at, 'http://page');
  const path = pathname === '/' ? '/index.html' : pathname;
  try {
    const bytes = await readFile(join(folder, path));
    answer.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream');
    answer.end(extname(path) === '.js' ? bytes.toString().replaceAll(imUrlPlace, imUrl) : bytes);
  } catch {
    answer.writeHead(404).end();
  }
}

import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { Scope } from '../faults/kit/scope.ts';

const here = new URL('.', import.meta.url);

export interface PageSources {
  readonly prometheusUrl: string;
  /** What `im trace --json` says of messages to show. */
  readonly traces: () => Promise<unknown>;
}

/** Serves the page, what it asks, and the runbooks, on loopback. Resolves with its address. */
export async function servePage(scope: Scope, port: number, sources: PageSources): Promise<string> {
  const bundle = await build({
    entryPoints: [new URL('page/page.ts', here).pathname],
    ...{ bundle: true, format: 'esm', target: 'es2022', write: false, logLevel: 'error' },
  });
  const script = bundle.outputFiles[0]?.text ?? '';
  const server = createServer((request, response) => {
    answer(request.url ?? '/', response, { ...sources, script }).catch((error: unknown) => {
      response.writeHead(502).end(String(error));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  scope.onEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function answer(
  path: string,
  response: ServerResponse,
  { prometheusUrl, script, traces }: PageSources & { readonly script: string },
): Promise<void> {
  const send = (type: string, body: string): void => {
    response
      .writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' })
      .end(body);
  };
  if (path === '/') send('text/html', await readFile(new URL('page/index.html', here), 'utf8'));
  else if (path === '/page.js') send('text/javascript', script);
  else if (path === '/board.json') send('application/json', await readFile('deploy/grafana/im.json', 'utf8'));
  else if (path === '/traces.json') send('application/json', JSON.stringify(await traces()));
  else if (path === '/alerts.md') send('text/html', runbooks(await readFile('docs/alerts.md', 'utf8')));
  else if (path.startsWith('/prometheus/api/v1/query') || path === '/prometheus/api/v1/alerts') {
    const asked = await fetch(prometheusUrl + path.slice('/prometheus'.length));
    send('application/json', await asked.text());
  } else response.writeHead(404).end();
}

/** As it is, with headings that links lead to. */
function runbooks(markdown: string): string {
  const text = markdown
    .replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/^## (.*)$/gm, (_, name: string) => `<b id="${name.toLowerCase()}">${name}</b>`);
  return `<!doctype html><title>Alerts, and what to do</title><pre style="white-space:pre-wrap;max-width:900px;margin:24px auto">${text}</pre>`;
}

// `npm start -w example-pages`: a shop with a page in React and one in Vue, and the push server, in one process and on one port.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createToken } from 'im-common/token';
import { createIm } from 'im-embedded';
import { build } from 'esbuild';
import { shop, type Order, type Ordered } from './wire.ts';

const jwtSecret = 'only-for-this-example';
const html = await readFile(new URL('page.html', import.meta.url), 'utf8');
const scripts = await bundle();

const web = createServer((request, response) => {
  answer(new URL(request.url ?? '', 'http://here'), response).catch(() => response.writeHead(400).end());
});
const im = createIm({ httpServer: web, jwtSecret, uplinkTo: [shop] });

async function answer({ pathname, searchParams }: URL, response: ServerResponse): Promise<void> {
  const script = scripts.get(pathname);
  if (script !== undefined) response.setHeader('content-type', 'text/javascript').end(script);
  else if (scripts.has(`${pathname}.js`))
    response.setHeader('content-type', 'text/html').end(html.replace('{script}', `${pathname}.js`));
  else if (pathname === '/token') response.end(await tokenOf(searchParams.get('user') ?? ''));
  else response.writeHead(404).end();
}

/** Here your backend looks at the session: whoever is signed in gets a token of their own, and no other. */
async function tokenOf(userId: string): Promise<string> {
  await im.client.topics.add('offers', [userId]);
  return createToken(jwtSecret, { userId, terminal: 0, expiresInS: 3_600 });
}

const cups = new Map<string, number>();
im.client.onUplink<Order>(shop, async ({ user, data }): Promise<Ordered> => {
  cups.set(user, (cups.get(user) ?? 0) + 1);
  const message = { sender: { id: 1, terminal: 0 }, recvId: user, sendToSelf: false };
  await im.client.sendPrivateMessage({ ...message, data: { text: `Your ${data.order} is on its way.` } });
  return { cups: cups.get(user) ?? 0 };
});

/** As your bundler does it. */
async function bundle(): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(new URL('.', import.meta.url)),
    entryPoints: ['react.tsx', 'vue.ts'],
    outdir: '.',
    ...{ bundle: true, write: false, format: 'esm', target: 'es2022', jsx: 'automatic' },
    conditions: ['im-source'],
    alias: { vue: 'vue/dist/vue.esm-bundler.js' }, // the one that reads templates in the page
    define: { 'process.env.NODE_ENV': '"development"' }, // in which StrictMode is strict
  });
  return new Map(outputFiles.map(({ path, text }) => [`/${basename(path)}`, text]));
}

await once(web.listen(Number(process.env['PORT'] ?? 8080), '127.0.0.1'), 'listening');
await im.start();
const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
console.log(`React at ${url}/react?user=2 and Vue at ${url}/vue?user=3. Ctrl-C ends.`);

async function end(): Promise<void> {
  await im.server.drain();
  web.close();
  web.closeAllConnections();
  await im.close();
}
process.once('SIGINT', () => void end());
process.once('SIGTERM', () => void end());

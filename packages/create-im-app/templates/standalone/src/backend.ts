// A backend beside the push server. It pushes over Redis, and holds no connections of devices.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createImClient } from 'im-client';
import { createToken } from 'im-common/token';
import { noteMissed } from './missed.js';

const { HOST = '127.0.0.1', PORT = '3000', IM_PORT = '8878', JWT_SECRET: jwtSecret = '' } = process.env;

const im = createImClient({ service: 'app', redis: process.env['REDIS_URL'] ?? '', terminals: [0] });
const missed = noteMissed(im);
await im.start();

type Route = (query: URLSearchParams) => Promise<[type: string, body: string]>;

const routes: Readonly<Record<string, Route>> = {
  'GET /': async () => {
    const page = await readFile('public/index.html', 'utf8');
    // Devices connect to the push server, which has a port of its own.
    return ['text/html', page.replace('name="im-port" content=""', `name="im-port" content="${IM_PORT}"`)];
  },
  'GET /im-device.js': async () => [
    'text/javascript',
    await readFile(fileURLToPath(import.meta.resolve('im-device')), 'utf8'),
  ],
  // Whoever asks may be anybody here. In your application the session says who it is.
  'GET /im/token': async (query) => [
    'text/plain',
    await createToken(jwtSecret, { userId: query.get('user') ?? '', terminal: 0, expiresInS: 3_600 }),
  ],
  'POST /hello': async (query) => {
    const message = {
      sender: { id: 1, terminal: 0 },
      recvId: query.get('to') ?? '',
      data: { text: 'hello' },
    };
    const { queued, offline } = await im.sendPrivateMessage(message);
    return ['application/json', JSON.stringify({ queued, offline })];
  },
  'GET /missed': async () => ['application/json', JSON.stringify([...missed])],
};

const web = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://here');
  const route = routes[`${request.method} ${pathname}`];
  try {
    const [type, body] = route ? await route(searchParams) : ['text/plain', undefined];
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type, 'cache-control': 'no-store' });
    response.end(body);
  } catch (error) {
    console.error(error);
    response.writeHead(500).end();
  }
});
await once(web.listen(Number(PORT), HOST), 'listening');
console.log(`Backend at http://${HOST}:${(web.address() as AddressInfo).port}`);

process.once('SIGTERM', async () => {
  await new Promise((resolve) => web.close(resolve));
  await im.close();
});

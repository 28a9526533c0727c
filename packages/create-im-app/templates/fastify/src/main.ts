import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import Fastify from 'fastify';
import { createToken } from 'im-common/token';
import { createIm } from 'im-embedded';
import { noteMissed } from './missed.js';

const { HOST = '127.0.0.1', PORT = '3000', JWT_SECRET: jwtSecret = '', REDIS_URL: redis } = process.env;

const app = Fastify();
// With REDIS_URL there may be any number of these processes.
const im = createIm({
  httpServer: app.server,
  jwtSecret,
  terminals: [0],
  ...(redis === undefined ? {} : { redis }),
});
app.addHook('preClose', () => im.server.drain());
app.addHook('onClose', () => im.close());
const missed = noteMissed(im.client);

app.get('/', async (_, reply) => reply.type('text/html').send(await readFile('public/index.html', 'utf8')));
app.get('/im-device.js', async (_, reply) =>
  reply.type('text/javascript').send(await readFile(fileURLToPath(import.meta.resolve('im-device')), 'utf8')),
);

app.get<{ Querystring: { user: string } }>('/im/token', async ({ query }, reply) => {
  // Whoever asks may be anybody here. In your application the session says who it is.
  const token = await createToken(jwtSecret, { userId: query.user, terminal: 0, expiresInS: 3_600 });
  return reply.header('cache-control', 'no-store').type('text/plain').send(token);
});

app.post<{ Querystring: { to: string } }>('/hello', async ({ query }) => {
  const message = { sender: { id: 1, terminal: 0 }, recvId: query.to, data: { text: 'hello' } };
  const { queued, offline } = await im.client.sendPrivateMessage(message);
  return { queued, offline };
});

app.get('/missed', () => [...missed]);

await app.listen({ host: HOST, port: Number(PORT) });
await im.start();
console.log(`Devices connect to ${im.server.url}`);

process.once('SIGINT', () => void app.close());
process.once('SIGTERM', () => void app.close());

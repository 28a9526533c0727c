import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { createToken } from 'im-common/token';
import { createIm } from 'im-embedded';
import { noteMissed } from './missed.js';

const { HOST = '127.0.0.1', PORT = '3000', JWT_SECRET: jwtSecret = '', REDIS_URL: redis } = process.env;

const app = express();
const web = createServer(app); // instead of app.listen(), which hides it
// With REDIS_URL there may be any number of these processes.
const im = createIm({
  httpServer: web,
  jwtSecret,
  terminals: [0],
  ...(redis === undefined ? {} : { redis }),
});
const missed = noteMissed(im.client);

app.use(express.static('public'));
app.get('/im-device.js', (request, response) => {
  response.sendFile(fileURLToPath(import.meta.resolve('im-device')));
});

app.get('/im/token', async (request, response) => {
  // Whoever asks may be anybody here. In your application the session says who it is.
  const userId = String(request.query['user']);
  const token = await createToken(jwtSecret, { userId, terminal: 0, expiresInS: 3_600 });
  response.set('cache-control', 'no-store').type('text').send(token);
});

app.post('/hello', async (request, response) => {
  const recvId = String(request.query['to']);
  const message = { sender: { id: 1, terminal: 0 }, recvId, data: { text: 'hello' } };
  const { queued, offline } = await im.client.sendPrivateMessage(message);
  response.json({ queued, offline });
});

app.get('/missed', (request, response) => {
  response.json([...missed]);
});

await once(web.listen(Number(PORT), HOST), 'listening');
await im.start();
console.log(`Devices connect to ${im.server.url}`);

async function end(): Promise<void> {
  await im.server.drain();
  await new Promise((resolve) => web.close(resolve));
  await im.close();
}
process.once('SIGINT', () => void end());
process.once('SIGTERM', () => void end());

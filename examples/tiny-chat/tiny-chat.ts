// `npm start -w example-tiny-chat`: push server, chat and page in one process. With --demo two people chat here instead of you.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createToken } from 'im-common/token';
import { createIm } from 'im-embedded';
import { build } from 'esbuild';
import { Chat } from './chat.ts';
import { chatInTerminal } from './demo.ts';
import { service, type News, type Person } from './wire.ts';

const isDemo = process.argv.includes('--demo');
const jwtSecret = 'only-for-this-example';
const port = isDemo ? 0 : Number(process.env['PORT'] ?? 8080);

// The push server and the client of the chat meet on a bus in memory. With `redis: 'redis://…'` here there may be any number of both.
const im = createIm<{ group: News }>({ host: '127.0.0.1', port: 0, jwtSecret, uplinkTo: [service] });
const chat = new Chat(im.client);
chat.listen();
await im.start();

const page = await readFile(new URL('page.html', import.meta.url), 'utf8');
const script = await build({
  entryPoints: [new URL('page.js', import.meta.url).pathname],
  ...{ bundle: true, write: false, format: 'esm', target: 'es2022', conditions: ['im-source'] },
});

const server = createServer((request, response) => {
  const answer = (type: string, body: string, status = 200): void => {
    response.writeHead(status, { 'content-type': `${type}; charset=utf-8` }).end(body);
  };
  if (request.method === 'GET' && request.url === '/') answer('text/html', page);
  else if (request.method === 'GET' && request.url === '/page.js')
    answer('text/javascript', script.outputFiles[0]?.text ?? '');
  else if (request.method === 'POST' && request.url === '/enter')
    void signIn(request).then((signedIn) => answer('application/json', JSON.stringify(signedIn)));
  else answer('text/plain', 'There is nothing here.', 404);
});

/** Here your backend would ask for a password. Its token says who the device is, and nothing else does. */
async function signIn(body: AsyncIterable<Buffer>): Promise<Person & { token: string; imUrl: string }> {
  let name = '';
  for await (const piece of body) if (name.length < 100) name += String(piece);
  const person = chat.register(name);
  const token = await createToken(jwtSecret, { userId: person.id, terminal: 0, expiresInS: 86_400 });
  return { ...person, token, imUrl: im.server.url };
}

await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
console.log(`Chat at ${url}. Open it in two tabs; Ctrl-C ends.`);

async function end(): Promise<void> {
  server.close();
  server.closeAllConnections();
  await im.close();
}
process.once('SIGINT', () => void end());
process.once('SIGTERM', () => void end());
if (isDemo) await chatInTerminal(url).then(end);

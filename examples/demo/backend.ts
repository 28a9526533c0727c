// What `npm start` runs: im-server and a backend in one process, and a page on which pushes arrive.
import { readFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createToken } from 'im-common/token';
import { createIm, type Im } from 'im-embedded';

export interface DemoOptions {
  /** For the page and the backend's HTTP. */
  readonly port: number;
  /** For devices. */
  readonly imPort: number;
  readonly host: string;
}

export interface Demo {
  readonly url: string;
  readonly imUrl: string;
  close(): Promise<void>;
}

const users = new Map([
  [1, 'Ann'],
  [2, 'Bob'],
  [3, 'Cleo'],
]);
const longestBody = 10_000;
const tokenLifeS = 12 * 3_600;

/** An answer other than 200. */
class HttpError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export async function startDemo({ port, imPort, host }: DemoOptions): Promise<Demo> {
  const jwtSecret = randomBytes(32).toString('base64url');
  const im = createIm({ host, port: imPort, jwtSecret, service: 'demo' });
  const page = await readFile(new URL('./page.html', import.meta.url));
  await im.start();
  const http = createServer((request, response) => {
    void respond(request, response);
  });
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const answer = await route(request);
      const isPage = answer === page;
      response.writeHead(200, { 'content-type': isPage ? 'text/html; charset=utf-8' : 'application/json' });
      response.end(isPage ? page : `${JSON.stringify(answer)}\n`);
    } catch (error) {
      const status = error instanceof HttpError ? error.status : 500;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(`${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`);
    }
  };
  const route = async (request: IncomingMessage): Promise<unknown> => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    switch (`${request.method ?? ''} ${pathname}`) {
      case 'GET /':
        return page;
      case 'GET /users':
        return await listUsers(im);
      case 'POST /login':
        return await logIn(await readBody(request), {
          jwtSecret,
          imPort: Number(new URL(im.server.url).port),
        });
      case 'POST /push':
        return await push(im, await readBody(request));
      default:
        throw new HttpError(
          404,
          'There is GET /, GET /users, POST /login {userId} and POST /push {from?, to, text}.',
        );
    }
  };
  http.listen({ port, host });
  try {
    await once(http, 'listening');
  } catch (error) {
    await im.close();
    throw error;
  }
  const address = http.address();
  const name = host === '0.0.0.0' || host === '127.0.0.1' ? 'localhost' : host;
  return {
    url: `http://${name}:${typeof address === 'object' ? address?.port : port}`,
    imUrl: im.server.url,
    async close() {
      http.close();
      http.closeAllConnections();
      await im.close();
    },
  };
}

/** No passwords: whoever opens the page may be anybody. A real backend checks who asks before it makes a token. */
async function logIn(
  { userId }: Record<string, unknown>,
  { jwtSecret, imPort }: { jwtSecret: string; imPort: number },
): Promise<object> {
  const id = knownUser(userId);
  const subject = { userId: id, terminal: 0, userName: users.get(id) ?? '', expiresInS: tokenLifeS };
  return { accessToken: await createToken(jwtSecret, subject), imPort };
}

async function listUsers(im: Im): Promise<object[]> {
  const online = new Set(await im.client.onlineUsers([...users.keys()]));
  return [...users].map(([id, name]) => ({ id, name, online: online.has(String(id)) }));
}

/** Pushes a text to a user and answers with what became of it at each of his terminals. */
async function push(im: Im, { from, to, text }: Record<string, unknown>): Promise<object> {
  const recvId = knownUser(to);
  if (typeof text !== 'string' || text === '') throw new HttpError(400, 'text must be a non-empty string.');
  const sendId = from === undefined ? undefined : knownUser(from);
  const data = {
    from: sendId,
    name: sendId === undefined ? 'curl' : users.get(sendId),
    text,
    at: Date.now(),
  };
  const startedAt = performance.now();
  const sent =
    sendId === undefined
      ? await im.client.sendSystemMessage({ recvIds: [recvId], data })
      : await im.client.sendPrivateMessage({ sender: { id: sendId, terminal: 0 }, recvId, data });
  const results = await sent.results();
  return {
    ms: Math.round((performance.now() - startedAt) * 10) / 10,
    // A terminal that is not connected is nothing to tell, unless there is no other.
    outcomes: results
      .filter(({ reason }) => sent.queued.length === 0 || reason !== 'NOT_ONLINE')
      .map(({ terminal, stage, reason }) => ({ terminal, stage, reason })),
  };
}

function knownUser(value: unknown): number {
  const id = Number(value);
  if (users.has(id)) return id;
  throw new HttpError(400, `There is no user ${String(value)}; there are ${[...users.keys()].join(', ')}.`);
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > longestBody) throw new HttpError(413, 'The body is too long.');
  }
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new HttpError(400, 'The body is not JSON.');
  }
}

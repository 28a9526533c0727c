// The back end of the desk: pages for visitors and agents, and who talks to whom. What they say goes by im-platform.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cases, NotPossible, type Case } from './cases.ts';
import { openKept } from './kept.ts';
import { makePages } from './make-pages.ts';
import { desk, Follower, idOf, inPath, openPlatform } from './platform.ts';
import { isGenuine, passOf, personOf, type Headers, type Person } from './signatures.ts';
import { Streams } from './streams.ts';
import { sendDue } from './transcripts.ts';

const { IM_PLATFORM_URL: url = 'http://127.0.0.1:8888', IM_URL: imUrl = 'ws://127.0.0.1:8878/im' } =
  process.env;
const { DESK_PORT: port = '7080', DESK_FILE: file = './desk.json', SITES: sites = "'self'" } = process.env;
const { DESK_URL: ownUrl = `http://127.0.0.1:${port}` } = process.env;
const agents = (process.env['AGENTS'] ?? 'eve,mia').split(',');
/** So long an agent may be without a page before others get their visitors. */
const goneMs = Number(process.env['GONE_MS'] ?? 30_000);
const mostBytes = 64 * 1_024;
/** Of one address, and of one visitor. */
const [mostNewPerMinute, mostAskedPerMinute] = [20, 30];

const { kept, keep } = openKept(file);
const ask = openPlatform({ url, key: process.env['IM_SERVER_KEY'] ?? '' });
const cases: Cases = new Cases(kept.cases, {
  keep: (all) => keep({ cases: all }),
  changed: (one) => {
    follower.follow(one);
    soon();
  },
});
const follower = new Follower(ask, cases);
const available = new Set<string>();
const streams = new Streams((who) => leftLater(who));

const isReady = (agent: string): boolean => available.has(agent) && streams.isThere(`agent:${agent}`);

const canned = [
  'Hello, {agent} here. How can I help?',
  'One moment, please, I am looking it up.',
  'Is there anything else that I can do for you?',
];

/** What has changed in one tick is told once. */
let isTelling = false;
function soon(): void {
  if (isTelling) return;
  isTelling = true;
  setImmediate(() => {
    isTelling = false;
    cases.assign(agents.filter(isReady));
    for (const visitor of new Set(cases.all().map((one) => one.visitor)))
      streams.tell(`visitor:${visitor}`, () => viewOf(visitor));
    for (const agent of agents) streams.tell(`agent:${agent}`, () => viewFor(agent));
  });
}

function viewOf(visitor: string): object {
  const own = cases.latest(visitor);
  if (!own) return { state: 'none' };
  const { state, agent, conversationId, rating } = own;
  const place = cases.waiting().indexOf(own) + 1;
  return {
    state,
    conversationId,
    isRated: rating !== undefined,
    ...(state === 'taken' ? { agent } : { place }),
  };
}

function viewFor(agent: string): object {
  const about = ({ id, visitor, openedAt, lines }: Case): object => {
    return { id, visitor: visitor.slice(0, 4), openedAt, question: lines[0]?.text ?? '' };
  };
  return {
    ...{ agent, isAvailable: available.has(agent), canned },
    others: agents.filter((name) => name !== agent && isReady(name)),
    queue: cases.waiting().map(about),
    // What was said before they came is told here; the rest comes by im-chat.
    cases: cases
      .of(agent)
      .map((one) => ({ ...about(one), conversationId: one.conversationId, lines: one.lines })),
  };
}

function leftLater(who: string): void {
  const [kind, name = ''] = who.split(':');
  if (kind !== 'agent') return;
  setTimeout(() => {
    if (streams.isThere(who)) return;
    available.delete(name);
    cases.giveBack(name);
    soon();
  }, goneMs).unref();
}

/** So that nobody fills the platform. Behind a proxy take its word for the address. */
const asked = new Map<string, number>();
setInterval(() => asked.clear(), 60_000).unref();
function limit(who: string, mostPerMinute: number): void {
  const count = (asked.get(who) ?? 0) + 1;
  asked.set(who, count);
  if (count > mostPerMinute) throw new NotPossible('That is too much at once. Try again in a minute.');
}

function newVisitor(address: string): { pass: string } {
  limit(address, mostNewPerMinute);
  return { pass: passOf(kept.secret, { kind: 'visitor', name: crypto.randomUUID() }) };
}

/** For im-chat in a page: the session of a visitor or agent at the platform. */
async function sessionOf({ kind, name }: Person): Promise<object> {
  const path = `/users/${inPath(idOf(kind, name))}`;
  if (kind === 'visitor' && !cases.latest(name)?.conversationId)
    throw new NotPossible('You have asked nothing yet.');
  const tokens = await ask<object>('POST', `${path}/tokens`, { device: 'web', lifetimeS: 86_400 });
  return { url, imUrl, tokens };
}

interface Asked {
  readonly person: Person;
  readonly body: Readonly<Record<string, unknown>>;
  /** A text of the body; of what is none, nothing. */
  readonly text: (name: string) => string;
}
type Route = (asked: Asked) => unknown;

const ofVisitors: Readonly<Record<string, Route>> = {
  'POST /case': ({ person }) => void cases.open(person.name),
  'POST /leave': ({ person }) => cases.leave(person.name),
  'POST /rating': ({ person, body, text }) => cases.rate(person.name, body['stars'], text('words')),
  'POST /session': ({ person }) => sessionOf(person),
};
const ofAgents: Readonly<Record<string, Route>> = {
  'POST /available': ({ person, body }) => {
    if (body['isAvailable'] === true) available.add(person.name);
    else available.delete(person.name);
    soon();
  },
  'POST /claim': ({ person, text }) => cases.claim(text('id'), person.name),
  'POST /hand-over': ({ person, text }) => {
    const to = text('to');
    if (to !== '' && !isReady(to)) throw new NotPossible(`${to} is not there.`);
    cases.handOver(text('id'), person.name, to === '' ? undefined : to);
  },
  'POST /close': ({ person, text }) => cases.closeAs(person.name, text('id')),
  'POST /session': ({ person }) => sessionOf(person),
};

interface Said {
  readonly timestamp: string;
  readonly data: {
    readonly message: {
      readonly conversationId: string;
      readonly number: number;
      readonly senderId: string;
      readonly content: { readonly type: string; readonly text?: string };
    };
  };
  readonly users: readonly { readonly id: string; readonly externalId: string | null }[];
}

function hear({ timestamp, data: { message }, users }: Said): void {
  const { conversationId, number, senderId, content } = message;
  const sender = users.find(({ id }) => id === senderId)?.externalId ?? '';
  const from = sender.startsWith('visitor-') ? 'visitor' : sender.replace(/^agent-/, '');
  cases.hear(conversationId, { number, from, text: content.text ?? `(${content.type})`, at: timestamp });
}

const pages = await makePages();

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > mostBytes) throw new NotPossible('That is too long.');
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<object | undefined> {
  const path = new URL(request.url ?? '', 'http://here').pathname;
  // The widget is in pages of other sites, and asks from there who its visitor is.
  if (/^\/(widget\.js|visitors)$/.test(path)) response.setHeader('access-control-allow-origin', '*');
  const page = pages.get(path);
  if (page) {
    // The visitor's page is for the sites that have the widget, the agents' for nobody else's.
    const framers = path.startsWith('/visitor') ? sites : "'none'";
    response
      .setHeader('content-security-policy', `frame-ancestors ${framers}`)
      .setHeader('content-type', page.type);
    response.end(page.content);
    return undefined;
  }
  const route = `${request.method} ${path}`;
  const text = await bodyOf(request);
  if (route === 'POST /webhook') {
    const isOurs = isGenuine(kept.webhook?.secret ?? '', request.headers as Headers, text);
    if (isOurs) hear(JSON.parse(text) as Said);
    response.writeHead(isOurs ? 204 : 401).end();
    return undefined;
  }
  if (route === 'POST /visitors') return newVisitor(request.socket.remoteAddress ?? '');
  const person = personOf(kept.secret, request.headers.authorization?.replace('Bearer ', '') ?? '');
  if (!person || (person.kind === 'agent' && !agents.includes(person.name))) {
    response.writeHead(401).end();
    return undefined;
  }
  if (route === 'GET /events') {
    const who = `${person.kind}:${person.name}`;
    streams.add(who, response);
    streams.tell(who, () => (person.kind === 'agent' ? viewFor(person.name) : viewOf(person.name)));
    return undefined;
  }
  const handle = (person.kind === 'agent' ? ofAgents : ofVisitors)[route];
  if (!handle) throw new NotPossible('There is no such thing here.');
  if (person.kind === 'visitor') limit(person.name, mostAskedPerMinute);
  const body = (text === '' ? {} : JSON.parse(text)) as Readonly<Record<string, unknown>> | null;
  if (typeof body !== 'object' || body === null) throw new NotPossible('The body is an object.');
  const textOf = (name: string): string => (typeof body[name] === 'string' ? body[name] : '');
  return ((await handle({ person, body, text: textOf })) as object | undefined) ?? {};
}

const server = createServer((request, response) => {
  answer(request, response).then(
    (said) => said && response.setHeader('content-type', 'application/json').end(JSON.stringify(said)),
    (error: unknown) => {
      const isTheirs = error instanceof NotPossible || error instanceof SyntaxError;
      if (!isTheirs) console.log(error);
      const detail = error instanceof NotPossible ? error.message : 'That did not work. Try again.';
      response.writeHead(isTheirs ? 409 : 503, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ detail }));
    },
  );
});

await ask('PUT', `/users/${inPath(desk)}`, { nickName: 'The desk' });
for (const name of agents) await ask('PUT', `/users/${inPath(idOf('agent', name))}`, { nickName: name });
await new Promise<void>((resolve) => void server.listen(Number(port), '127.0.0.1', resolve));
const { items } = await ask<{ items: { id: string }[] }>('GET', '/webhooks');
if (!items.some(({ id }) => id === kept.webhook?.id))
  keep({
    webhook: await ask('POST', '/webhooks', { url: `${ownUrl}/webhook`, events: ['message.created'] }),
  });
// What was under way when it ended.
for (const one of cases.all()) follower.follow(one);
for (const name of agents) {
  leftLater(`agent:${name}`);
  console.log(`${name}: ${ownUrl}/agent#${passOf(kept.secret, { kind: 'agent', name })}`);
}
console.log(`The desk is open: ${ownUrl}/widget.js`);

const { TRANSCRIPT_URL: transcriptUrl, RATING_WAIT_MS: ratingWaitMs = '300000' } = process.env;
for (;;) {
  await sendDue(cases, { url: transcriptUrl, secret: kept.secret, ratingWaitMs: Number(ratingWaitMs) }).catch(
    (error: unknown) => console.log(error instanceof Error ? error.message : error),
  );
  await sleep(250);
}

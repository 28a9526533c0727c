// A bot with commands beside im-platform: a webhook tells it what is said, and it answers as its own account.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

const { IM_PLATFORM_URL: platform = 'http://127.0.0.1:8888', IM_SERVER_KEY: key = '' } = process.env;
const { BOT_PORT: port = '7070', BOT_FILE: file = './bot.json' } = process.env;
const { BOT_URL: ownUrl = `http://127.0.0.1:${port}/` } = process.env;
const bot = encodeURIComponent('external:helper');
const help = `/help: what I can do
/remind 10m tea: says "tea" in ten minutes (s, m, h)`;
const unitsMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

interface Reminder {
  /** Of the message that asked for it. */
  readonly id: string;
  readonly conversationId: string;
  readonly text: string;
  readonly at: number;
}

/** What outlives a restart: where it is told, and what it has promised. */
interface Kept {
  webhook?: { readonly id: string; readonly secret: string };
  reminders: readonly Reminder[];
}

interface Said {
  readonly timestamp: string;
  readonly data: {
    readonly message: {
      readonly id: string;
      readonly conversationId: string;
      readonly number: number;
      readonly senderId: string;
      readonly receiverId?: string;
      readonly content: { readonly type: string; readonly text?: string };
    };
  };
  readonly users: readonly { readonly id: string; readonly nickName: string; readonly isBot: boolean }[];
}

const kept = (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { reminders: [] }) as Kept;

/** The secret is in it, so for nobody else's eyes; and whole after a kill. */
function keep(): void {
  writeFileSync(`${file}.new`, JSON.stringify(kept), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

class Refused extends Error {}

/** Throws a Refused for what would be refused again. With `once` it is done once, however often it is asked. */
async function ask<T>(method: string, path: string, body?: object, once?: string): Promise<T> {
  const answer = await fetch(`${platform}/v1/server${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body && { 'content-type': 'application/json' }),
      ...(once !== undefined && { 'idempotency-key': once }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (answer.ok) return (await answer.json()) as T;
  const problem = (await answer.json()) as { code: string; detail: string; retryable: boolean };
  const why = `${method} ${path}: ${problem.code}: ${problem.detail}`;
  throw problem.retryable ? new Error(why) : new Refused(why);
}

/** Where it may not, as in a group that it was put out of meanwhile: that is that. */
async function say(conversationId: string, text: string, once: string, replyTo?: number): Promise<boolean> {
  try {
    const body = { content: { type: 'text', text }, ...(replyTo !== undefined && { replyTo }) };
    const path = `/bots/${bot}/conversations/${encodeURIComponent(conversationId)}/messages`;
    await ask('POST', path, body, once);
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    console.log(error.message);
    return false;
  }
}

/** Told twice of the same it answers once, as the answer is named by the message. */
async function hear({ timestamp, data: { message }, users }: Said): Promise<void> {
  const { id, conversationId, number, senderId, receiverId, content } = message;
  // Itself, or another bot: two that answer each other do not end.
  if (users.find((user) => user.id === senderId)?.isBot !== false) return;
  if (receiverId !== undefined && receiverId !== me.id) return;
  const [, command, rest = ''] = /^\/(\w+)\s*(.*)$/s.exec(content.text ?? '') ?? [];
  if (command === undefined) return;
  const [, count, unit = '', what = ''] = /^(\d{1,3})([smh])\s+(.+)$/s.exec(rest) ?? [];
  if (command !== 'remind') {
    await say(conversationId, command === 'help' ? help : `I do not know /${command}.\n${help}`, id, number);
  } else if (count === undefined) {
    await say(conversationId, `When, and of what?\n${help}`, id, number);
  } else if (await say(conversationId, `I will remind you in ${count}${unit}.`, id, number)) {
    const at = Date.parse(timestamp) + Number(count) * (unitsMs[unit] ?? 0);
    // It may be told of this again when it has reminded; what is named by the message is said once.
    kept.reminders = [...kept.reminders, { id, conversationId, text: what, at }];
    keep();
  }
}

/** As docs/webhooks.md shows it. */
function isGenuine(headers: Readonly<Record<string, string | undefined>>, body: string): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures = '' } = headers;
  if (!(Math.abs(Date.now() / 1_000 - Number(time)) < 300)) return false;
  const secret = Buffer.from((kept.webhook?.secret ?? '').replace('whsec_', ''), 'base64');
  if (secret.length === 0) return false;
  const expected = createHmac('sha256', secret).update(`${id}.${time}.${body}`).digest();
  return signatures.split(' ').some((one) => {
    const given = Buffer.from(one.replace('v1,', ''), 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

const me = await ask<{ id: string }>('PUT', `/bots/${bot}`, { nickName: 'Helper' });
const server = createServer((request, response) => {
  void (async () => {
    const body = await textOf(request);
    if (!isGenuine(request.headers as Record<string, string | undefined>, body)) return 401;
    await hear(JSON.parse(body) as Said);
    return 204;
  })()
    .catch((error: unknown) => (console.log(error), 503)) // Told again, soon.
    .then((status) => response.writeHead(status).end());
});
await new Promise<void>((resolve) => void server.listen(Number(port), '127.0.0.1', resolve));
// Of its own conversations alone: its key is good for no more.
const hooks = `/bots/${bot}/webhooks`;
const { items } = await ask<{ items: { id: string }[] }>('GET', hooks);
if (!items.some(({ id }) => id === kept.webhook?.id)) {
  const events = ['message.created'];
  kept.webhook = await ask('POST', hooks, { url: ownUrl, events, only: 'conversations' });
  keep();
}
console.log(`Helper is user ${me.id}, and hears at ${ownUrl}`);

for (;;) {
  for (const { id, conversationId, text } of kept.reminders.filter(({ at }) => at <= Date.now())) {
    const isOver = await say(conversationId, `Remember: ${text}`, `remind-${id}`).then(
      () => true,
      (error: unknown) => (console.log(error), false),
    );
    if (!isOver) continue;
    kept.reminders = kept.reminders.filter((one) => one.id !== id);
    keep();
  }
  await sleep(250);
}

// npm run compose-here: starts the services of deploy/compose/compose.yaml as processes of this machine, with the settings that stand there
// and in the Dockerfile, asks their health checks, and lets two people whom nginx has put on two push servers write to each other.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDevice, type Device } from 'im-device';
import { createApiClient, unwrap, type ApiClient } from 'im-platform/client';
import { WebSocket } from 'ws';
import { bundlePage, copyPage } from '../../scripts/bundle-page.ts';
import { Scope } from '../faults/kit/scope.ts';
import { connectionsOf, tokensOf, untilOnline } from '../proxies/checks.ts';
import { makeProgramFiles } from '../support/program-files.ts';
import { makeRunFolder } from '../support/run-folder.ts';
import { readCompose } from './compose-file.ts';
import { ComposeHere } from './run-here.ts';
import { ownArguments } from '../../scripts/own-arguments.ts';

ownArguments({ name: 'compose-here' });
await makeProgramFiles(await makeRunFolder());
// In its image im-platform has its page.
await copyPage(await bundlePage(), 'packages/im-platform/dist/page');
const secret = (): string => randomBytes(32).toString('hex');
const env = {
  IM_ACCESS_SECRET: secret(),
  IM_REFRESH_SECRET: secret(),
  IM_GATEWAY_API_KEY: secret(),
  IM_DATABASE_PASSWORD: secret(),
};
{
  await using scope = new Scope();
  const folder = await mkdtemp(join(tmpdir(), 'im-compose-'));
  scope.onEnd(() => rm(folder, { recursive: true }));
  const services = readCompose(await readFile('deploy/compose/compose.yaml', 'utf8'), env);
  const here = await ComposeHere.start(services, { scope, folder, say: (line) => console.log(line) });
  await here.runOnce('platform-1', ['seed', '--password', 'demo-1234']);
  console.log(await writeToEachOther(scope, here));
  console.log(await pushByGateway(here));
}
console.log('all of them: ended in order on SIGTERM');
process.exit(0);

async function writeToEachOther(scope: Scope, here: ComposeHere): Promise<string> {
  const url = `http://127.0.0.1:${here.portOf('nginx', 80)}`;
  const ann = await person(scope, url, 'ann');
  const bob = await person(scope, url, 'bob');
  const counts = await Promise.all(
    ['push-1', 'push-2'].map((name) =>
      connectionsOf({ ports: { service: 0, operations: here.portOf(name, 9878) } }),
    ),
  );
  if (counts.join() !== '1,1')
    throw new Error(`nginx has put the two on the push servers as ${counts.join(' and ')}.`);
  const [hers, his] = await Promise.all([ann, bob].map(({ api }) => conversationsOf(api)));
  const conversationId = hers?.find((id) => his?.includes(id));
  if (conversationId === undefined) throw new Error('ann and bob have no conversation.');
  for (const [from, to] of [
    [ann, bob],
    [bob, ann],
  ] as const) {
    const text = secret();
    const heard = new Promise((resolve) => {
      to.device.on('message', ({ data }) => JSON.stringify(data).includes(text) && resolve(data));
    });
    const body = { content: { type: 'text' as const, text } };
    await unwrap(
      from.api.POST('/v1/conversations/{conversationId}/messages', {
        params: { path: { conversationId } },
        body,
      }),
    );
    await heard;
  }
  return 'through nginx: two people on two push servers wrote to each other';
}

interface Person {
  readonly api: ApiClient;
  readonly device: Device;
}

async function person(scope: Scope, url: string, name: string): Promise<Person> {
  let tokens = await tokensOf(url, name, {});
  const api = createApiClient({
    url,
    tokens: { read: () => tokens, write: (fresh) => (tokens = fresh ?? tokens) },
  });
  const device = createDevice({
    url: `${url.replace('http', 'ws')}/im`,
    token: () => tokens.accessToken,
    WebSocket,
  });
  scope.onEnd(() => device.close());
  device.start();
  await untilOnline(device);
  return { api, device };
}

async function conversationsOf(api: ApiClient): Promise<string[]> {
  const { items } = await unwrap(api.GET('/v1/conversations', { params: { query: { limit: 50 } } }));
  return items.map(({ id }) => id);
}

/** Nobody has that id: what counts is that the gateway asked the bus. */
async function pushByGateway(here: ComposeHere): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${here.portOf('gateway', 8880)}/v1/push/private`, {
    method: 'POST',
    headers: { authorization: `Bearer ${env.IM_GATEWAY_API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      sender: { id: 1, terminal: 0 },
      recvId: 1,
      recvTerminals: [2],
      data: {},
      waitMs: 5_000,
    }),
  });
  const said = await answer.text();
  if (!answer.ok || !said.includes('"offline"')) throw new Error(`The gateway: ${answer.status} ${said}`);
  return 'the gateway: took a push';
}

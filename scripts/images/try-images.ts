import { randomBytes } from 'node:crypto';
import { createToken } from 'im-common/token';
import { createDevice } from 'im-device';
import { freePort, startRedis } from 'im-test/support';
import { WebSocket } from 'ws';
import { waitUntil } from '../../test/support/wait-until.ts';
import type { Built } from './build.ts';
import { runInRoot, startContainer, type Container } from './namespace.ts';

const secret = (): string => randomBytes(32).toString('base64');
const accessSecret = secret();
const refreshSecret = secret();
const apiKey = secret();

/** Starts the three together with a Redis, and throws when one of them does not do what it is for. */
export async function tryImages(
  built: ReadonlyMap<string, Built>,
  say: (line: string) => void,
): Promise<void> {
  const image = (name: string): Built => {
    const one = built.get(name);
    if (!one) throw new Error(`The Dockerfile has no target ${name}.`);
    return one;
  };
  const redis = await startRedis();
  const ports = { server: await freePort(), platform: await freePort(), gateway: await freePort() };
  const adminPorts = { server: await freePort(), platform: await freePort(), gateway: await freePort() };
  const ofPlatform = {
    IM_PLATFORM_DATABASE: 'sqlite:/data/im.db',
    IM_PLATFORM_REDIS: redis.url,
    IM_PLATFORM_ACCESS_SECRET: accessSecret,
    IM_PLATFORM_REFRESH_SECRET: refreshSecret,
    IM_PLATFORM_PORT: String(ports.platform),
    IM_PLATFORM_OPERATIONS_PORT: String(adminPorts.platform),
  };
  const { root, settings } = image('im-platform');
  for (const command of [['migrate'], ['seed', '--password', 'demo-1234']])
    runInRoot(root, { ...settings, env: { ...settings.env, ...ofPlatform } }, [
      ...settings.entrypoint,
      ...command,
    ]);
  const variables = {
    'im-server': {
      IM_REDIS: redis.url,
      IM_JWT_SECRET: accessSecret,
      IM_PORT: String(ports.server),
      IM_ADMIN_PORT: String(adminPorts.server),
    },
    'im-platform': ofPlatform,
    'im-gateway': {
      IM_GATEWAY_REDIS: redis.url,
      IM_GATEWAY_API_KEY: apiKey,
      IM_GATEWAY_PORT: String(ports.gateway),
      IM_GATEWAY_ADMIN_PORT: String(adminPorts.gateway),
    },
  };
  const running = new Map<string, Container>();
  for (const [name, env] of Object.entries(variables)) {
    const one = image(name);
    const container = startContainer(one.root, one.settings, { env });
    running.set(name, container);
    await waitUntil(`${name} is healthy:\n${container.output}`, async () => container.isHealthy(), 60_000);
    say(`${name}: ${await whatItMayDo(one, container)}`);
  }
  say(await pushToDevice(ports));
  say(await signInAndSendPicture(`http://127.0.0.1:${ports.platform}`));
  for (const [name, container] of running) {
    const code = await container.stop();
    if (code !== 0) throw new Error(`${name} ended with ${code} on SIGTERM:\n${container.output}`);
  }
  say('all three: ended in order on SIGTERM');
  await redis.stop();
}

/** It is process 1, a user without rights, and may not change what it is made of. */
async function whatItMayDo({ root, settings }: Built, container: Container): Promise<string> {
  const status = await container.status();
  const of = (name: string): string => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? '';
  const [, own] = of('NSpid').split('\t');
  if (own !== '1') throw new Error(`It is process ${own ?? '?'} in its container, and not the first one.`);
  if (!of('Uid').startsWith('1000\t')) throw new Error(`It runs as ${of('Uid')}.`);
  if (BigInt(`0x${of('CapEff')}`) !== 0n) throw new Error(`It has the rights ${of('CapEff')}.`);
  const wrong = runInRoot(root, settings, [
    ...[
      'find',
      '/app',
      '-not',
      '-type',
      'l',
      '(',
      '-writable',
      '-o',
      '-not',
      '-readable',
      ')',
      '-prune',
      '-print',
    ],
  ]);
  if (wrong !== '') throw new Error(`It may write to what it is made of, or cannot read it:\n${wrong}`);
  return 'healthy, process 1, without rights, and cannot write to its own files';
}

/** A back end asks im-gateway, and im-server gives it to a device, which acknowledges it. */
async function pushToDevice(ports: { readonly server: number; readonly gateway: number }): Promise<string> {
  const user = { userId: 2, terminal: 0, userName: 'u2', nickName: 'x', expiresInS: 600 };
  const token = await createToken(accessSecret, { ...user, issuedAt: Date.now(), session: 'two' });
  const device = createDevice({ url: `ws://127.0.0.1:${ports.server}/im`, token, WebSocket });
  const heard = new Promise((resolve) => device.on('message', resolve));
  device.start();
  await waitUntil('the device is online', async () => device.state.kind === 'online');
  const answer = await fetch(`http://127.0.0.1:${ports.gateway}/v1/push/private`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      sender: { id: 1, terminal: 0 },
      recvId: 2,
      data: { text: 'hello' },
      waitMs: 10_000,
    }),
  });
  const said = await answer.text();
  if (!said.includes('"stage":"acknowledged"'))
    throw new Error(`im-gateway answered ${answer.status} ${said}`);
  await heard;
  await device.close();
  return 'im-gateway and im-server: a push reached a device, which acknowledged it';
}

/** Sessions need argon2, pictures sharp, and all of it SQLite: what has machine code. */
async function signInAndSendPicture(url: string): Promise<string> {
  const page = await (await fetch(url)).text();
  if (!page.includes('<html')) throw new Error(`There is no page at /: ${page.slice(0, 200)}`);
  const answer = await fetch(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userName: 'ann', password: 'demo-1234', device: 'web' }),
  });
  const { accessToken } = (await answer.json()) as { accessToken: string };
  const form = new FormData();
  const picture = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
    'base64',
  );
  form.append('file', new Blob([picture], { type: 'image/png' }), 'dot.png');
  const upload = await fetch(`${url}/image/upload`, {
    method: 'POST',
    headers: { accesstoken: accessToken },
    body: form,
  });
  const said = await upload.text();
  if (!said.includes('"code":200')) throw new Error(`A picture: ${upload.status} ${said}`);
  return 'im-platform: its page is there, somebody signed in and sent a picture';
}

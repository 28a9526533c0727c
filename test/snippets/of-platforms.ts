import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Chat } from 'im-chat';
import { createMemoryBus } from 'im-common/bus';
import { createImServer } from 'im-server';
import {
  createPlatform,
  migrate,
  openDatabase,
  type AwayChannel,
  type KeyProvider,
  type Platform,
} from 'im-platform';
import { createApiClient, unwrap, type ApiClient, type ApiTokens } from 'im-platform/client';
import { onCleanup, onFileCleanup } from 'im-test/support';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect } from 'vitest';
import type { App } from 'vue';
import { renderToString } from 'vue/server-renderer';
import { WebSocket } from 'ws';
import type { Row } from './snippet.ts';
import { redisHere, secret } from './world.ts';

// What is built on im-platform, and into it.

const password = 'demo-1234';
const audience = 'chat';

/** Ann has bob as a friend. */
interface People {
  readonly url: string;
  readonly imUrl: string;
  /** Of the issuer that the platform trusts. */
  readonly theirToken: string;
}

export function platformRows(): Row[] {
  let here: Promise<People> | undefined;
  const people = (): Promise<People> => (here ??= startPlatform());
  return [
    {
      ...{ file: 'docs/sign-in.md', has: "'/v1/sessions/exchange'" },
      async run(start) {
        const { theirToken, url } = await people();
        const swaps = { 'https://chat.example.com': url };
        const { me } = await start<{ me: object }>({ given: { theirToken }, swaps, shown: ['me'] });
        expect(me).toMatchObject({ nickName: 'Carla' });
      },
    },
    {
      ...{ file: 'docs/sign-in.md', has: 'error.ticket === undefined' },
      async run(start) {
        const { imUrl, url } = await people();
        const api = createApiClient({ url });
        await unwrap(api.POST('/v1/accounts', { body: { userName: 'dora', nickName: 'Dora', password } }));
        await unwrap(api.POST('/v1/sessions', { body: { userName: 'dora', password, device: 'pc' } }));
        const factor = await unwrap(api.POST('/v1/me/second-factor', { body: { password } }));
        const code = codeOf(factor.secret);
        const { recoveryCodes } = await unwrap(
          api.POST('/v1/me/second-factor/confirmation', { body: { code } }),
        );
        const chat = new Chat({ url, imUrl, WebSocket });
        onCleanup(() => chat.close());
        const askForCode = () => Promise.resolve(recoveryCodes[0] ?? '');
        await start({ given: { chat, userName: 'dora', password, askForCode } });
        expect(chat.session.get().kind).toBe('signed-in');
      },
    },
    {
      ...{ file: 'packages/im-platform/README.md', has: "'idempotency-key': crypto.randomUUID()" },
      async run(start) {
        const { url } = await people();
        const shown: string[] = [];
        const show = (text: string): number => shown.push(text);
        const swaps = { 'https://chat.example.com': url };
        await start({ given: { userName: 'ann', password, show }, swaps });
        expect(shown).toEqual([expect.stringMatching(/^\d+ is stored$/)]);
      },
    },
    {
      ...{ file: 'docs/away-push.md', has: 'navigator.serviceWorker.ready' },
      async run(start) {
        const { url } = await people();
        const tokens = await tokensOf(url);
        const asked: { readonly applicationServerKey?: string }[] = [];
        // What a browser has of its push service, which none here reaches.
        const subscription = {
          endpoint: 'https://fcm.googleapis.com/fcm/send/of-ann',
          keys: {
            p256dh: 'BNNL5ZaTfK81qhXOx23-wewhigUeFb632jN6LvRWCFH1ubQr77FE_9qV1FuojuRmHP42zmf34rXgW80OvUVDgTk',
            auth: 'zqbxT6JKstKSY9JKibZLSQ',
          },
        };
        const pushManager = {
          subscribe(options: { readonly applicationServerKey?: string }) {
            asked.push(options);
            return Promise.resolve({ toJSON: () => subscription });
          },
        };
        const navigator = { serviceWorker: { ready: Promise.resolve({ pushManager }) } };
        const given = { tokens, navigator, location: { origin: url } };
        await start({ given });
        expect(asked[0]?.applicationServerKey).toMatch(/^[\w-]{87}$/);
      },
    },
    {
      ...{ file: 'packages/im-chat/README.md', has: 'useConversations()' },
      async run(start) {
        const chat = await signedIn(await people());
        await expect.poll(() => chat.conversations.get().items).toHaveLength(1);
        // There is no page: what would be mounted is written down.
        const swaps = { ".mount('#app')": '' };
        const { app } = await start<{ app: App }>({ given: { chat }, swaps, shown: ['app'] });
        expect(await renderToString(app)).toContain('<button>bob</button>');
      },
    },
    {
      ...{ file: 'packages/im-chat/README.md', has: 'tokens: localStorageTokens()' },
      async run(start) {
        const { imUrl, url } = await people();
        await keepSession(url);
        const swaps = {
          "'wss://push.example.com/im'": `'${imUrl}', WebSocket`,
          'store: indexedDbStore()': '',
        };
        const { chat } = await start<{ chat: Chat }>({
          given: { WebSocket, location: { origin: url } },
          swaps,
          shown: ['chat'],
        });
        onCleanup(() => chat.close());
        await expect.poll(() => chat.session.get().kind).toBe('signed-in');
      },
    },
    {
      ...{ file: 'docs/end-to-end.md', has: 'encryption.createRecoveryKey()' },
      async run(start) {
        const { imUrl, url } = await people();
        await keepSession(url);
        const swaps = {
          "'wss://push.example.com/im'": `'${imUrl}', WebSocket`,
          'store: indexedDbStore()': '',
        };
        const given = { WebSocket, location: { origin: url } };
        const { chat, recoveryKey } = await start<{ chat: Chat; recoveryKey: string }>({
          given,
          swaps,
          shown: ['chat', 'recoveryKey'],
        });
        onCleanup(() => chat.close());
        expect(recoveryKey).toMatch(/^(\w{4}-){13}\w{4}$/);
      },
    },
    {
      ...{ file: 'docs/away-push.md', has: 'const vendor: AwayChannel' },
      async run(start) {
        const status = [200, 410, 503];
        const posted: unknown[] = [];
        const service = createServer((request, response) => {
          void request.toArray().then((parts) => {
            posted.push(JSON.parse(Buffer.concat(parts as Buffer[]).toString()));
            response.writeHead(status.shift() ?? 500).end();
          });
        });
        await once(service.listen(0, '127.0.0.1'), 'listening');
        onCleanup(() => void service.close());
        const { vendor } = await start<{ vendor: AwayChannel }>({
          swaps: {
            'https://push.vendor.example': `http://127.0.0.1:${(service.address() as AddressInfo).port}`,
            ...secrets,
          },
          shown: ['vendor'],
        });
        const { send } = vendor;
        const post = () =>
          send({ address: 'of-ann' } as never, { collapseKey: 'a' } as never, {
            signal: AbortSignal.timeout(60_000),
          });
        expect([await post(), await post(), await post()]).toEqual([
          { is: 'sent' },
          { is: 'gone', reason: 'UNREGISTERED' },
          { is: 'later', reason: 'HTTP_503' },
        ]);
        expect(posted[0]).toMatchObject({ token: 'of-ann', group: 'a' });
      },
    },
    {
      ...{ file: 'docs/red-packets.md', has: 'paymentProvider: bank' },
      async run(start) {
        const bank = { begin: refuse, find: refuse, readNotice: () => undefined };
        const swaps = { "'mysql://im@localhost/im'": "'sqlite::memory:'", "'redis://localhost'": redisHere };
        const given = { accessSecret: secret, refreshSecret: `${secret}-2`, bank };
        const { platform } = await start<{ platform: Platform }>({ given, swaps, shown: ['platform'] });
        await platform.close();
      },
    },
    {
      ...{ file: 'docs/encryption.md', has: 'const encryptionKeyProvider' },
      async run(start) {
        const kms = {
          encrypt: (_: string, plain: Uint8Array, context: string) =>
            Promise.resolve(`${context}/${Buffer.from(plain).toString('hex')}`),
          decrypt: (_: string, text: string, context: string) =>
            text.startsWith(`${context}/`)
              ? Promise.resolve(Buffer.from(text.slice(context.length + 1), 'hex'))
              : Promise.reject(new Error('changed')),
        };
        const given = { kms, isHopeless: (error: Error) => error.message === 'changed' };
        const { encryptionKeyProvider } = await start<{ encryptionKeyProvider: KeyProvider }>({
          given,
          shown: ['encryptionKeyProvider'],
        });
        const provider = encryptionKeyProvider;
        const wrapped = await provider.wrap(Buffer.from('key'), 'a');
        expect(Buffer.from(await provider.unwrap(wrapped, 'a')).toString()).toBe('key');
        await expect(provider.unwrap(wrapped, 'b')).rejects.toThrow('not a key of ours');
      },
    },
  ];
}

const refuse = () => Promise.reject(new Error('nobody pays here'));

const secrets = {
  "process.env['ACCESS_SECRET'] ?? ''": `'${secret}'`,
  "process.env['REFRESH_SECRET'] ?? ''": `'${secret}-2'`,
  "'redis://127.0.0.1:6379'": redisHere,
};

/** One for all rows. */
async function startPlatform(): Promise<People> {
  const folder = await mkdtemp(join(tmpdir(), 'im-test-snippets-'));
  onFileCleanup(() => rm(folder, { recursive: true, force: true }));
  const database = `sqlite:${join(folder, 'im.db')}`;
  const opened = openDatabase({ url: database });
  await migrate(opened.sql);
  await opened.close();
  const bus = createMemoryBus();
  await bus.start();
  onFileCleanup(() => bus.close());
  const server = createImServer({ host: '127.0.0.1', port: 0, jwtSecret: secret, bus });
  await server.start();
  onFileCleanup(() => server.close());
  const issuer = await startIssuer();
  const platform = createPlatform({
    ...{
      database,
      bus,
      host: '127.0.0.1',
      port: 0,
      filesDir: folder,
      webPushContact: 'mailto:ops@example.com',
    },
    ...{ accessSecret: secret, refreshSecret: `${secret}-2`, friendship: 'open', endToEnd: true },
    identityProviders: [{ id: 'shop', issuer: issuer.url, audience }],
  });
  await platform.start();
  onFileCleanup(() => platform.close());
  const { url } = platform;
  const ann = await enter(url, 'ann');
  const bob = await enter(url, 'bob');
  const { id: userId } = await unwrap(bob.GET('/v1/me'));
  await unwrap(ann.PUT('/v1/friends/{userId}', { params: { path: { userId } } }));
  return { url, imUrl: server.url, theirToken: issuer.token };
}

async function signedIn({ imUrl, url }: People): Promise<Chat> {
  const chat = new Chat({ url, imUrl, WebSocket });
  onCleanup(() => chat.close());
  await chat.signIn({ userName: 'ann', password });
  return chat;
}

function tokensOf(url: string): Promise<ApiTokens> {
  const body = { userName: 'ann', password, device: 'web' } as const;
  return unwrap(createApiClient({ url }).POST('/v1/sessions', { body }));
}

/** As a browser in which ann is signed in. */
async function keepSession(url: string): Promise<void> {
  const kept = JSON.stringify(await tokensOf(url));
  Object.assign(globalThis, { localStorage: { getItem: () => kept, setItem() {}, removeItem() {} } });
  onCleanup(() => Reflect.deleteProperty(globalThis, 'localStorage'));
}

async function enter(url: string, userName: string): Promise<ApiClient> {
  const api = createApiClient({ url });
  await unwrap(api.POST('/v1/accounts', { body: { userName, nickName: userName, password } }));
  await unwrap(api.POST('/v1/sessions', { body: { userName, password, device: 'pc' } }));
  return api;
}

/** Somebody else's back end, and the token of a user of it. */
async function startIssuer(): Promise<{ readonly url: string; readonly token: string }> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const key = { ...(await exportJWK(publicKey)), kid: 'first', alg: 'ES256', use: 'sig' };
  const web = createServer((request, response) => {
    const said = request.url === '/keys' ? { keys: [key] } : { issuer: url, jwks_uri: `${url}/keys` };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(said));
  });
  await once(web.listen(0, '127.0.0.1'), 'listening');
  onFileCleanup(() => {
    web.closeAllConnections();
    web.close();
  });
  const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  const now = Math.floor(Date.now() / 1_000);
  const token = await new SignJWT({
    iss: url,
    aud: audience,
    sub: 'c-7',
    name: 'Carla',
    iat: now,
    exp: now + 300,
  })
    .setProtectedHeader({ alg: 'ES256', kid: 'first' })
    .sign(privateKey);
  return { url, token };
}

/** What an app shows at this moment (RFC 6238). */
function codeOf(base32: string): string {
  const bits = Array.from(base32, (letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  ).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac('sha1', key).update(step).digest();
  const at = (hash.at(-1) ?? 0) & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

import { createECDH, createPublicKey, randomBytes, verify } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decrypt } from 'http_ece';
import { onCleanup } from './cleanup.ts';
import { expect } from 'vitest';
import type { AwayNotification } from 'im-platform';

/** What a browser's push service was given. */
export interface Posted {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** It answers when this has ended. */
  readonly after?: Promise<void>;
}

/** The service of a browser, and the browser's half of a subscription: of the RFCs, with nothing of ours in it. */
export class PushService {
  host = '';
  readonly posted: Posted[] = [];
  /** What it answers, by the path of the endpoint. @default 201 */
  readonly answers = new Map<string, Answer>();
  /** What it answers to the one at that place of `posted`. */
  answer: (index: number) => Answer | Promise<Answer> = (index) =>
    this.answers.get(this.posted[index]?.path ?? '') ?? { status: 201 };
  #close: () => Promise<unknown> = () => Promise.resolve();

  static async start(): Promise<PushService> {
    const service = new PushService();
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { url: path = '', headers } = request;
        const index = service.posted.push({ path, headers, body: Buffer.concat(chunks) }) - 1;
        void (async () => {
          const { status, headers: more, after } = await service.answer(index);
          await after;
          response.writeHead(status, more).end();
        })();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    service.#close = () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    };
    onCleanup(() => service.close());
    service.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    return service;
  }

  async close(): Promise<void> {
    await this.#close();
  }

  subscribe(path: string): Subscription {
    return new Subscription(this, path);
  }

  /** How many there are at an endpoint once there are so many. */
  async postsTo(path: string, atLeast = 1): Promise<Posted[]> {
    const posted = (): Posted[] => this.posted.filter((one) => one.path === path);
    await expect.poll(() => posted().length, { timeout: 60_000 }).toBeGreaterThanOrEqual(atLeast);
    return posted();
  }
}

export class Subscription {
  readonly path: string;
  readonly #service: PushService;
  readonly #keys = createECDH('prime256v1');
  readonly #auth = randomBytes(16);

  constructor(service: PushService, path: string) {
    this.#service = service;
    this.path = path;
    this.#keys.generateKeys();
  }

  /** What the page sends. */
  get registration() {
    const secrets = {
      p256dh: this.#keys.getPublicKey('base64url'),
      auth: this.#auth.toString('base64url'),
    };
    const address = `http://${this.#service.host}${this.path}`;
    return { channel: 'web', address, secrets, language: 'en' } as const;
  }

  /** What its service worker gets. */
  read({ body }: Posted): AwayNotification {
    const authSecret = this.#auth.toString('base64url');
    const plain = decrypt(body, { version: 'aes128gcm', privateKey: this.#keys, authSecret });
    return JSON.parse(plain.toString()) as AwayNotification;
  }

  /** All that came so far, once there are so many. */
  async told(atLeast = 1): Promise<AwayNotification[]> {
    return (await this.#service.postsTo(this.path, atLeast)).map((one) => this.read(one));
  }
}

/** The claims, and with which key: what a push service does first (RFC 8292). */
export function checkVapid({ headers }: Posted): { readonly claims: object; readonly publicKey: string } {
  const [, token = '', publicKey = ''] =
    /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(headers.authorization ?? '') ?? [];
  const [head = '', claims = '', signature = ''] = token.split('.');
  const point = Buffer.from(publicKey, 'base64url');
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')];
  const key = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y } });
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  if (!isSigned) throw new Error('A push was signed with another key than it names');
  return { claims: JSON.parse(Buffer.from(claims, 'base64url').toString()) as object, publicKey };
}

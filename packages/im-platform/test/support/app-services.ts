import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { onCleanup } from 'im-test/support';
import { expect } from 'vitest';
import type { ApnsOptions, FcmOptions } from '../../src/index.ts';

// The services of Apple and Google as they document them, as far as one who sends sees them; with what they refuse.

interface Refused {
  readonly status: number;
  readonly reason: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface AppPush {
  readonly token: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Record<string, unknown>;
}

/** Of what a device is told. */
const mostBytes = 4_096;

abstract class AppService {
  readonly taken: AppPush[] = [];
  /** What is refused, by the device; once each. */
  readonly refusals = new Map<string, Refused[]>();

  /** Waits until so many were taken. */
  async pushes(atLeast: number): Promise<AppPush[]> {
    await expect.poll(() => this.taken.length).toBeGreaterThanOrEqual(atLeast);
    return this.taken;
  }
}

const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** HTTP/2 in plain, as Apple's is behind its TLS. */
export class Apns extends AppService {
  readonly options: ApnsOptions;
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly tokens = new Set<string>();
  connections = 0;

  private constructor(host: string, key: string) {
    super();
    this.options = { key, keyId: 'KEY1234567', teamId: 'TEAM123456', topic: 'com.example.chat', host };
  }

  static async start(): Promise<Apns> {
    const { privateKey, publicKey } = ec();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const apns = new Apns(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    );
    server.on('session', (session) => {
      apns.connections += 1;
      apns.#sessions.add(session);
      session.on('close', () => apns.#sessions.delete(session));
    });
    server.on('stream', (stream, headers) => {
      let text = '';
      stream.setEncoding('utf8');
      stream.on('data', (part: string) => (text += part));
      stream.on('end', () => {
        const token = /^\/3\/device\/([\da-f]+)$/.exec(String(headers[':path']))?.[1] ?? '';
        const problem =
          Buffer.byteLength(text) > mostBytes
            ? { status: 413, reason: 'PayloadTooLarge', headers: {} }
            : apns.#problemOf(
                token,
                headers,
                createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
              );
        if (problem) {
          stream.respond({ ':status': problem.status, ...problem.headers });
          stream.end(JSON.stringify({ reason: problem.reason }));
          return;
        }
        apns.taken.push({ token, headers, body: JSON.parse(text) as Record<string, unknown> });
        stream.respond({ ':status': 200 });
        stream.end();
      });
    });
    onCleanup(async () => {
      apns.goAway();
      await new Promise((resolve) => server.close(resolve));
    });
    return apns;
  }

  /** As before maintenance: nothing new on these connections. */
  goAway(): void {
    for (const session of this.#sessions) session.close();
  }

  #problemOf(
    token: string,
    headers: Readonly<Record<string, unknown>>,
    key: ReturnType<typeof createPublicKey>,
  ): Refused | undefined {
    const jwt = /^bearer (\S+)$/.exec(String(headers['authorization']))?.[1] ?? '';
    const { head, claims, isSigned } = readJwt(jwt, key, 'ieee-p1363');
    this.tokens.add(jwt);
    if (!isSigned || head['kid'] !== this.options.keyId || claims['iss'] !== this.options.teamId)
      return { status: 403, reason: 'InvalidProviderToken' };
    if (headers['apns-topic'] !== this.options.topic)
      return { status: 400, reason: 'DeviceTokenNotForTopic' };
    return this.refusals.get(token)?.shift();
  }
}

/** FCM's HTTP v1, and where Google gives tokens for it. */
export class Fcm extends AppService {
  readonly options: FcmOptions;
  tokensGiven = 0;

  private constructor(host: string, privateKey: string) {
    super();
    const account = { project_id: 'chat-1', client_email: 'push@chat-1.iam.gserviceaccount.com' };
    this.options = { ...account, private_key: privateKey, token_uri: `${host}/token`, host };
  }

  static async start(): Promise<Fcm> {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    let fcm: Fcm | undefined;
    const server = createHttpServer((request, response) => {
      let text = '';
      request.setEncoding('utf8');
      request.on('data', (part: string) => (text += part));
      request.on('end', () => {
        if (!fcm) return;
        const [status, answer, headers] =
          request.url === '/token'
            ? fcm.#grant(text, publicKey)
            : fcm.#take(request.url ?? '', request.headers, text);
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onCleanup(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return (fcm = new Fcm(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ));
  }

  #grant(text: string, key: Parameters<typeof readJwt>[1]): Given {
    const { claims, isSigned } = readJwt(new URLSearchParams(text).get('assertion') ?? '', key, 'der');
    if (!isSigned || claims['iss'] !== this.options.client_email || claims['aud'] !== this.options.token_uri)
      return [400, { error: 'invalid_grant' }, {}];
    this.tokensGiven += 1;
    return [200, { access_token: `ya29.${this.tokensGiven}`, expires_in: 3_599 }, {}];
  }

  #take(path: string, headers: Readonly<Record<string, unknown>>, text: string): Given {
    if (path !== '/v1/projects/chat-1/messages:send') return [404, {}, {}];
    if (headers['authorization'] !== `Bearer ya29.${this.tokensGiven}`)
      return [401, { error: { status: 'UNAUTHENTICATED' } }, {}];
    const { message } = JSON.parse(text) as { message: Record<string, unknown> };
    const token = String(message['token']);
    const { data, notification } = message;
    if (Buffer.byteLength(JSON.stringify({ data, notification })) > mostBytes)
      return [400, { error: { status: 'INVALID_ARGUMENT' } }, {}];
    const refused = this.refusals.get(token)?.shift();
    if (refused) {
      const details = [
        { '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode: refused.reason },
      ];
      return [refused.status, { error: { status: 'REFUSED', details } }, refused.headers ?? {}];
    }
    this.taken.push({ token, headers, body: message });
    return [200, { name: 'projects/chat-1/messages/1' }, {}];
  }
}

type Given = readonly [status: number, answer: object, headers: Readonly<Record<string, string>>];

function readJwt(jwt: string, key: ReturnType<typeof createPublicKey>, dsaEncoding: 'der' | 'ieee-p1363') {
  const [head = '', claims = '', signature = ''] = jwt.split('.');
  const read = (part: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(part, 'base64url').toString() || '{}') as Record<string, unknown>;
  const signed = Buffer.from(`${head}.${claims}`);
  const isSigned = verify('sha256', signed, { key, dsaEncoding }, Buffer.from(signature, 'base64url'));
  return { head: read(head), claims: read(claims), isSigned };
}

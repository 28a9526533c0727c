import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { createMemoryBus, type Bus } from 'im-common/bus';
import { createImServer, type ImServer, type ImServerOptions } from 'im-server';
import { connectDevice, makeToken, onCleanup, type RawDevice } from 'im-test/support';
import { createGateway, type Gateway, type GatewayOptions } from '../src/index.ts';

export const secret = 'secret-of-at-least-32-bytes-for-tests';
export const apiKey = 'a-key-of-32-characters-for-tests';

/** A bus in memory with a push server on it; they end with the test. */
export async function startWorld(
  options: Partial<ImServerOptions> = {},
): Promise<{ readonly bus: Bus; readonly server: ImServer }> {
  const bus = createMemoryBus();
  await bus.start();
  onCleanup(() => bus.close());
  const server = createImServer({
    ...{ bus, host: '127.0.0.1', port: 0, jwtSecret: secret, drainMs: 0 },
    ...options,
  });
  onCleanup(() => server.close());
  await server.start();
  return { bus, server };
}

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const gateway = createGateway({ port: 0, apiKey, ...options });
  onCleanup(() => gateway.close());
  await gateway.start();
  return gateway;
}

export async function logIn(
  server: Pick<ImServer, 'url'>,
  userId: number,
  { terminal = 0, autoPong = true }: { readonly terminal?: number; readonly autoPong?: boolean } = {},
): Promise<RawDevice> {
  const device = await connectDevice(server.url, { autoPong });
  await device.login({ token: await makeToken({ userId, terminal, secret }), devId: userId });
  return device;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Operation {
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: object } } };
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** A caller who holds the gateway to its own description: what is not in it fails the test. */
export class Caller {
  readonly #url: string;
  readonly #document: OpenApi;
  readonly #ajv = new Ajv2020({ strict: false });

  private constructor(url: string, document: OpenApi) {
    this.#url = url;
    this.#document = document;
  }

  static async of({ url }: Pick<Gateway, 'url'>): Promise<Caller> {
    return new Caller(url, (await (await fetch(`${url}/openapi.json`)).json()) as OpenApi);
  }

  get operations(): readonly (readonly [method: string, path: string])[] {
    return Object.entries(this.#document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method.toUpperCase(), path] as const),
    );
  }

  post(path: string, body: object | string, key: string | null = apiKey): Promise<Answer> {
    return this.#call('POST', path, key, typeof body === 'string' ? body : JSON.stringify(body));
  }

  get(path: string, key: string | null = apiKey): Promise<Answer> {
    return this.#call('GET', path, key);
  }

  async #call(method: string, path: string, key: string | null, text?: string): Promise<Answer> {
    const operation = this.#document.paths[path]?.[method.toLowerCase()];
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        ...(key !== null && { authorization: `Bearer ${key}` }),
        ...(text !== undefined && { 'content-type': 'application/json' }),
      },
      ...(text !== undefined && { body: text }),
    });
    const body = (await response.json()) as Answer['body'];
    const { status, headers } = response;
    const [type = ''] = (headers.get('content-type') ?? '').split(';');
    const described = operation?.responses[String(status)]?.content[type]?.schema;
    if (!described)
      throw new Error(
        `${method} ${path} answered ${status} as ${type}, which is not described: ${JSON.stringify(body)}`,
      );
    this.#check(`the answer of ${path}`, described, body);
    const asked = operation.requestBody?.content['application/json'].schema;
    if (status === 200 && asked && text !== undefined)
      this.#check(`the request to ${path}`, asked, JSON.parse(text));
    return { status, headers, body };
  }

  #check(what: string, schema: object, value: unknown): void {
    const check: ValidateFunction = this.#ajv.compile(schema);
    if (!check(value)) throw new Error(`${what}: ${this.#ajv.errorsText(check.errors)}`);
  }
}

export interface Hook {
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

export interface HookReceiver {
  readonly url: string;
  readonly hooks: readonly Hook[];
  /** Resolves with the next one that was not read yet. */
  next(): Promise<Hook>;
}

/** Somebody's back end. `answer` says the status of the answer to each post. */
export async function receiveHooks(
  answer: (hook: Hook, count: number) => number = () => 204,
): Promise<HookReceiver> {
  const hooks: Hook[] = [];
  let read = 0;
  let look = (): void => undefined;
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const hook = { body: Buffer.concat(pieces).toString(), headers: request.headers };
      hooks.push(hook);
      response.writeHead(answer(hook, hooks.length)).end();
      look();
    });
  });
  onCleanup(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hooks`,
    hooks,
    next: () =>
      new Promise((resolve) => {
        look = () => {
          const hook = hooks[read];
          if (!hook) return;
          read += 1;
          look = () => undefined;
          resolve(hook);
        };
        look();
      }),
  };
}

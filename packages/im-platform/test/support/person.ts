import { connectDevice, type RawDevice } from 'im-test/support';
import { exchange } from './exchange.ts';

/** The envelope of every answer. */
export interface Answer<T = unknown> {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly data: T;
}

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

export interface CallOptions {
  readonly headers?: Record<string, string>;
  /** Sent as JSON; a string goes as it is. */
  readonly body?: unknown;
}

/** One HTTP call as box-im's page makes it. */
export async function call<T = unknown>(
  url: string,
  method: string,
  { headers, body }: CallOptions = {},
): Promise<Answer<T>> {
  const answer = await exchange(url, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const envelope = JSON.parse(answer.body.toString()) as Omit<Answer<T>, 'status'>;
  return { status: answer.status, ...envelope };
}

export interface LogIn {
  readonly url: string;
  readonly imUrl: string;
  readonly userName: string;
  readonly password: string;
  readonly terminal: number;
}

/** Somebody who is logged in at a platform. */
export class Person {
  readonly id: number;
  readonly userName: string;
  readonly terminal: number;
  readonly tokens: Tokens;
  readonly #url: string;
  readonly #imUrl: string;

  private constructor({ url, imUrl, userName, terminal }: LogIn, tokens: Tokens) {
    this.#url = url;
    this.#imUrl = imUrl;
    this.userName = userName;
    this.terminal = terminal;
    this.tokens = tokens;
    this.id = idIn(tokens.accessToken);
  }

  static async register(
    url: string,
    body: { userName: string; password: string; nickName?: string },
  ): Promise<void> {
    const { code, message } = await call(`${url}/register`, 'POST', { body });
    if (code !== 200) throw new Error(`Registering ${body.userName}: ${message}`);
  }

  static async logIn(how: LogIn): Promise<Person> {
    const { userName, password, terminal } = how;
    const { data, message } = await call<Tokens | null>(`${how.url}/login`, 'POST', {
      body: { userName, password, terminal },
    });
    if (!data) throw new Error(`Logging in ${userName}: ${message}`);
    return new Person(how, data);
  }

  /** The whole envelope. */
  ask<T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    return call<T>(`${this.#url}${path}`, method, {
      headers: { accessToken: encodeURIComponent(this.tokens.accessToken), ...headers },
      body,
    });
  }

  /** The data of an answer that must be good. */
  async get<T>(path: string): Promise<T> {
    return this.#good<T>('GET', path);
  }

  async post<T = unknown>(path: string, body?: unknown): Promise<T> {
    return this.#good<T>('POST', path, body);
  }

  async put<T = unknown>(path: string, body?: unknown): Promise<T> {
    return this.#good<T>('PUT', path, body);
  }

  async delete<T = unknown>(path: string, body?: unknown): Promise<T> {
    return this.#good<T>('DELETE', path, body);
  }

  /** Connects a device of this terminal, as box-im's page does. Resolves when it is logged in. */
  async connect(devId = Math.floor(Math.random() * 1e6)): Promise<RawDevice> {
    const device = await connectDevice(this.#imUrl);
    device.send({ cmd: 0, data: { accessToken: this.tokens.accessToken, devId } });
    await device.next(({ cmd }) => cmd === 0);
    return device;
  }

  async #good<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { code, message, data } = await this.ask<T>(method, path, body);
    if (code !== 200) throw new Error(`${method} ${path} by ${this.userName}: ${code} ${message}`);
    return data;
  }
}

function idIn(accessToken: string): number {
  const [, payload = ''] = accessToken.split('.');
  const { info } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { info: string };
  return (JSON.parse(info) as { userId: number }).userId;
}

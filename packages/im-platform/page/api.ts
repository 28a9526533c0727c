interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

interface Envelope<T> {
  readonly code: number;
  readonly message: string;
  readonly data: T;
}

/** The server says no, in words for the user. */
class Refused extends Error {}

/** The session is over: somebody must sign in again. */
export class SignedOut extends Error {}

const tokenInvalid = 401;
const mayWorkLater: readonly number[] = [429, 503];
/** Of this tab alone, so that two tabs can be two people. */
const storageKey = 'im-session';

/** The HTTP API with the tokens of whoever is signed in, which are refreshed when they end. */
export class Api {
  #tokens: Tokens | undefined = readTokens();
  #refreshing: Promise<string> | undefined;

  get isSignedIn(): boolean {
    return this.#tokens !== undefined;
  }

  get accessToken(): string {
    return this.#tokens?.accessToken ?? '';
  }

  async signIn(userName: string, password: string): Promise<void> {
    const body = { terminal: 0, userName, password };
    this.#keep(unwrap(await ask<Tokens>('POST', '/login', { body })));
  }

  /** Ends the session on the server too, which need not answer. */
  signOut(): void {
    if (this.#tokens)
      void ask('POST', '/logout', { headers: { accessToken: this.accessToken } }).catch(() => undefined);
    this.forget();
  }

  /** Leaves the session to others who have it. */
  forget(): void {
    this.#keep(undefined);
  }

  get<T>(path: string): Promise<T> {
    return this.#call<T>('GET', path);
  }

  post<T>(path: string, body: object): Promise<T> {
    return this.#call<T>('POST', path, body);
  }

  put(path: string): Promise<unknown> {
    return this.#call('PUT', path);
  }

  delete<T>(path: string): Promise<T> {
    return this.#call<T>('DELETE', path);
  }

  /** A fresh access token. Asked for by many at once, it is fetched once. */
  refresh(): Promise<string> {
    this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  async #refresh(): Promise<string> {
    const headers = { refreshToken: this.#tokens?.refreshToken ?? '' };
    const answer = await ask<Tokens>('PUT', '/refreshToken', { headers });
    if (answer.code !== 200 && !mayWorkLater.includes(answer.code)) {
      this.#keep(undefined);
      throw new SignedOut(answer.message);
    }
    this.#keep(unwrap(answer));
    return this.accessToken;
  }

  async #call<T>(method: string, path: string, body?: object): Promise<T> {
    const attempt = (): Promise<Envelope<T>> =>
      ask<T>(method, path, { headers: { accessToken: this.accessToken }, body });
    let answer = await attempt();
    if (answer.code === tokenInvalid) {
      await this.refresh();
      answer = await attempt();
    }
    return unwrap(answer);
  }

  #keep(tokens: Tokens | undefined): void {
    this.#tokens = tokens;
    if (tokens) sessionStorage.setItem(storageKey, JSON.stringify(tokens));
    else sessionStorage.removeItem(storageKey);
  }
}

function readTokens(): Tokens | undefined {
  const text = sessionStorage.getItem(storageKey);
  return text === null ? undefined : (JSON.parse(text) as Tokens); // we wrote it
}

async function ask<T>(
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: object | undefined },
): Promise<Envelope<T>> {
  const answer = await fetch(path, {
    method,
    // As the rest of the page.
    headers: { language: 'en', ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await answer.json()) as Envelope<T>;
}

function unwrap<T>({ code, message, data }: Envelope<T>): T {
  if (code === 200) return data;
  throw new Refused(message);
}

import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './generated-types.ts';

export type ApiTokens = components['schemas']['Tokens'];

/** Where the tokens of whoever is signed in are kept. */
export interface TokenStore {
  read(): ApiTokens | undefined;
  /** Undefined: the session is over, somebody must sign in again. */
  write(tokens: ApiTokens | undefined): void;
}

export interface ApiClientOptions {
  /** Where the platform is, without `/v1`. */
  readonly url: string;
  /** @default in memory */
  readonly tokens?: TokenStore;
  /** Of what the platform says. @default what the browser accepts */
  readonly language?: 'en' | 'zh';
  /** @default the global one */
  readonly fetch?: (request: Request) => Promise<Response>;
}

export type ApiClient = Client<paths> & {
  /** A good access token, for push servers too; fetches a fresh one when it is asked to. */
  accessToken(options?: { readonly refresh?: boolean }): Promise<string>;
};

/** Calls with the tokens of `signIn`, and with fresh ones when those are over. */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const { url, language, tokens = inMemory(), fetch: ask = (request: Request) => fetch(request) } = options;
  let refreshing: Promise<ApiTokens | undefined> | undefined;

  /** Asked for by many at once, they are fetched once. */
  const refresh = (): Promise<ApiTokens | undefined> => {
    refreshing ??= fetchTokens(url, tokens.read(), ask)
      .then((fresh) => {
        if (fresh !== 'later') tokens.write(fresh);
        return fresh === 'later' ? undefined : fresh;
      })
      .finally(() => (refreshing = undefined));
    return refreshing;
  };

  const askSignedIn = async (request: Request): Promise<Response> => {
    const shown = tokens.read();
    if (language) request.headers.set('accept-language', language);
    if (!shown || isForTokens(request)) return keep(request, await ask(request), tokens);
    const again = request.clone();
    const answer = await ask(withToken(request, shown));
    if (answer.status !== 401) return answer;
    // Another call may have fetched them meanwhile.
    const current = tokens.read();
    const fresh = current && current.accessToken !== shown.accessToken ? current : await refresh();
    return fresh ? ask(withToken(again, fresh)) : answer;
  };

  return Object.assign(createClient<paths>({ baseUrl: url, fetch: askSignedIn }), {
    async accessToken({ refresh: isFresh = false } = {}) {
      const current = isFresh ? await refresh() : tokens.read();
      if (!current) throw new Error('Nobody is signed in.');
      return current.accessToken;
    },
  });
}

function inMemory(): TokenStore {
  let kept: ApiTokens | undefined;
  return {
    read: () => kept,
    write: (tokens) => {
      kept = tokens;
    },
  };
}

const sessions = '/v1/sessions';

function isForTokens({ method, url }: Request): boolean {
  return method === 'POST' && new URL(url).pathname.startsWith(sessions);
}

function withToken(request: Request, { accessToken }: ApiTokens): Request {
  request.headers.set('authorization', `Bearer ${accessToken}`);
  return request;
}

/** Whoever signs in is signed in from then on; whose tokens are gone, as another tab found that they were over, learns it. */
async function keep(request: Request, answer: Response, tokens: TokenStore): Promise<Response> {
  if (isForTokens(request)) {
    if (answer.ok) tokens.write((await answer.clone().json()) as ApiTokens);
  } else if (answer.status === 401 && !tokens.read()) tokens.write(undefined);
  return answer;
}

async function fetchTokens(
  url: string,
  old: ApiTokens | undefined,
  ask: (request: Request) => Promise<Response>,
): Promise<ApiTokens | 'later' | undefined> {
  if (!old) return undefined;
  const answer = await ask(
    new Request(`${url}${sessions}/refresh`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refreshToken: old.refreshToken }),
    }),
  );
  if (answer.ok) return (await answer.json()) as ApiTokens;
  // Too many, or an outage: the session lives on.
  return answer.status === 401 || answer.status === 403 || answer.status === 404 ? undefined : 'later';
}

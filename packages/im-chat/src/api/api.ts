import {
  createApiClient,
  type ApiClient,
  type ApiTokens,
  type Problem,
  type TokenStore,
} from 'im-platform/client';
import { ChatError, toChatError } from '../errors.ts';

export interface ApiOptions {
  readonly url: string;
  readonly tokens: TokenStore;
  readonly language?: 'en' | 'zh' | undefined;
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
  readonly timeoutMs: number;
  /** The session is over, and why, as the platform says it. */
  onSessionOver(why: Problem | undefined): void;
}

/** The client of `/v1`, whose every call ends: with an answer that is whole, or as one that did not come. */
export function openApi(options: ApiOptions): ApiClient {
  const { url, tokens, language, fetch: ask = (request: Request) => fetch(request), timeoutMs } = options;
  let whyOver: Problem | undefined;
  return createApiClient({
    ...{ url, ...(language && { language }) },
    tokens: {
      read: () => tokens.read(),
      write(fresh: ApiTokens | undefined) {
        tokens.write(fresh);
        if (!fresh) options.onSessionOver(whyOver);
      },
    },
    async fetch(request) {
      const answer = await within(timeoutMs, request, ask);
      if (!answer.ok && new URL(request.url).pathname.endsWith('/v1/sessions/refresh'))
        whyOver = (await answer
          .clone()
          .json()
          .catch(() => undefined)) as Problem | undefined;
      return answer;
    },
  });
}

/** What was asked, or a ChatError that says why not. */
export async function ask<Data>(call: Promise<Called<Data>>): Promise<Data> {
  const { data } = await answerTo(call);
  return data as Data; // as the platform describes it
}

/** The same, for what stands in the headers. */
export async function answerTo<Data>(call: Promise<Called<Data>>): Promise<Called<Data>> {
  const answer = await call.catch((cause: unknown) => {
    throw toChatError(cause);
  });
  const { error, response } = answer;
  if (response.ok) return answer;
  throw refused(error, response.status, response.headers.get('retry-after'));
}

interface Called<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** What the platform, or something between, says instead. */
export function refused(error: unknown, status: number, retryAfter: string | null): ChatError {
  if (!isProblem(error)) {
    const what = `Something answered ${status} that is not the platform.`;
    return new ChatError('NO_ANSWER', what, {
      retryable: status >= 500 || status === 408 || status === 429,
      cure: 'Look at `url`, and at what stands between.',
    });
  }
  const { code, detail, cure, retryable, errors, ticket } = error;
  const seconds = Number(retryAfter ?? Number.NaN);
  return new ChatError(status === 401 && code === 'NOT_SIGNED_IN' ? 'SIGNED_OUT' : code, detail, {
    ...{ retryable, cure, errors, ticket },
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1_000 : undefined,
  });
}

/** What was said in answer to a body that was sent without the client; throws what the platform says instead of `status`. */
export function readAnswer(
  answer: { readonly status: number; readonly text: string; header(name: string): string | null },
  status: number,
): unknown {
  const said = parse(answer.text);
  if (answer.status !== status) throw refused(said, answer.status, answer.header('retry-after'));
  return said;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isProblem(error: unknown): error is Problem {
  return typeof error === 'object' && error !== null && 'code' in error && 'detail' in error;
}

/** With its whole body: a connection that goes silent ends it, too. */
async function within(
  ms: number,
  request: Request,
  ask: (request: Request) => Promise<Response>,
): Promise<Response> {
  const controller = new AbortController();
  const abort = (): void => controller.abort(request.signal.reason);
  const timer = setTimeout(() => controller.abort(new Error(`no answer within ${ms} ms`)), ms);
  request.signal.addEventListener('abort', abort);
  try {
    request.signal.throwIfAborted();
    const answer = await ask(new Request(request, { signal: controller.signal }));
    const body = await answer.arrayBuffer();
    const { status, statusText, headers } = answer;
    return new Response(body.byteLength === 0 ? null : body, { status, statusText, headers });
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener('abort', abort);
  }
}

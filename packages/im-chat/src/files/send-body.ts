import { ChatError, toChatError } from '../errors.ts';
import { platform } from '../platform.ts';

export interface Sending {
  readonly method: 'POST' | 'PATCH';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Blob | FormData;
  /** Bytes that are on their way. Node tells nothing of it. */
  readonly onSent?: ((bytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** In Node. */
  readonly fetch: (request: Request) => Promise<Response>;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  header(name: string): string | null;
}

/** A line on which nothing moves so long is dead. */
const longestSilenceMs = 30_000;

/** Whether a body is told of while it goes: then it may be long. */
export function tellsProgress(): boolean {
  return platform.XMLHttpRequest !== undefined;
}

/** Sends a body that may take long, as long as something of it moves. */
export async function sendBody(sending: Sending): Promise<Answer> {
  const silence = new AbortController();
  const begin = (): ReturnType<typeof setTimeout> =>
    setTimeout(() => silence.abort(new Error('nothing moves on the line')), longestSilenceMs);
  let timer = begin();
  const onSent = (bytes: number): void => {
    clearTimeout(timer);
    timer = begin();
    sending.onSent?.(bytes);
  };
  const signal = AbortSignal.any([silence.signal, ...(sending.signal ? [sending.signal] : [])]);
  try {
    return await (platform.XMLHttpRequest ? byXhr : byFetch)({ ...sending, onSent, signal });
  } catch (cause) {
    if (sending.signal?.aborted) throw new ChatError('CLOSED', 'The upload was given up.', { cause });
    throw toChatError(cause);
  } finally {
    clearTimeout(timer);
  }
}

type WithSignal = Sending & { readonly signal: AbortSignal };

function byXhr({ method, url, headers, body, onSent, signal }: WithSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { XMLHttpRequest } = platform;
    signal.throwIfAborted();
    if (!XMLHttpRequest) return;
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    signal.addEventListener('abort', abort);
    const end = (): void => signal.removeEventListener('abort', abort);
    request.upload.onprogress = ({ loaded }) => onSent?.(loaded);
    request.onerror = request.onabort = () => {
      end();
      reject(new Error('the upload was cut off'));
    };
    request.onload = () => {
      end();
      const { status, responseText: text } = request;
      resolve({ status, text, header: (name) => request.getResponseHeader(name) });
    };
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.send(body);
  });
}

async function byFetch({ method, url, headers, body, signal, fetch }: WithSignal): Promise<Answer> {
  const answer = await fetch(new Request(url, { method, headers, body, signal }));
  const text = await answer.text();
  return { status: answer.status, text, header: (name) => answer.headers.get(name) };
}

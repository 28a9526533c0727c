import { refused } from '../api/api.ts';
import { ChatError, toChatError } from '../errors.ts';
import type { LocalFile, SendableContent } from '../model/message.ts';
import { platform } from '../platform.ts';

export interface UploadDeps {
  readonly url: string;
  readonly language?: 'en' | 'zh' | undefined;
  accessToken(wish: { readonly refresh: boolean }): Promise<string>;
}

export interface UploadOptions {
  /** From 0 to 1. Node tells the end only. */
  readonly onProgress?: ((progress: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | null;
}

/** Uploads a file in one go; with what the platform answers it can be sent. What is cut off begins anew. */
export async function upload(
  deps: UploadDeps,
  local: LocalFile,
  options: UploadOptions,
): Promise<SendableContent> {
  const { as, durationS = 0 } = local;
  const url = `${deps.url}/v1/files?as=${as === 'image' ? 'image' : 'file'}`;
  const send = async (refresh: boolean): Promise<Answer> => {
    const token = await deps.accessToken({ refresh });
    const headers = {
      authorization: `Bearer ${token}`,
      ...(deps.language && { 'accept-language': deps.language }),
    };
    return (platform.XMLHttpRequest ? byXhr : byFetch)(url, headers, local, options);
  };
  let answer = await send(false);
  if (answer.status === 401) answer = await send(true);
  const said = parse(answer.text);
  if (answer.status !== 201) throw refused(said, answer.status, answer.retryAfter);
  const content = said as Exclude<SendableContent, { type: 'text' | 'audio' | 'custom' }>; // as the platform describes it
  return as === 'audio' ? { type: 'audio', url: content.url, durationS } : content;
}

function formOf({ file, name }: LocalFile): FormData {
  const form = new FormData();
  form.set('file', file, name);
  return form;
}

function byXhr(
  url: string,
  headers: Readonly<Record<string, string>>,
  local: LocalFile,
  { onProgress, signal }: UploadOptions,
): Promise<Answer> {
  const { XMLHttpRequest } = platform;
  if (!XMLHttpRequest) return byFetch(url, headers, local, { onProgress, signal });
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    signal?.addEventListener('abort', abort);
    const fail = (cause: unknown) => (): void => {
      signal?.removeEventListener('abort', abort);
      reject(toChatError(cause));
    };
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(total > 0 ? loaded / total : 0);
    request.onerror = fail(new Error('the upload was cut off'));
    request.onabort = fail(new ChatError('CLOSED', 'The upload was given up.'));
    request.onload = () => {
      signal?.removeEventListener('abort', abort);
      const { status, responseText: text } = request;
      resolve({ status, text, retryAfter: request.getResponseHeader('retry-after') });
    };
    request.open('POST', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    if (signal?.aborted) abort();
    else request.send(formOf(local));
  });
}

async function byFetch(
  url: string,
  headers: Readonly<Record<string, string>>,
  local: LocalFile,
  { onProgress, signal = new AbortController().signal }: UploadOptions,
): Promise<Answer> {
  try {
    const response = await fetch(url, { method: 'POST', headers, body: formOf(local), signal });
    const text = await response.text();
    onProgress?.(1);
    return { status: response.status, text, retryAfter: response.headers.get('retry-after') };
  } catch (cause) {
    throw toChatError(cause);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { refused } from '../api/api.ts';
import { toChatError } from '../errors.ts';

export interface ExportDeps {
  readonly url: string;
  readonly language?: 'en' | 'zh' | undefined;
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
  accessToken(wish: { readonly refresh: boolean }): Promise<string>;
}

export interface ExportOptions {
  /** How many bytes have come; how many there will be nobody knows before. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

type Reader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

/** All that the platform keeps of who is signed in, as it comes: it may be long, and take its time. */
export async function exportMe(deps: ExportDeps, { onProgress, signal }: ExportOptions): Promise<Blob> {
  const { fetch: ask = (request: Request) => fetch(request), url, language } = deps;
  const get = async (refresh: boolean): Promise<Response> => {
    const headers = {
      authorization: `Bearer ${await deps.accessToken({ refresh })}`,
      ...(language && { 'accept-language': language }),
    };
    return ask(new Request(`${url}/v1/me/export`, { headers, ...(signal && { signal }) }));
  };
  try {
    let answer = await get(false);
    if (answer.status === 401) answer = await get(true);
    if (!answer.ok) {
      const said: unknown = await answer.json().catch(() => undefined);
      throw refused(said, answer.status, answer.headers.get('retry-after'));
    }
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let bytes = 0;
    const reader: Reader | undefined = answer.body?.getReader();
    let part = await reader?.read();
    while (reader && part?.value) {
      parts.push(part.value);
      bytes += part.value.length;
      onProgress?.(bytes);
      part = await reader.read();
    }
    return new Blob(parts, { type: 'application/json' });
  } catch (error) {
    throw toChatError(error);
  }
}

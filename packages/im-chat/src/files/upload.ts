import type { ApiClient, operations } from 'im-platform/client';
import type { LocalFile } from '../model/message.ts';

export interface UploadDeps {
  readonly api: ApiClient;
  readonly url: string;
  /** Of every request, with a good token; a fresh one when it is asked for. */
  readonly headers: (refresh: boolean) => Promise<Record<string, string>>;
  readonly fetch: (request: Request) => Promise<Response>;
}

export interface UploadOptions {
  /** From 0 to 1. Node tells it after each part. */
  readonly onProgress?: ((progress: number) => void) | undefined;
  /** Gives it up, here and at the platform. */
  readonly signal?: AbortSignal | undefined;
  /** Names it: with the same key the same file goes on where it was cut off, also on another page. @default a new one */
  readonly key?: string | undefined;
}

/** What the platform makes of an upload. */
export type KeptFile = operations['finishUpload']['responses'][201]['content']['application/json'];

/** As what it is uploaded. */
export function uploadKind(as: LocalFile['as']): 'image' | 'file' | 'drive' {
  return as === 'audio' ? 'file' : as;
}

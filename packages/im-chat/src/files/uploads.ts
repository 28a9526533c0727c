import { readAnswer } from '../api/api.ts';
import { toChatError } from '../errors.ts';
import { leaving } from '../leaving.ts';
import type { LocalFile, SendableContent } from '../model/message.ts';
import { Patience } from '../patience.ts';
import { randomId } from '../random-id.ts';
import { uploadInParts } from './in-parts.ts';
import { sendBody } from './send-body.ts';
import { asUpload } from './unreadable.ts';
import { uploadKind, type KeptFile, type UploadDeps, type UploadOptions } from './upload.ts';

/** Smaller ones go in one request: they have arrived before the parts were agreed upon. */
const leastInParts = 2 ** 20;

type Poster = NonNullable<Extract<SendableContent, { type: 'file' }>['poster']>;

/** The uploads of one who is signed in. What is cut off goes on by itself. */
export class Uploads {
  readonly #deps: UploadDeps;
  readonly #patience = new Patience();
  readonly #end = new AbortController();

  constructor(deps: UploadDeps) {
    this.#deps = deps;
  }

  /** With what it resolves with the file can be sent. */
  async upload(local: LocalFile, options: UploadOptions): Promise<SendableContent> {
    const { as, durationS = 0, waveform, file, poster: picture } = local;
    const signal = AbortSignal.any([this.#end.signal, ...(options.signal ? [options.signal] : [])]);
    // First, so that a film that has arrived has its message at once.
    const poster = picture && (await this.#uploadPoster(picture, signal));
    const kept =
      file.size > leastInParts
        ? await uploadInParts(this.#deps, local, {
            ...{ ...options, signal, patience: this.#patience, key: options.key ?? randomId() },
          })
        : await inOneGo(this.#deps, local, { ...options, signal }).catch(async (thrown: unknown) => {
            throw await asUpload(thrown, file);
          });
    if (as === 'audio')
      return { type: 'audio', url: kept.url, durationS, ...(waveform && { waveform: [...waveform] }) };
    return kept.type === 'file' && poster ? { ...kept, poster } : kept;
  }

  async #uploadPoster(file: Blob, signal: AbortSignal): Promise<Poster | undefined> {
    const local: LocalFile = { type: 'local-file', as: 'image', file, name: 'poster.jpg' };
    try {
      const kept = await inOneGo(this.#deps, local, { signal });
      return kept.type === 'image' ? { url: kept.url, width: kept.width, height: kept.height } : undefined;
    } catch (error) {
      if (signal.aborted || toChatError(error).retryable) throw error;
      return undefined;
    }
  }

  wake(): void {
    this.#patience.wake();
  }

  close(): void {
    this.#end.abort(leaving);
  }
}

async function inOneGo(
  { url, headers, fetch }: UploadDeps,
  { as, file, name }: LocalFile,
  { onProgress, signal }: UploadOptions,
): Promise<KeptFile> {
  const body = new FormData();
  body.set('file', file, name);
  const send = async (refresh: boolean) =>
    sendBody({
      ...{
        method: 'POST',
        url: `${url}/v1/files?as=${uploadKind(as)}`,
        body,
        signal,
        fetch,
      },
      headers: await headers(refresh),
      onSent: (bytes) => onProgress?.(Math.min(1, bytes / Math.max(1, file.size))),
    });
  let answer = await send(false);
  if (answer.status === 401) answer = await send(true);
  return readAnswer(answer, 201) as KeptFile; // as the platform describes it
}

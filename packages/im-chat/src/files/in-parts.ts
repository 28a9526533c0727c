import { answerTo, ask, readAnswer, refused } from '../api/api.ts';
import { closed } from '../errors.ts';
import { leaving } from '../leaving.ts';
import type { LocalFile } from '../model/message.ts';
import type { Patience } from '../patience.ts';
import { sendBody, tellsProgress } from './send-body.ts';
import { asUpload } from './unreadable.ts';
import { uploadKind, type KeptFile, type UploadDeps, type UploadOptions } from './upload.ts';

/** At most as much as proxies that let 20 MB pass. */
const [leastAtOnce, mostAtOnce] = [2 ** 18, 16 * 2 ** 20];
/** By Node, which tells nothing of a body on its way. */
const untoldAtOnce = 2 ** 20;
/** Whatever tears so many in a row tears all of them. */
const mostTorn = 8;
const tus = { 'tus-resumable': '1.0.0' } as const;

interface Place {
  readonly uploadId: string;
  /** As far as it is. */
  readonly offset: number;
}

/**
 * Uploads a file by tus. What is cut off goes on where it was, as long as somebody wants it: by this page or, with the same key and
 * the same file, by the next one.
 */
export async function uploadInParts(
  deps: UploadDeps,
  local: LocalFile,
  options: UploadOptions & {
    readonly key: string;
    readonly signal: AbortSignal;
    readonly patience: Patience;
  },
): Promise<KeptFile> {
  const { signal, patience } = options;
  let place: Place | undefined;
  let uncut = 0;
  for (let failed = 0; ;) {
    try {
      signal.throwIfAborted();
      const before: number = place?.offset ?? 0;
      place = (place && (await ofKnown(deps, place))) ?? (await begin(deps, local, options.key));
      if (place.offset > before) failed = 0;
      while (place.offset < local.file.size) {
        const sent: Place = await sendPart(deps, local, place, { ...options, most: mostAfter(uncut) });
        uncut += sent.offset - place.offset;
        [place, failed] = [sent, 0];
      }
      const params = { path: { uploadId: place.uploadId } };
      return await ask(deps.api.POST('/v1/uploads/{uploadId}/file', { params }));
    } catch (thrown) {
      if (signal.aborted) {
        if (place && signal.reason !== leaving) giveUp(deps, place);
        throw closed();
      }
      uncut = 0;
      const error = await asUpload(thrown, local.file);
      const isToBeAsked = error.code === 'OFFSET_WRONG' || error.code === 'NOT_FOUND';
      if (!isToBeAsked && !error.retryable) throw error;
      if (error.code === 'PART_TORN' && failed >= mostTorn) throw error;
      await patience.wait(failed++, error.retryAfterMs, signal);
    }
  }
}

async function begin({ api }: UploadDeps, { file, name, as }: LocalFile, key: string): Promise<Place> {
  const metadata = `filename ${base64(name)},as ${base64(uploadKind(as))}`;
  const header = { ...tus, 'upload-length': String(file.size), 'upload-metadata': metadata };
  const { response } = await answerTo(
    api.POST('/v1/uploads', { params: { header: { ...header, 'idempotency-key': key } } }),
  );
  const uploadId = response.headers.get('location')?.split('/').at(-1) ?? '';
  return { uploadId, offset: Number(response.headers.get('upload-offset') ?? 0) };
}

/** Undefined: the platform knows nothing of it any more. Answers of this kind have no text. */
async function ofKnown({ api }: UploadDeps, { uploadId }: Place): Promise<Place | undefined> {
  const params = { path: { uploadId }, header: tus };
  const { response } = await api.HEAD('/v1/uploads/{uploadId}', { params });
  if (response.status === 404) return undefined;
  if (!response.ok) throw refused(undefined, response.status, response.headers.get('retry-after'));
  return { uploadId, offset: Number(response.headers.get('upload-offset')) };
}

/**
 * How much goes at once when so much has come through without a cut. A browser that is cut off on a connection that was used before begins
 * the part again by itself, on each connection that it has, and tells nobody: an eighth bounds what that costs.
 */
function mostAfter(uncut: number): number {
  return tellsProgress() ? Math.min(mostAtOnce, Math.max(leastAtOnce, Math.floor(uncut / 8))) : untoldAtOnce;
}

async function sendPart(
  deps: UploadDeps,
  { file }: LocalFile,
  { uploadId, offset }: Place,
  { most, onProgress, signal }: Pick<UploadOptions, 'onProgress' | 'signal'> & { readonly most: number },
): Promise<Place> {
  const to = Math.min(file.size, offset + most);
  const tell = (bytes: number): void => onProgress?.((offset + bytes) / file.size);
  const body = file.slice(offset, to);
  const sum = await sumOf(body);
  const send = async (refresh: boolean) =>
    sendBody({
      ...{
        method: 'PATCH',
        url: `${deps.url}/v1/uploads/${uploadId}`,
        signal,
        fetch: deps.fetch,
        onSent: tell,
      },
      headers: {
        ...{ ...(await deps.headers(refresh)), ...tus, 'upload-offset': String(offset) },
        'content-type': 'application/offset+octet-stream',
        ...(sum !== undefined && { 'upload-checksum': `sha256 ${sum}` }),
      },
      body,
    });
  let answer = await send(false);
  if (answer.status === 401) answer = await send(true);
  readAnswer(answer, 204);
  tell(to - offset);
  return { uploadId, offset: Number(answer.header('upload-offset')) };
}

/** So that what is torn on the way is found; of pages that are not `https:` browsers take none. */
async function sumOf(body: Blob): Promise<string | undefined> {
  const { subtle } = crypto as Partial<typeof crypto>;
  if (!subtle) return undefined;
  const sum = await subtle.digest('SHA-256', await body.arrayBuffer());
  return btoa(String.fromCharCode(...new Uint8Array(sum)));
}

/** Its room at the platform is free again; if that is not heard, after a day. */
function giveUp({ api }: UploadDeps, { uploadId }: Place): void {
  const params = { path: { uploadId }, header: tus };
  void api.DELETE('/v1/uploads/{uploadId}', { params }).catch(() => undefined);
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

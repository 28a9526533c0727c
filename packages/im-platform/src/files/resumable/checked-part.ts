import { createHash, timingSafeEqual } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Refusal } from '../../http/refusal.ts';
import { mostFileBytes, type UploadFolder } from '../upload-folder.ts';

/** As the extension `checksum` of tus has it. */
export interface PartSum {
  readonly algorithm: 'sha1' | 'sha256';
  readonly sum: Buffer;
}

const sizes: Readonly<Record<string, number>> = { sha1: 20, sha256: 32 };
const mostUnwanted = 32 * 2 ** 20;
/** For a part as large as may be: 35 KB in a second. */
const longestPartMs = 600_000;

/** `sha256 uU0nuZNN…`; throws a Refusal for what is no sum. */
export function readPartSum(header: string): PartSum {
  const [algorithm, text = ''] = header.split(' ', 2);
  const sum = Buffer.from(text, 'base64');
  if ((algorithm === 'sha1' || algorithm === 'sha256') && sum.length === sizes[algorithm])
    return { algorithm, sum };
  const what = 'upload-checksum: expected sha1 or sha256, a space, and the sum in Base64';
  throw new Refusal('malformed', { values: { what } });
}

/**
 * Gives the body to `use` once all of it has come and its sum is right. Until then it is in a file of its own: what was torn on the way is in no
 * upload, not even if this process dies. So of a body that was cut off nothing is kept, unlike of one without a sum.
 */
export async function checkedPart<T>(
  body: IncomingMessage,
  {
    folder,
    most,
    expected: { algorithm, sum },
  }: {
    readonly folder: Pick<UploadFolder, 'newPath'>;
    /** Of the upload there is no more to come. */
    readonly most: number;
    readonly expected: PartSum;
  },
  use: (part: Readable) => Promise<T>,
): Promise<T> {
  const path = await folder.newPath();
  const hash = createHash(algorithm);
  let bytes = 0;
  const measure = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      // Who sends too much hears so when it is sent, as nobody listens before that.
      if (bytes > mostUnwanted) throw new Refusal('checkedPartTooLarge');
      if (bytes > Math.min(most, mostFileBytes)) continue;
      hash.update(chunk);
      yield chunk;
    }
  };
  const timer = setTimeout(() => body.destroy(), longestPartMs);
  try {
    await pipeline(body, measure, createWriteStream(path, { mode: 0o600 })).catch((error: unknown) => {
      // Only the disk's errors name a system call. The rest is the client's, which has gone.
      if (error instanceof Refusal || (error as NodeJS.ErrnoException).syscall !== undefined) throw error;
      throw new Refusal('fileFailed');
    });
    if (bytes > most) throw new Refusal('uploadBeyond');
    if (bytes > mostFileBytes) throw new Refusal('checkedPartTooLarge');
    if (!timingSafeEqual(hash.digest(), sum)) throw new Refusal('partTorn');
    return await use(createReadStream(path));
  } finally {
    clearTimeout(timer);
    await rm(path, { force: true });
  }
}

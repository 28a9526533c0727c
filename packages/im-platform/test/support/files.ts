import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { onCleanup } from 'im-test/support';
import type { Answer, Person } from './person.ts';

export interface UploadedImage {
  readonly originUrl: string;
  readonly thumbUrl: string;
  readonly width: number;
  readonly height: number;
}

export interface UploadedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** @default file */
  readonly field?: string;
}

/** Uploads as box-im's page does; without a person, as its app does. */
export async function upload<T = string>(
  url: string,
  who: Person | undefined,
  { name, bytes, field = 'file' }: UploadedFile,
): Promise<Answer<T>> {
  const form = new FormData();
  form.append(field, new Blob([Uint8Array.from(bytes)]), name);
  const response = await fetch(url, {
    method: 'POST',
    headers: who ? { accessToken: who.tokens.accessToken } : {},
    body: form,
  });
  return { status: response.status, ...((await response.json()) as Omit<Answer<T>, 'status'>) };
}

/** A folder for uploads that ends with the test. */
export async function filesFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'im-test-files-'));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Every file in the folder, however deep. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

/** A few bytes that claim to be an image of this size. */
export function pngThatClaims(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(100_000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), content]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(content.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

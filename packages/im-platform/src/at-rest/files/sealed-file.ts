import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

// How a file lies where it is encrypted: a head that says how large it is and is signed, then chunks of AES-256-GCM, each with its tag. A chunk is
// bound to its file, its place and to being the last one or not; so what is torn, swapped, moved or shortened is not read (docs/encryption.md).

/** Of the plain file. A range is read by reading the chunks that it is in. */
export const chunkBytes: number = 64 * 1024;
const tagBytes = 16;
export const sealedChunkBytes: number = chunkBytes + tagBytes;
export const headBytes = 64;
const magic = Buffer.from('imfile1\n');
const saltBytes = 24;
const signedBytes = headBytes - tagBytes;

export interface Head {
  /** Of the key of all files that the keys of this one are made of. */
  readonly version: number;
  /** Of the plain file. */
  readonly size: number;
  readonly salt: Buffer;
}

/** The keys of one file alone. */
export interface FileKeys {
  readonly chunk: Buffer;
  readonly head: Buffer;
}

/** Bound to its name, so that a file that is put in the place of another one is not read. */
export function keysOf(dataKey: Uint8Array, salt: Buffer, name: string): FileKeys {
  const made = Buffer.from(hkdfSync('sha256', dataKey, salt, `im file\n${name}`, 64));
  return { chunk: made.subarray(0, 32), head: made.subarray(32) };
}

export function newHead(version: number, size: number): Head {
  return { version, size, salt: randomBytes(saltBytes) };
}

export function writeHead({ version, size, salt }: Head, keys: FileKeys): Buffer {
  const head = Buffer.alloc(headBytes);
  magic.copy(head);
  head.writeUInt32BE(version, 8);
  head.writeBigUInt64BE(BigInt(size), 16);
  salt.copy(head, 24);
  tagOf(head, keys).copy(head, signedBytes);
  return head;
}

/** Undefined: it is no encrypted file. */
export function readHead(bytes: Buffer): Head | undefined {
  if (bytes.length < headBytes || !bytes.subarray(0, magic.length).equals(magic)) return undefined;
  return {
    version: bytes.readUInt32BE(8),
    size: Number(bytes.readBigUInt64BE(16)),
    salt: bytes.subarray(24, 24 + saltBytes),
  };
}

/** Whether it is the head of this file. */
export function isSigned(bytes: Buffer, keys: FileKeys): boolean {
  return timingSafeEqual(tagOf(bytes, keys), bytes.subarray(signedBytes, headBytes));
}

export function chunksOf(size: number): number {
  return Math.max(1, Math.ceil(size / chunkBytes));
}

/** Of all of it, as it lies. */
export function sealedSize(size: number): number {
  return headBytes + size + chunksOf(size) * tagBytes;
}

/** What is written one after the other. It is not put together: copies cost more than the cipher, as they bring the collector of garbage. */
export function sealChunk({ chunk }: FileKeys, plain: Uint8Array, place: ChunkPlace): [Buffer, Buffer] {
  const cipher = createCipheriv('aes-256-gcm', chunk, nonceOf(place), { authTagLength: tagBytes });
  const sealed = cipher.update(plain);
  // Of this mode it is empty.
  cipher.final();
  return [sealed, cipher.getAuthTag()];
}

/** Undefined: it was changed, or is of another file or place. */
export function openChunk({ chunk }: FileKeys, sealed: Buffer, place: ChunkPlace): Buffer | undefined {
  const end = sealed.length - tagBytes;
  if (end < 0) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', chunk, nonceOf(place), { authTagLength: tagBytes });
  decipher.setAuthTag(sealed.subarray(end));
  const plain = decipher.update(sealed.subarray(0, end));
  try {
    decipher.final();
    return plain;
  } catch {
    // The only thing that it says is that the tag is wrong.
    return undefined;
  }
}

export interface ChunkPlace {
  readonly index: number;
  readonly isLast: boolean;
}

/** The keys are of one file alone, and each place of it is written once. */
function nonceOf({ index, isLast }: ChunkPlace): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(index, 4);
  nonce.writeUInt8(isLast ? 1 : 0, 11);
  return nonce;
}

function tagOf(head: Buffer, keys: FileKeys): Buffer {
  return createHmac('sha256', keys.head).update(head.subarray(0, signedBytes)).digest().subarray(0, tagBytes);
}

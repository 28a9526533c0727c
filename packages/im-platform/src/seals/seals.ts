import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

interface SealKey {
  /** Which key it was, in what is sealed. */
  readonly id: Buffer;
  readonly key: Buffer;
}

const idBytes = 4;
const ivBytes = 12;
const tagBytes = 16;

/**
 * Texts that nobody but this platform reads or makes, whoever keeps them: AES-256-GCM, with keys that follow from secrets of ours. The
 * first secret seals, what others have sealed opens, too. What a text is for is sealed with it, so that none is good for something else.
 */
export class Seals {
  readonly #keys: readonly [SealKey, ...SealKey[]];

  constructor(secrets: string | readonly string[]) {
    // At least one: options need one.
    this.#keys = [secrets].flat().map(deriveKey) as [SealKey, ...SealKey[]];
  }

  seal(purpose: string, text: string): string {
    const [{ id, key }] = this.#keys;
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(purpose));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([id, iv, sealed, cipher.getAuthTag()]).toString('base64url');
  }

  /** Undefined: it is none of ours, or for something else, or its secret is gone. */
  open(purpose: string, sealed: string): string | undefined {
    const bytes = Buffer.from(sealed, 'base64url');
    if (bytes.length < idBytes + ivBytes + tagBytes) return undefined;
    const key = this.#keys.find(({ id }) => id.equals(bytes.subarray(0, idBytes)));
    if (!key) return undefined;
    const iv = bytes.subarray(idBytes, idBytes + ivBytes);
    const decipher = createDecipheriv('aes-256-gcm', key.key, iv)
      .setAAD(Buffer.from(purpose))
      .setAuthTag(bytes.subarray(-tagBytes));
    try {
      const body = bytes.subarray(idBytes + ivBytes, -tagBytes);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }

  /** Whether the secret that sealed it is not the first any more. */
  isOld(sealed: string): boolean {
    return !Buffer.from(sealed, 'base64url').subarray(0, idBytes).equals(this.#keys[0].id);
  }
}

function deriveKey(secret: string): SealKey {
  const derive = (what: string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, '', what, bytes));
  return { id: derive('im-platform seal id', idBytes), key: derive('im-platform seal', 32) };
}

import { createCipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import type { AwaySecrets } from '../channel.ts';

// RFC 8291 over RFC 8188 (aes128gcm): what a push service carries and cannot read.

const curve = 'prime256v1';
const recordBytes = 4_096;
/** Services take 4,096 bytes: what is before the text, the tag and the delimiter are of these. */
export const mostPlainBytes = recordBytes - 86 - 17;
/** All texts of a step are equally long, so that their length says little. */
const stepBytes = 512;

/** What RFC 8291 lets chance decide: given by the test that has the example of the RFC. */
export interface Chance {
  readonly salt: Buffer;
  readonly privateKey: Buffer;
}

export function encrypt(
  plain: Buffer,
  { p256dh, auth }: AwaySecrets,
  { chance, padTo = paddedBytes(plain.length) }: { readonly chance?: Chance; readonly padTo?: number } = {},
): Buffer {
  const salt = chance?.salt ?? randomBytes(16);
  const ours = createECDH(curve);
  if (chance) ours.setPrivateKey(chance.privateKey);
  else ours.generateKeys();
  const theirKey = Buffer.from(p256dh, 'base64url');
  const ourKey = ours.getPublicKey();
  const key = derived(
    ours.computeSecret(theirKey),
    Buffer.from(auth, 'base64url'),
    Buffer.concat([Buffer.from('WebPush: info\0'), theirKey, ourKey]),
    32,
  );
  const cipher = createCipheriv(
    'aes-128-gcm',
    derived(key, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16),
    derived(key, salt, Buffer.from('Content-Encoding: nonce\0'), 12),
  );
  const head = Buffer.alloc(21);
  salt.copy(head);
  head.writeUInt32BE(recordBytes, 16);
  head.writeUInt8(ourKey.length, 20);
  // 2: this record is the last one. Then zeros.
  const record = Buffer.alloc(Math.max(padTo, plain.length) + 1);
  plain.copy(record);
  record.writeUInt8(2, plain.length);
  return Buffer.concat([head, ourKey, cipher.update(record), cipher.final(), cipher.getAuthTag()]);
}

/** Whether a browser can have these; what it hands over is a point of the curve and 16 bytes. */
export function areSecrets({ p256dh, auth }: AwaySecrets): boolean {
  const key = Buffer.from(p256dh, 'base64url');
  if (key.length !== 65 || key[0] !== 4 || Buffer.from(auth, 'base64url').length !== 16) return false;
  try {
    const ours = createECDH(curve);
    ours.generateKeys();
    return ours.computeSecret(key).length === 32;
  } catch {
    return false;
  }
}

function paddedBytes(length: number): number {
  return Math.min(mostPlainBytes, Math.ceil(length / stepBytes) * stepBytes);
}

function derived(secret: Buffer, salt: Buffer, info: Buffer, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, info, length));
}

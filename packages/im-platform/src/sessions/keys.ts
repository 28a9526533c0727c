import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { createSigner, createVerifier } from 'fast-jwt';
import { PlatformError } from '../platform-error.ts';

/** One key of tokens. */
export interface TokenKey {
  sign(claims: object): string;
  /** The claims; throws when the signature is not ours, or the token is over. */
  check(token: string): unknown;
  /** Absent for a secret, which nobody is told. */
  readonly publicKey?: PublicKey;
}

/** As a JWKS document has it (RFC 7517). */
export interface PublicKey {
  readonly kid: string;
  readonly alg: string;
  readonly use: 'sig';
  readonly kty?: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
}

/** Box-im's way: whoever checks tokens can make them. */
export function secretKey(secret: string): TokenKey {
  return {
    sign: createSigner({ key: secret, algorithm: 'HS256', noTimestamp: true }),
    check: createVerifier({ key: secret, algorithms: ['HS256'] }),
  };
}

const beginsPem = /(?=-----BEGIN )/;

/** Private keys in PEM, one after the other: push servers get the public ones, and cannot make tokens. */
export function privateKeys(text: string): TokenKey[] {
  const blocks = text
    .split(beginsPem)
    .map((block) => block.trim())
    .filter((block) => block.startsWith('-----BEGIN '));
  if (blocks.length === 0) throw notAKey('has no key in PEM form (BEGIN PRIVATE KEY)');
  return blocks.map(privateKey);
}

function privateKey(pem: string): TokenKey {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw notAKey('is not a private key in PEM form without a passphrase', cause);
  }
  const algorithm = algorithmOf(key);
  const publicKey = createPublicKey(key);
  const kid = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url');
  const privatePem = key.export({ type: 'pkcs8', format: 'pem' }).toString();
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const { kty, crv, x, y, n, e } = publicKey.export({ format: 'jwk' });
  return {
    sign: createSigner({ key: privatePem, algorithm, kid, noTimestamp: true }),
    check: createVerifier({ key: publicPem, algorithms: [algorithm] }),
    publicKey: {
      kid,
      alg: algorithm,
      use: 'sig',
      ...JSON.parse(JSON.stringify({ kty, crv, x, y, n, e })),
    } as PublicKey,
  };
}

function algorithmOf(key: KeyObject): 'RS256' | 'ES256' | 'EdDSA' {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'ed25519') return 'EdDSA';
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return 'ES256';
  if (type === 'rsa') {
    if ((details?.modulusLength ?? 0) >= 2_048) return 'RS256';
    throw notAKey('is an RSA key of less than 2048 bits');
  }
  throw notAKey(`is of type ${type ?? 'unknown'}; expected RSA, EC P-256 or Ed25519`);
}

function notAKey(what: string, cause?: unknown): PlatformError {
  return new PlatformError(
    'INVALID_OPTION',
    `accessKey ${what}. Make one: openssl genpkey -algorithm ed25519`,
    {
      cause,
    },
  );
}

import { createPublicKey, type KeyObject } from 'node:crypto';
import { createVerifier, TokenError } from 'fast-jwt';
import { createRemoteJWKSet, errors, jwtVerify, SignJWT, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { isUserId, readUserId, toUserId, userIdForm, userIdToJson, type UserId } from './address.ts';
import { isSessionName, tokenToleranceMs } from './bus/revocation.ts';
import { scanObject, ScanError } from './bus/json-scan.ts';
import { fromByteText, toByteText } from './bus/byte-text.ts';
import {
  integer,
  invalidArgument,
  invalidOption,
  listOf,
  readOptions,
  text,
  wrongOption,
  type Kind,
  type Kinds,
} from './checks/index.ts';
import { ImError } from './errors.ts';

export { checkSecrets, weaknessOf } from './secrets.ts';

/** Who the bearer of an access token is. */
export interface Identity {
  readonly userId: string;
  /** Absent when the token names none; then the device's login frame may. */
  readonly terminal?: number | undefined;
  /** When the token ends, in epoch milliseconds. */
  readonly expiresAt?: number | undefined;
  /** When it was issued, in epoch milliseconds. Without it a revocation by time of issue refuses the token. */
  readonly issuedAt?: number | undefined;
  /** Names the session that it belongs to: letters, digits, _ and -, 64 at most. */
  readonly session?: string | undefined;
}

/** Says who the bearer of a token is, or rejects with TOKEN_INVALID or TOKEN_EXPIRED. */
export type VerifyToken = (token: string) => Promise<Identity>;

export interface TokenKeys {
  /** HS256 secrets, as UTF-8 text. The first that fits counts. */
  readonly secrets?: readonly string[];
  /** PEM (SPKI) of a public key, for RS256, ES256 or EdDSA. */
  readonly publicKey?: string | undefined;
  /** Address of a JWKS document, for RS256, ES256 or EdDSA. Fetched when first needed, and again for unknown key ids. */
  readonly jwksUrl?: string | undefined;
}

const aSecret: Kind<string> = text('secret', 'a text that is not empty, or anybody could sign');

const keyKinds: Kinds<TokenKeys> = {
  secrets: { ...listOf('a list of texts, none of them empty: anybody could sign', aSecret), hides: 'value' },
  publicKey: text('pem', 'a public key in PEM form'),
  jwksUrl: {
    expected: 'an address that starts with http:// or https://',
    read: (url) => (typeof url === 'string' && /^https?:/.test(url) && URL.canParse(url) ? url : undefined),
  },
};

/** RFC 7515, 7.1. Checked here because decoders of base64 look over spaces and line ends. */
const compactForm = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Checks access tokens. The algorithm follows from the kind of key and never from the token, so that a public key cannot
 * be used as an HS256 secret and `none` is nothing.
 */
export function createTokenVerifier(keys: TokenKeys): VerifyToken {
  const {
    secrets: all = [],
    publicKey,
    jwksUrl,
  } = readOptions('the keys of tokens', keys, keyKinds, invalidOption);
  const attempts: ((token: string) => Promise<JWTPayload> | JWTPayload)[] = [];
  for (const secret of all) {
    // Not jose, which knows WebCrypto only: that hands a hash of a few microseconds to a thread, a fifth of a login.
    const check = createVerifier({ key: secret, algorithms: ['HS256'], clockTolerance: tokenToleranceMs });
    attempts.push((token) => check(token) as JWTPayload);
  }
  if (publicKey !== undefined) {
    const { key, algorithms } = readPublicKey(publicKey);
    attempts.push((token) => verifyWith(token, () => Promise.resolve(key), algorithms));
  }
  if (jwksUrl !== undefined) {
    const remote = fetchKeys(jwksUrl);
    attempts.push((token) => verifyWith(token, remote, ['RS256', 'ES256', ...edDsa]));
  }
  return async (token) => {
    if (typeof token !== 'string' || !compactForm.test(token))
      throw new ImError('TOKEN_INVALID', 'The token is no JWT.');
    let refusal: unknown;
    for (const attempt of attempts) {
      try {
        return readIdentity(await attempt(token));
      } catch (error) {
        refusal = error;
        if (!isAboutTheKey(error)) break;
      }
    }
    throw asTokenError(refusal);
  };
}

/** The keys of a JWKS document. That it cannot be had says nothing about the token. */
function fetchKeys(url: string): JWTVerifyGetKey {
  const remote = createRemoteJWKSet(new URL(url));
  return async (header, token) => {
    try {
      return await remote(header, token);
    } catch (cause) {
      if (cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWKSMultipleMatchingKeys)
        throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ImError('KEYS_UNAVAILABLE', `The keys at ${url} cannot be had: ${reason}.`, { cause });
    }
  };
}

/** A wrong signature or another algorithm says nothing about the token: another key may fit. */
function isAboutTheKey(error: unknown): boolean {
  if (error instanceof TokenError) return aboutTheKey.includes(error.code);
  return error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JOSEAlgNotAllowed;
}

const aboutTheKey: readonly string[] = [TokenError.codes.invalidSignature, TokenError.codes.invalidAlgorithm];

async function verifyWith(
  token: string,
  key: JWTVerifyGetKey | (() => Promise<KeyObject>),
  algorithms: readonly string[],
): Promise<JWTPayload> {
  const options = { algorithms: [...algorithms], clockTolerance: tokenToleranceMs / 1_000 };
  const { payload } = await jwtVerify(token, key as JWTVerifyGetKey, options);
  return payload;
}

/** On Ed25519. RFC 8037 called it by the first name, RFC 9864 by the second. */
const edDsa = ['EdDSA', 'Ed25519'] as const;

function readPublicKey(pem: string): { key: KeyObject; algorithms: readonly string[] } {
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch (cause) {
    throw new ImError('INVALID_OPTION', 'jwtPublicKey is not a public key in PEM form (BEGIN PUBLIC KEY).', {
      cause,
    });
  }
  if (key.asymmetricKeyType === 'rsa') return { key, algorithms: ['RS256'] };
  const curve = key.export({ format: 'jwk' }).crv;
  if (key.asymmetricKeyType === 'ec' && curve === 'P-256') return { key, algorithms: ['ES256'] };
  if (key.asymmetricKeyType === 'ed25519') return { key, algorithms: edDsa };
  throw new ImError(
    'INVALID_OPTION',
    `jwtPublicKey is a key of type ${key.asymmetricKeyType ?? 'unknown'}; expected RSA (RS256), EC P-256 (ES256) or Ed25519 (EdDSA).`,
  );
}

/**
 * Box-im's tokens carry user and terminal in the claim `info`, a JSON text (contract A.4). Tokens of other issuers carry
 * `sub`, and `terminal` if they like.
 */
function readIdentity(payload: JWTPayload): Identity {
  for (const name of ['exp', 'iat'] as const) refuseMilliseconds(name, payload[name]);
  const facts = {
    expiresAt: payload.exp === undefined ? undefined : payload.exp * 1_000,
    issuedAt: readIssue(payload),
    session: isSessionName(payload['sid']) ? payload['sid'] : undefined,
  };
  const { info, terminal } = payload as { info?: unknown; terminal?: unknown };
  if (typeof info === 'string') return { ...readInfo(info), ...facts };
  if (typeof payload.sub !== 'string' || !isUserId(payload.sub)) {
    const found = `the claim info is ${typeOf(info)}, and sub ${typeOf(payload.sub)}`;
    throw new ImError(
      'TOKEN_INVALID',
      `The token names no user: ${found}. Expected info, a JSON text with userId and terminal, or sub, the user id as a text.`,
    );
  }
  return { userId: payload.sub, terminal: typeof terminal === 'number' ? terminal : undefined, ...facts };
}

/** In seconds that is the year 5138, in milliseconds 1973. */
const leastMilliseconds = 100_000_000_000;

/** Such a token would never end, and no revocation by time of issue would refuse it. */
function refuseMilliseconds(name: string, seconds: number | undefined): void {
  if (seconds === undefined || seconds < leastMilliseconds) return;
  throw new ImError(
    'TOKEN_INVALID',
    `The claim ${name} of the token is ${seconds}; expected seconds since 1970, and these are milliseconds.`,
  );
}

/** What stands in a claim may be anything, and is not for logs. */
function typeOf(claim: unknown): string {
  if (claim === undefined) return 'absent';
  if (typeof claim === 'string') return 'a text that is no user id';
  return claim === null ? 'null' : Array.isArray(claim) ? 'a list' : `of type ${typeof claim}`;
}

/** `issuedAt` is ours, in milliseconds; box-im's servers refuse an `iat` that lies ahead of their clock. */
function readIssue({ iat, issuedAt }: JWTPayload): number | undefined {
  if (typeof issuedAt === 'number') return issuedAt;
  return iat === undefined ? undefined : iat * 1_000;
}

/** Not JSON.parse: a user id beyond 2^53 would come out as another user. */
function readInfo(info: string): Pick<Identity, 'userId' | 'terminal'> {
  try {
    const members = scanObject(toByteText(info));
    const userIdText = members.get('userId') ?? '';
    const userId = unquote(userIdText);
    const terminal = Number(unquote(members.get('terminal') ?? '') || Number.NaN);
    const isNumberOrText = userIdText.startsWith('"') || /^-?\d+$/.test(userIdText);
    if (!isNumberOrText || !isUserId(userId) || !Number.isInteger(terminal))
      throw new ScanError('No userId or no terminal', 0);
    return { userId, terminal };
  } catch (cause) {
    throw new ImError('TOKEN_INVALID', 'The claim info of the token has no userId and terminal.', { cause });
  }
}

function unquote(text: string): string {
  return fromByteText(text.replace(/^"(.*)"$/, '$1'));
}

function asTokenError(error: unknown): ImError {
  if (error instanceof ImError) return error;
  if (
    error instanceof errors.JWTExpired ||
    (error instanceof TokenError && error.code === TokenError.codes.expired)
  ) {
    return new ImError('TOKEN_EXPIRED', 'The token has expired.', { cause: error });
  }
  const message = error instanceof Error ? error.message : 'no key to check it with';
  return new ImError('TOKEN_INVALID', `The token is not valid: ${message.replace(/\.$/, '')}.`, {
    cause: error,
  });
}

export interface TokenSubject {
  readonly userId: UserId;
  readonly terminal: number;
  readonly userName?: string;
  readonly nickName?: string;
  readonly expiresInS: number;
  /** Epoch milliseconds; what revocations look at. */
  readonly issuedAt?: number;
  readonly session?: string;
}

const someName: Kind<string> = text('name', 'a text', /^/);

const subjectKinds: Kinds<TokenSubject> = {
  userId: { expected: userIdForm, read: readUserId },
  terminal: integer('terminal', -(2 ** 31), 2 ** 31 - 1),
  userName: someName,
  nickName: someName,
  // Any sign: a test may want a token that has ended.
  expiresInS: integer('seconds', -(2 ** 36), 2 ** 36),
  issuedAt: integer('ms', 0),
  session: text('name', 'letters, digits, _ and -, 64 at most', /^[\w-]{1,64}$/),
};

/** An access token as box-im's platform makes them (contract A.4), readable by both sides. */
export async function createToken(secret: string, subject: TokenSubject): Promise<string> {
  if (aSecret.read(secret) === undefined) {
    throw invalidArgument(`The secret is not usable; expected ${aSecret.expected}.`);
  }
  const given = readOptions<TokenSubject>('the subject of a token', subject, subjectKinds, invalidArgument);
  const { userId: id, terminal, expiresInS, nickName, userName, issuedAt, session } = given;
  for (const name of ['userId', 'terminal', 'expiresInS'] as const) {
    if (given[name] === undefined) throw invalidArgument(wrongOption(name, undefined, subjectKinds[name]));
  }
  const userId = toUserId(id ?? '');
  const names = [
    ...(nickName === undefined ? [] : [`"nickName":${JSON.stringify(nickName)}`]),
    `"terminal":${terminal ?? ''}`,
    `"userId":${userIdToJson(userId)}`,
    ...(userName === undefined ? [] : [`"userName":${JSON.stringify(userName)}`]),
  ];
  const ours = {
    ...(issuedAt !== undefined && { issuedAt }),
    ...(session !== undefined && { sid: session }),
  };
  return await new SignJWT({ info: `{${names.join(',')}}`, ...ours })
    .setProtectedHeader({ typ: 'JWT', alg: 'HS256' })
    .setAudience(userId)
    .setExpirationTime(Math.floor(Date.now() / 1_000) + (expiresInS ?? 0))
    .sign(new TextEncoder().encode(secret));
}

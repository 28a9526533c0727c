import { ImError } from './errors.ts';

/** RFC 7518, 3.2: a key of HS256 is at least as long as the hash. A shorter one can be guessed from a single token. */
const leastBytes = 32;
/** Box-im's published secrets: anyone who has read its source can log in as anybody. */
const published: ReadonlySet<string> = new Set(['MIIBIjANBgkq', 'IKDiqVmn0VFU']);

/** What is wrong with a secret that signs tokens, without showing it; undefined when nothing is. */
export function weaknessOf(secret: string): string | undefined {
  if (published.has(secret)) {
    return "is box-im's published sample secret: anybody can make tokens for any user";
  }
  const length = Buffer.byteLength(secret);
  if (length >= leastBytes) return undefined;
  return `has ${length} bytes of at least ${leastBytes}: anyone with one token can find it by guessing, and make others`;
}

/**
 * Refuses weak HS256 secrets with INVALID_OPTION when `nodeEnv` is production. Elsewhere returns what to warn of, a line for
 * each.
 */
export function checkSecrets(
  name: string,
  secrets: readonly string[],
  nodeEnv: string | undefined = process.env['NODE_ENV'],
): string[] {
  const weaknesses = secrets.flatMap((secret) => weaknessOf(secret) ?? []).map((what) => `${name} ${what}`);
  const cure = 'Make one: openssl rand -base64 32';
  if (weaknesses.length > 0 && nodeEnv === 'production') {
    const what = weaknesses.join('; ');
    throw new ImError('INVALID_OPTION', `${what}. Refused as NODE_ENV is production. ${cure}`);
  }
  return weaknesses.map((what) => `${what}. With NODE_ENV=production it would be refused. ${cure}`);
}

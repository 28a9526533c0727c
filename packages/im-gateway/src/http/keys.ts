import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a key may be for. */
export const scopes = ['push', 'read', 'kick', 'topics', 'letters'] as const;

export type Scope = (typeof scopes)[number];

/** `name:scopes:hash`: the scopes with `+` between them, or `all`; the SHA-256 of the key in hexadecimal. */
export const keyForm = new RegExp(
  `^[\\w.-]{1,64}:(?:all|(?:${scopes.join('|')})(?:\\+(?:${scopes.join('|')}))*):[0-9a-f]{64}$`,
);

/** Who calls. */
export interface Caller {
  readonly name: string;
  may(scope: Scope): boolean;
}

interface Known extends Caller {
  readonly hash: Buffer;
}

/** The keys that callers show. Only their hashes are kept. */
export class Keys {
  readonly #known: readonly Known[];

  constructor(lines: readonly string[], plain: readonly string[]) {
    this.#known = [
      ...lines.map(readLine),
      ...plain.map((key) => ({ name: 'api-key', hash: hashOf(key), may: () => true })),
    ];
  }

  get count(): number {
    return this.#known.length;
  }

  /** Compares with each one, and each as long as the other: time tells nothing. */
  find(shown: string): Caller | undefined {
    const hash = hashOf(shown);
    let found: Known | undefined;
    for (const known of this.#known) if (timingSafeEqual(known.hash, hash)) found = known;
    return found;
  }
}

/** A new key, and its line for the option `keys`. */
export function makeKey(name: string, allowed: readonly Scope[]): { key: string; line: string } {
  const key = `imk_${randomBytes(32).toString('base64url')}`;
  const isAll = scopes.every((scope) => allowed.includes(scope));
  return { key, line: `${name}:${isAll ? 'all' : allowed.join('+')}:${hashOf(key).toString('hex')}` };
}

function readLine(line: string): Known {
  const [name = '', allowed = '', hash = ''] = line.split(':');
  const names: ReadonlySet<string> = new Set(allowed === 'all' ? scopes : allowed.split('+'));
  return { name, hash: Buffer.from(hash, 'hex'), may: (scope) => names.has(scope) };
}

/** Keys are random and long: nobody tries them all, so the hash need not be slow. */
function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

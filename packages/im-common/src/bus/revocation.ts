/** Tokens may be this much older than their end, as clocks differ. A revocation stands for as much longer. */
export const tokenToleranceMs = 60_000;

/** What a revocation looks at in a token. Times are epoch milliseconds. */
export interface ShownToken {
  readonly endsAt?: number | undefined;
  readonly issuedAt?: number | undefined;
  /** The session that it belongs to. */
  readonly session?: string | undefined;
}

/** Which tokens of an address are refused: those that end before a moment, and those that were issued before one. */
export interface Revocation {
  readonly expiringBefore?: number | undefined;
  readonly issuedBefore?: number | undefined;
  /** Tokens of these sessions are good whenever they were issued. */
  readonly keepSessions?: readonly string[] | undefined;
}

export interface RevocationOrder extends Revocation {
  /** Until when tokens that it refuses could be good otherwise. @default `expiringBefore` */
  readonly until?: number | undefined;
}

/** Names of sessions stand in texts with commas between them. */
const sessionForm = /^[\w-]{1,64}$/;

export function isSessionName(name: unknown): name is string {
  return typeof name === 'string' && sessionForm.test(name);
}

/** Whether it refuses the token. One that does not say when it ends, or when it was issued, is refused while one stands. */
export function isRevoked(token: ShownToken, revocation: Revocation | undefined): boolean {
  if (!revocation) return false;
  const { expiringBefore, issuedBefore, keepSessions = [] } = revocation;
  if (expiringBefore !== undefined && !((token.endsAt ?? 0) >= expiringBefore)) return true;
  if (issuedBefore === undefined || (token.issuedAt ?? 0) >= issuedBefore) return false;
  return token.session === undefined || !keepSessions.includes(token.session);
}

/** How long the revocation stands. */
export function standsUntil({ until, expiringBefore = 0 }: RevocationOrder): number {
  return (until ?? expiringBefore) + tokenToleranceMs;
}

/** Both together: of two moments of a kind the later one counts, with what belongs to it. */
export function joinRevocations(one: Revocation | undefined, other: Revocation): Revocation {
  const expiringBefore = Math.max(one?.expiringBefore ?? 0, other.expiringBefore ?? 0);
  const later = (one?.issuedBefore ?? 0) >= (other.issuedBefore ?? 0) ? one : other;
  return {
    ...(expiringBefore > 0 && { expiringBefore }),
    ...(later?.issuedBefore !== undefined && {
      issuedBefore: later.issuedBefore,
      keepSessions: later.keepSessions ?? [],
    }),
  };
}

/** `expiringBefore issuedBefore sessions`, what is absent empty at the end, as it stands in Redis (P-5.5). */
export function readRevocation(text: string): Revocation | undefined {
  const [, expiring = '', issued = '', sessions = ''] = /^(\d*)(?: (\d*)(?: ([\w,-]*))?)?$/.exec(text) ?? [];
  if (expiring === '' && issued === '') return undefined;
  return {
    ...(expiring !== '' && { expiringBefore: Number(expiring) }),
    ...(issued !== '' && {
      issuedBefore: Number(issued),
      keepSessions: sessions === '' ? [] : sessions.split(','),
    }),
  };
}

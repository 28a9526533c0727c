import { Refusal } from '../http/refusal.ts';
import { toName } from '../http/names.ts';
import type { ResolvedProvider } from './identity-provider.ts';

/** What an issuer says of somebody; its signature was looked at. */
export type Claims = Readonly<Record<string, unknown>>;

/** Somebody as whoever vouches for them knows them. Issuer and subject name them, for ever; the rest may change. */
export interface Outsider {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly picture: string;
  readonly email: string;
}

const longestSubject = 255;
const longestName = 20;

/** Refuses those whom this provider has, and who are not to come in here. */
export function outsiderIn(claims: Claims, provider: ResolvedProvider): Outsider {
  const { issuer, require, emailDomains } = provider;
  const subject = claims['sub'];
  if (typeof subject !== 'string' || subject === '' || subject.length > longestSubject)
    throw new Refusal('foreignTokenInvalid', { code: 401, values: { why: 'no usable sub' } });
  for (const [name, allowed] of Object.entries(require)) {
    const said = [claimAt(claims, name)].flat().map(String);
    if (!said.some((one) => allowed.includes(one))) throw new Refusal('notLetIn');
  }
  const email = textAt(claims, provider.claims.email);
  // Whoever may write any address into their profile there would come in with it.
  if (emailDomains.length > 0 && !(claims['email_verified'] === true && isIn(emailDomains, email)))
    throw new Refusal('notLetIn');
  return {
    ...{ issuer, subject, email: email.length > 255 ? '' : email },
    // Not in the middle of a character.
    name: toName(textAt(claims, provider.claims.name))
      .slice(0, longestName)
      .replace(/[\uD800-\uDBFF]$/, ''),
    picture: textAt(claims, provider.claims.picture),
  };
}

function isIn(domains: readonly string[], email: string): boolean {
  return domains.includes(email.slice(email.lastIndexOf('@') + 1).toLowerCase());
}

function textAt(claims: Claims, name: string): string {
  const value = claimAt(claims, name);
  return typeof value === 'string' ? value : '';
}

/** A claim of that name, or one within others: `realm_access.roles`. */
function claimAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name
    .split('.')
    .reduce<unknown>(
      (value, part) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, part)
          ? (value as Claims)[part]
          : undefined,
      claims,
    );
}

import { z } from 'zod';
import { refused } from '../platform-error.ts';

/** Signatures by a key of which we know the public half: a secret or `none` would let in whoever knows that. */
const signatureAlgorithms = [
  ...(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const),
  ...(['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const),
] as const;

const text = z.string().min(1).max(1_024);
const texts = z.union([text.transform((one) => [one]), z.array(text).min(1)]);

/** TLS, but on this machine: whoever changes what comes from there is everybody. */
const safeUrl = z
  .string()
  .refine(isSafe, 'expected an address with https://, or with http:// on this machine');

const provider = z.strictObject({
  id: z.string().regex(/^[a-z\d][a-z\d-]{0,31}$/, 'expected a short name of small letters, digits and -'),
  name: text.optional(),
  issuer: safeUrl,
  clientId: text.optional(),
  clientSecret: text.optional(),
  clientSecretFile: text.optional(),
  scopes: z.array(text).min(1).optional(),
  audience: texts.optional(),
  jwksUrl: safeUrl.optional(),
  algorithms: z.array(z.enum(signatureAlgorithms)).min(1).optional(),
  claims: z.strictObject({ name: text, picture: text, email: text }).partial().optional(),
  provision: z.boolean().optional(),
  require: z.record(z.string(), texts).optional(),
  emailDomains: z.array(text.transform((domain) => domain.toLowerCase())).optional(),
  sessionTtlS: z.int().min(60).optional(),
});

/** Somebody else who knows who people are, as options name them. */
export type IdentityProvider = z.input<typeof provider>;

/** The same with its defaults. */
export interface ResolvedProvider extends Omit<
  z.output<typeof provider>,
  'name' | 'scopes' | 'audience' | 'algorithms' | 'claims' | 'provision' | 'require' | 'emailDomains'
> {
  /** On the button, and where somebody sees what they are linked to. */
  readonly name: string;
  readonly scopes: readonly string[];
  /** Its tokens are taken that are meant for one of these. Empty: none is. */
  readonly audience: readonly string[];
  readonly algorithms: readonly string[];
  readonly claims: { readonly name: string; readonly picture: string; readonly email: string };
  /** Whether who is not known yet gets an account. */
  readonly provision: boolean;
  readonly require: Readonly<Record<string, readonly string[]>>;
  /** Empty: all. */
  readonly emailDomains: readonly string[];
}

/** Throws an INVALID_OPTION that names what is wrong. */
export function readProviders(given: readonly IdentityProvider[]): ResolvedProvider[] {
  const { data, error } = z.array(provider).safeParse(given);
  if (error) {
    const { path = [], message = '' } = error.issues[0] ?? {};
    throw refused(`identityProviders: ${path.join('.')}: ${message}`);
  }
  for (const name of ['id', 'issuer'] as const)
    if (new Set(data.map((one) => one[name])).size < data.length)
      throw refused(`identityProviders: two have the same ${name}; expected each once.`);
  for (const { id, clientId, clientSecret, clientSecretFile } of data)
    if ((clientSecret !== undefined || clientSecretFile !== undefined) && clientId === undefined)
      throw refused(`identityProviders: ${id} has a secret of a client; expected its clientId, too.`);
  return data.map(withDefaults);
}

function withDefaults(one: z.output<typeof provider>): ResolvedProvider {
  return {
    ...one,
    name: one.name ?? one.id,
    scopes: one.scopes ?? ['openid', 'profile', 'email'],
    audience: one.audience ?? [],
    algorithms: one.algorithms ?? signatureAlgorithms,
    claims: {
      name: one.claims?.name ?? 'name',
      picture: one.claims?.picture ?? 'picture',
      email: one.claims?.email ?? 'email',
    },
    provision: one.provision ?? true,
    require: one.require ?? {},
    emailDomains: one.emailDomains ?? [],
  };
}

function isSafe(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return (
    protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname))
  );
}

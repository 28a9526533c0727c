import { createTokenVerifier } from 'im-common/token';
import type { Authenticate, ResolvedOptions } from '../options/options.ts';

export function createAuthenticate(
  options: Pick<ResolvedOptions, 'jwtSecrets' | 'jwtPublicKey' | 'jwksUrl' | 'authenticate'>,
): Authenticate {
  if (options.authenticate) return options.authenticate;
  return createTokenVerifier({
    secrets: options.jwtSecrets,
    publicKey: options.jwtPublicKey,
    jwksUrl: options.jwksUrl,
  });
}

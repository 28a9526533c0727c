import { createTokenVerifier, type Identity } from 'im-common/token';

/** What is known of a device when it logs in, besides its token. */
export interface LoginContext {
  readonly devId: string | undefined;
  readonly remoteAddress: string;
}

/** Says who the bearer of a token is. A rejection refuses the login; its message is logged, never sent. */
export type Authenticate = (token: string, context: LoginContext) => Promise<Identity> | Identity;

export interface AuthenticateOptions {
  readonly jwtSecrets: readonly string[];
  readonly jwtPublicKey?: string | undefined;
  readonly jwksUrl?: string | undefined;
  readonly authenticate?: Authenticate | undefined;
}

export function createAuthenticate(options: AuthenticateOptions): Authenticate {
  if (options.authenticate) return options.authenticate;
  return createTokenVerifier({
    secrets: options.jwtSecrets,
    publicKey: options.jwtPublicKey,
    jwksUrl: options.jwksUrl,
  });
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onCleanup } from './cleanup.ts';

export interface OidcProviderOptions {
  /** Where it sends people back to. */
  readonly redirectUri: string;
  /** Where it says that somebody has signed out. */
  readonly logoutUri?: string;
}

export interface OidcProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * A real provider of OpenID Connect. Whoever types a name is that person, with any password, and with an address of mail at example.com.
 * It is another host than `localhost`, as cookies know no ports.
 */
export async function startOidcProvider({
  redirectUri,
  logoutUri,
}: OidcProviderOptions): Promise<OidcProvider> {
  // Only here: it is large, and most tests need none.
  const { Provider } = await import('oidc-provider');
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanup(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [clientId, clientSecret] = ['chat', 'secret-of-the-chat'];
  const provider = new Provider(issuer, {
    clients: [
      {
        ...{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] },
        ...(logoutUri !== undefined && { backchannel_logout_uri: logoutUri }),
      },
    ],
    features: { backchannelLogout: { enabled: true } },
    // Its own goes to no address of this machine.
    fetch: (url, init = {}) => {
      const { dispatcher: _, ...plain } = init as RequestInit & { dispatcher?: unknown };
      return fetch(url, plain);
    },
    pkce: { required: () => true },
    cookies: { keys: ['of the tests'] },
    // It says so of each that is not set.
    ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    claims: { openid: ['sub'], profile: ['name', 'picture'], email: ['email', 'email_verified'] },
    findAccount: (_, sub) => ({
      accountId: sub,
      claims: () => ({
        sub,
        name: sub.slice(0, 1).toUpperCase() + sub.slice(1),
        email: `${sub}@example.com`,
        email_verified: true,
      }),
    }),
  });
  const answer = provider.callback();
  return { issuer, clientId, clientSecret };
}

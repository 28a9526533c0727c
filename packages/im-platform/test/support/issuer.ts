import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onCleanup } from 'im-test/support';
import {
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JWK,
  type JWTHeaderParameters,
} from 'jose';

export const audience = 'chat';

/** Somebody else's back end, with users and tokens of its own, that publishes its keys. */
export class Issuer {
  readonly url: string;
  /** How often its keys were asked for. */
  fetches = 0;
  isAway = false;
  #keys: { readonly privateKey: CryptoKey; readonly jwk: JWK }[] = [];

  private constructor(url: string) {
    this.url = url;
  }

  static async start(): Promise<Issuer> {
    const server = createServer((request, response) => {
      if (issuer.isAway) return void response.writeHead(503).end();
      const document = { issuer: issuer.url, jwks_uri: `${issuer.url}/keys` };
      if (request.url === '/keys') issuer.fetches++;
      const said = request.url === '/keys' ? { keys: issuer.#keys.map(({ jwk }) => jwk) } : document;
      response.setHeader('content-type', 'application/json').end(JSON.stringify(said));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onCleanup(() => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    });
    const issuer = new Issuer(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await issuer.rotate('first');
    return issuer;
  }

  get publicKey(): JWK {
    return this.#keys[0]?.jwk ?? {};
  }

  /** From now on it signs with a key of that id; those before are good no longer. */
  async rotate(kid: string): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    this.#keys = [{ privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' } }];
  }

  /** A good token, but for what is said otherwise. An undefined claim is absent. */
  token(
    subject: string,
    claims: Readonly<Record<string, unknown>> = {},
    head: Partial<JWTHeaderParameters> = {},
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    const usual = { iss: this.url, aud: audience, sub: subject, iat: now, exp: now + 300 };
    const [key] = this.#keys;
    if (!key) throw new Error('An issuer has a key');
    return new SignJWT({ ...usual, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: key.jwk.kid ?? '', ...head })
      .sign(key.privateKey);
  }
}

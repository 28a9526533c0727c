import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { createSigner } from 'fast-jwt';
import type { Database } from '../../db/database.ts';
import { PlatformError } from '../../platform-error.ts';

/** A push service takes up to a day. */
const lifeMs = 12 * 3_600_000;
const freshForMs = lifeMs / 2;
/** Some services have a host for each part of theirs, and clients name them. */
const mostKept = 100;

export interface VapidOptions {
  /** Whom a push service writes to when something is wrong: `mailto:` or `https:`. */
  readonly contact: string;
  /** A private key in PEM, EC P-256. @default one that is made once, and kept in the database */
  readonly key?: string | undefined;
}

/** Says to push services who sends (RFC 8292). Browsers that have registered with another key are not reached with this one. */
export class Vapid {
  readonly #contact: string;
  readonly #keys: () => Promise<VapidKeys>;
  readonly #signed = new Map<string, { readonly header: string; readonly until: number }>();

  constructor(database: Pick<Database, 'sql'>, { contact, key }: VapidOptions) {
    this.#contact = contact;
    let keys: Promise<VapidKeys> | undefined =
      key === undefined ? undefined : Promise.resolve(vapidKeys(key));
    this.#keys = () => {
      keys ??= keptKey(database).then(vapidKeys);
      // The database was away: asked again.
      keys.catch(() => (keys = undefined));
      return keys;
    };
  }

  async publicKey(): Promise<string> {
    return (await this.#keys()).publicKey;
  }

  /** For the header Authorization. One is used for hours. */
  async headerFor(origin: string): Promise<string> {
    const now = Date.now();
    const known = this.#signed.get(origin);
    if (known && now < known.until) return known.header;
    const { sign, publicKey } = await this.#keys();
    const exp = Math.floor((now + lifeMs) / 1_000);
    const header = `vapid t=${sign({ aud: origin, exp, sub: this.#contact })}, k=${publicKey}`;
    if (this.#signed.size >= mostKept) this.#signed.clear();
    this.#signed.set(origin, { header, until: now + freshForMs });
    return header;
  }
}

interface VapidKeys {
  /** The point of the curve, as browsers want it. */
  readonly publicKey: string;
  readonly sign: (claims: object) => string;
}

function vapidKeys(pem: string): VapidKeys {
  const wrong = (cause?: unknown): PlatformError =>
    new PlatformError(
      'INVALID_OPTION',
      'webPushKey is not a private key in PEM form, EC P-256. Make one: openssl ecparam -name prime256v1 -genkey -noout',
      { cause },
    );
  let jwk;
  let key: string;
  try {
    const privateKey = createPrivateKey(pem);
    key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    jwk = createPublicKey(privateKey).export({ format: 'jwk' });
  } catch (cause) {
    throw wrong(cause);
  }
  const { crv, x = '', y = '' } = jwk;
  if (crv !== 'P-256') throw wrong();
  const point = [Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
  return {
    publicKey: Buffer.concat(point).toString('base64url'),
    sign: createSigner({ key, algorithm: 'ES256', noTimestamp: true }),
  };
}

const name = 'web-push';

/** Made by whoever comes first, for all instances and for good. */
async function keptKey({ sql }: Pick<Database, 'sql'>): Promise<string> {
  const find = async (): Promise<string | undefined> =>
    (await sql('im_away_key').where({ name }).first<{ pem: string } | undefined>('pem'))?.pem;
  const known = await find();
  if (known !== undefined) return known;
  const { privateKey: pem } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  await sql('im_away_key').insert({ name, pem }).onConflict('name').ignore();
  return (await find()) ?? pem;
}

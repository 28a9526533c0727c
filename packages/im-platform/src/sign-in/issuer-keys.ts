import type { Logger } from 'im-common';
import type { JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { Refusal } from '../http/refusal.ts';
import { fetchJson } from './fetch-json.ts';

export interface IssuerKeyOptions {
  readonly issuer: string;
  /** @default as the issuer's discovery document says */
  readonly jwksUrl?: string | undefined;
  readonly logger: Logger;
  /** In milliseconds, and never back. */
  readonly now?: () => number;
}

/** After so long they are fetched anew, so that a key that the issuer took back is good no longer. */
const freshMs = 10 * 60_000;
/** So long they go on while the issuer is away. */
const keptMs = 24 * 3_600_000;
/** Between two fetches for key ids that nobody knows: whoever makes some up does not make us fetch at will. */
const pauseMs = 30_000;
/** The same while there are none. */
const pauseWithoutMs = 2_000;
const mostKeys = 100;

const keySet = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })).max(mostKeys) });
const discovery = z.looseObject({ issuer: z.string(), jwks_uri: z.string() });

/**
 * The public keys of an issuer: fetched when they are first needed, when they are old, and for key ids that are new. Not jose's own, which
 * ends with the age of the keys though the issuer is away, and asks it again for each token then.
 */
export class IssuerKeys {
  readonly #options: IssuerKeyOptions;
  readonly #now: () => number;
  #find: JWTVerifyGetKey | undefined;
  #fetchedAt = -Infinity;
  #triedAt = -Infinity;
  #fetching: Promise<void> | undefined;

  constructor(options: IssuerKeyOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  readonly keyOf: JWTVerifyGetKey = async (header, token) => {
    if (this.#now() >= this.#fetchedAt + freshMs) await this.#fetchAnew();
    const find = this.#find;
    if (!find || this.#now() >= this.#fetchedAt + keptMs) throw new Refusal('unavailable', { code: 503 });
    try {
      return await find(header, token);
    } catch (error) {
      const { errors } = await import('jose');
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.#fetchAnew();
      if (this.#find === find) throw error;
      return (this.#find as JWTVerifyGetKey)(header, token);
    }
  };

  /** Unless somebody has tried just now. All who want it at once share it. */
  #fetchAnew(): Promise<void> {
    const pause = this.#find ? pauseMs : pauseWithoutMs;
    if (!this.#fetching && this.#now() < this.#triedAt + pause) return Promise.resolve();
    this.#triedAt = this.#now();
    this.#fetching ??= this.#fetch().finally(() => (this.#fetching = undefined));
    return this.#fetching;
  }

  async #fetch(): Promise<void> {
    const { issuer, logger } = this.#options;
    try {
      const found = keySet.parse(await fetchJson(await this.#url()));
      const { createLocalJWKSet } = await import('jose');
      this.#find = createLocalJWKSet(found);
      this.#fetchedAt = this.#now();
    } catch (error) {
      logger.warn({ err: error, issuer }, 'the keys of an issuer cannot be had; those that are known go on');
    }
  }

  async #url(): Promise<string> {
    const { issuer, jwksUrl } = this.#options;
    if (jwksUrl !== undefined) return jwksUrl;
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const said = discovery.parse(await fetchJson(url));
    if (said.issuer !== issuer) throw new Error(`${url} is about ${said.issuer}; expected ${issuer}`);
    return said.jwks_uri;
  }
}

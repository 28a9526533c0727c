import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ResolvedOptions } from '../options.ts';

/** Where what lies in drives is loaded from. */
export const contentPath = '/drive/content/';

/** f: the file itself; t: a small picture of it; z: the folder as an archive. */
export type ContentKind = 'f' | 't' | 'z';

/** Who loads it, whose rights are looked at with each request: a user, or whoever has a link. */
export type Reader = { readonly userId: number } | { readonly shareId: number };

export interface Ticket {
  readonly kind: ContentKind;
  readonly reader: Reader;
  readonly nodeId: number;
  /** Of a file. */
  readonly version: number;
  readonly endMs: number;
}

const lifeS = 6 * 3_600;
const roundS = 3_600;
/** Long enough to begin, and to go on after a line that broke; who has a link may have it once more after that. */
const lifeOfLinkS = 600;

/**
 * Addresses that `<img>`, `<video>` and a download can open, without a token. They say who opens them, and are good for some hours and for as
 * long as that person may see the thing: that is looked at each time.
 */
export class ContentLinks {
  readonly #base: () => string;
  readonly #keys: readonly [Buffer, ...Buffer[]];

  constructor({ refreshSecret }: Pick<ResolvedOptions, 'refreshSecret'>, base: () => string) {
    this.#base = base;
    // Options need one.
    this.#keys = [refreshSecret].flat().map((secret) => keyed(secret, 'im-platform: links of drives')) as [
      Buffer,
      ...Buffer[],
    ];
  }

  /**
   * For users the end is rounded up, so that an address stays the same for a while, for the caches of browsers. One that was counted as a
   * download of a link is soon over: it could be handed on.
   */
  of({ kind, reader, nodeId, version }: Omit<Ticket, 'endMs'>, name: string): string {
    const now = Date.now() / 1_000;
    const end =
      'userId' in reader ? Math.ceil((now + lifeS) / roundS) * roundS : Math.ceil(now + lifeOfLinkS);
    const who = 'userId' in reader ? `u${reader.userId}` : `l${reader.shareId}`;
    const said = [kind, who, nodeId, version, end].join('.');
    return `${this.#base()}${contentPath}${said}.${sign(this.#keys[0], said)}/${encodeURIComponent(name)}`;
  }

  /** Undefined: it was not made here, or changed. It may be over. */
  read(text: string): Ticket | undefined {
    const found =
      /^(([ftz])\.([ul])([1-9]\d{0,15})\.([1-9]\d{0,15})\.(\d{1,9})\.(\d{1,12}))\.([\w-]{22})$/.exec(text);
    if (!found) return undefined;
    const [, said = '', kind, who, whoId, nodeId, version, end, given = ''] = found;
    const isGood = this.#keys.some((key) =>
      timingSafeEqual(Buffer.from(given), Buffer.from(sign(key, said))),
    );
    if (!isGood) return undefined;
    return {
      kind: kind as ContentKind,
      reader: who === 'u' ? { userId: Number(whoId) } : { shareId: Number(whoId) },
      ...{ nodeId: Number(nodeId), version: Number(version), endMs: Number(end) * 1_000 },
    };
  }
}

/** 128 bits. */
function sign(key: Buffer, said: string): string {
  return keyed(key, said).subarray(0, 16).toString('base64url');
}

function keyed(secret: string | Buffer, text: string): Buffer {
  return createHmac('sha256', secret).update(text).digest();
}

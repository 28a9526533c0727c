import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ResolvedOptions } from '../options.ts';
import { keyInAddress } from './file-addresses.ts';
import { withAddresses, type Content } from './media.ts';

// Files of messages are fetched by addresses that were signed for a conversation, and end (decision 056). What is stored is the plain
// address; what is shown is signed: …?c={conversation}&e={its end, in epoch seconds}&s={signature}.

/** Makes the addresses that one kind of client is shown. */
export interface LinkMaker {
  /** The address, signed if it is one of a file of ours. `conversation`: '' of what was just uploaded. */
  of(address: string, conversation: string): string;
  /** What a message of the conversation says, with such addresses. */
  inContent(message: Content, conversation: string): string | null;
}

/** As they are stored. */
export const plainLinks: LinkMaker = { of: (address) => address, inContent: ({ content }) => content };

/** What a signature says, which is good. */
export interface Signed {
  readonly conversation: string;
  readonly endMs: number;
}

type FileLinkOptions = Pick<
  ResolvedOptions,
  'fileLinks' | 'fileLinkHours' | 'boxImFileLinkDays' | 'refreshSecret'
>;

const hourS = 3_600;
const dayS = 24 * hourS;

export class FileLinks {
  /** Whether addresses need a signature. */
  readonly areNeeded: boolean;
  readonly v1: LinkMaker;
  /** Box-im's pages keep messages, with their addresses, for as long as they are used. */
  readonly boxIm: LinkMaker;
  readonly #keys: readonly Buffer[];

  constructor({ fileLinks, fileLinkHours, boxImFileLinkDays, refreshSecret }: FileLinkOptions) {
    this.areNeeded = fileLinks === 'signed';
    // All instances have it, and it is exchanged in the same way: of several the first signs, and all of them are good.
    this.#keys = [refreshSecret].flat().map((secret) => keyed(secret, 'im-platform: links of files'));
    this.v1 = this.areNeeded ? this.#maker(fileLinkHours * hourS, hourS) : plainLinks;
    this.boxIm = this.areNeeded ? this.#maker(boxImFileLinkDays * dayS, dayS) : plainLinks;
  }

  /** Undefined: it was not signed here, or for another file. */
  read(key: string, query: Readonly<Record<string, unknown>>): Signed | undefined {
    const { c: conversation, e: end, s: signature } = query;
    if (typeof conversation !== 'string' || typeof end !== 'string' || typeof signature !== 'string')
      return undefined;
    if (!/^\d{1,12}$/.test(end)) return undefined;
    const given = Buffer.from(signature);
    const isGood = this.#keys.some((secret) => {
      const expected = Buffer.from(sign(secret, key, conversation, end));
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
    return isGood ? { conversation, endMs: Number(end) * 1_000 } : undefined;
  }

  /** The end is rounded up, so that the address of a file stays the same for as long, for the caches of browsers. */
  #maker(lifeS: number, roundS: number): LinkMaker {
    const [secret] = this.#keys as readonly [Buffer, ...Buffer[]]; // options need one
    const of = (address: string, conversation: string): string => {
      const key = keyInAddress(address);
      if (key === undefined) return address;
      const end = String(Math.ceil((Date.now() / 1_000 + lifeS) / roundS) * roundS);
      const signature = sign(secret, key, conversation, end);
      return `${withoutLink(address)}?c=${encodeURIComponent(conversation)}&e=${end}&s=${signature}`;
    };
    return {
      of,
      inContent: (message, conversation) => withAddresses(message, (address) => of(address, conversation)),
    };
  }
}

/** The plain address of a file of ours; any other one as it is. */
export function withoutLink(address: string): string {
  return keyInAddress(address) === undefined ? address : address.replace(/[?#].*$/s, '');
}

/** What stands behind the `?` of an address. */
export function queryOf(address: string): Readonly<Record<string, string>> {
  return URL.canParse(address) ? Object.fromEntries(new URL(address).searchParams) : {};
}

/** 128 bits. Neither a key of a file nor an end has a line break in it. */
function sign(secret: Buffer, key: string, conversation: string, end: string): string {
  return keyed(secret, `${key}\n${end}\n${conversation}`).subarray(0, 16).toString('base64url');
}

function keyed(secret: string | Buffer, text: string): Buffer {
  return createHmac('sha256', secret).update(text).digest();
}

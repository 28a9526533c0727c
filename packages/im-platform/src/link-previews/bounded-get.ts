import { request as plainRequest, type IncomingMessage } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { OutgoingAddresses } from '../outgoing/outgoing-addresses.ts';

/** What is taken of an answer, by what it says that it is. */
export interface Wanted {
  readonly types: ReadonlySet<string>;
  /** Of the body, once it is decompressed. */
  readonly mostBytes: number;
  /** Whether the beginning of a longer one is good for something. */
  readonly mayBeCut: boolean;
}

export interface Got {
  /** Where it was in the end. */
  readonly url: URL;
  readonly type: string;
  readonly charset: string | undefined;
  readonly body: Buffer;
}

export const longestLink = 2_048;
const mostRedirects = 4;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const headers = {
  // Sites that show their pictures to none but machines look for the word.
  'user-agent': 'Mozilla/5.0 (compatible; im-platform link preview bot)',
  accept: 'text/html,application/xhtml+xml,image/*;q=0.8',
  'accept-encoding': 'gzip, deflate, br',
};

/** Gets what is at addresses that strangers have chosen: no further, no longer and no more than was said. */
export class BoundedGet {
  readonly #addresses: Pick<OutgoingAddresses, 'assertLiteral' | 'lookupFor'>;

  constructor(addresses: Pick<OutgoingAddresses, 'assertLiteral' | 'lookupFor'>) {
    this.#addresses = addresses;
  }

  /** Rejects when it is none of what is wanted, or when the signal says that it has taken too long. */
  async get(link: URL, wanted: readonly Wanted[], signal: AbortSignal): Promise<Got> {
    let url = link;
    for (let hop = 0; hop <= mostRedirects; hop++) {
      const answer = await this.#ask(url, signal);
      try {
        const next = redirectOf(answer, url);
        if (!next) return await read(answer, url, wanted);
        url = next;
      } finally {
        answer.destroy();
      }
    }
    throw new Error(`it leads on more than ${mostRedirects} times`);
  }

  async #ask(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
    if (!isAskable(url)) throw new Error('it leads to no address that is asked');
    this.#addresses.assertLiteral(url);
    const send = url.protocol === 'https:' ? tlsRequest : plainRequest;
    // A connection for each: what a name leads to is looked at each time.
    const options = { agent: false, headers, lookup: this.#addresses.lookupFor(url), signal } as const;
    return new Promise((resolve, reject) => {
      send(url, options, resolve).on('error', reject).end();
    });
  }
}

/** With a password in it, it is not meant for others. */
export function isAskable({ protocol, username, password, href }: URL): boolean {
  return /^https?:$/.test(protocol) && username === '' && password === '' && href.length <= longestLink;
}

function redirectOf({ statusCode = 0, headers: { location } }: IncomingMessage, from: URL): URL | undefined {
  if (!redirects.has(statusCode) || location === undefined) return undefined;
  return new URL(location, from);
}

async function read(answer: IncomingMessage, url: URL, wanted: readonly Wanted[]): Promise<Got> {
  const { statusCode, headers: said } = answer;
  if (statusCode !== 200) throw new Error(`it answered ${statusCode}`);
  const [type = '', ...parameters] = (said['content-type'] ?? '').toLowerCase().split(';').map(trimmed);
  const one = wanted.find(({ types }) => types.has(type));
  if (!one) throw new Error(`it is of the type ${type.slice(0, 64)}`);
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  return { url, type, charset, body: await bodyOf(decompressed(answer), one) };
}

function trimmed(text: string): string {
  return text.trim();
}

function decompressed(answer: IncomingMessage): Readable {
  const { 'content-encoding': encoding = 'identity' } = answer.headers;
  if (encoding === 'identity') return answer;
  const make = decompressors.get(encoding.toLowerCase());
  if (!make) throw new Error(`it is encoded as ${encoding.slice(0, 64)}`);
  // Whoever reads it hears of what goes wrong.
  return pipeline(answer, make(), () => undefined);
}

const decompressors = new Map([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/** What is beyond the limit is neither read nor unpacked. */
async function bodyOf(body: Readable, { mostBytes, mayBeCut }: Wanted): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let left = mostBytes;
  for await (const piece of body as AsyncIterable<Buffer>) {
    if (piece.length > left && !mayBeCut) throw new Error(`it has more than ${mostBytes} bytes`);
    pieces.push(piece.subarray(0, left));
    left -= piece.length;
    if (left <= 0 && mayBeCut) break;
  }
  return Buffer.concat(pieces);
}

import { Agent as PlainAgent, request as plainRequest, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { signWebhook } from 'im-common/internal/network';
import type { OutgoingAddresses } from './outgoing-addresses.ts';

export interface SignedPostOptions {
  readonly url: string;
  /** The one that signs, and the one before while it is good. Asked each time. */
  readonly secrets: () => readonly Buffer[];
  readonly atOnce: number;
  /** Where it may go. @default anywhere: the operator has said where it is */
  readonly addresses?: Pick<OutgoingAddresses, 'assertLiteral' | 'lookupFor'>;
}

/** What was asked answered with another status than 2xx. */
export class NotTaken extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(`it answered ${status} ${text.slice(0, mostOfReason).replaceAll(/\s+/g, ' ')}`.trimEnd());
    this.status = status;
  }
}

const mostOfReason = 200;
const mostOfAnswer = 65_536;

/** Posts to one address, signed as standardwebhooks.com says. Where an answer leads to is nowhere that was allowed: redirects are not followed. */
export class SignedPost {
  readonly #options: SignedPostOptions;
  readonly #url: URL;
  readonly #agent: PlainAgent;

  constructor(options: SignedPostOptions) {
    const { url, addresses, atOnce: maxSockets } = options;
    this.#options = options;
    this.#url = new URL(url);
    const lookup = addresses?.lookupFor(this.#url);
    const Agent = this.#url.protocol === 'https:' ? TlsAgent : PlainAgent;
    this.#agent = new Agent({ keepAlive: true, maxSockets, ...(lookup && { lookup }) });
  }

  /** What it answers. Rejects when that is not 2xx, or has not come by then. */
  async ask(id: string, body: string, signal: AbortSignal): Promise<string> {
    const { secrets, addresses } = this.#options;
    addresses?.assertLiteral(this.#url);
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'im-platform',
      ...signWebhook(id, body, secrets(), Date.now()),
    };
    try {
      const answer = await this.#post(headers, body, signal);
      const text = await textOf(answer);
      const status = answer.statusCode ?? 0;
      if (status < 200 || status >= 300) throw new NotTaken(status, text);
      return text;
    } catch (error) {
      throw signal.aborted ? new Error('it did not answer in time', { cause: error }) : error;
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #post(
    headers: Record<string, string | number>,
    body: string,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const send = this.#url.protocol === 'https:' ? tlsRequest : plainRequest;
    return new Promise<IncomingMessage>((resolve, reject) => {
      const options = { method: 'POST', agent: this.#agent, headers, signal };
      send(this.#url, options, resolve).on('error', reject).end(body);
    });
  }
}

/** Or its beginning: who goes on talking is not listened to. */
async function textOf(answer: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let left = mostOfAnswer;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    pieces.push(piece.subarray(0, left));
    left -= piece.length;
    if (left <= 0) break;
  }
  return Buffer.concat(pieces).toString();
}

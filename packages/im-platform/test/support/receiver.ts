import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onCleanup } from 'im-test/support';

/** What a webhook has brought, as a receiver reads it. */
export interface Told {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly position: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly users: readonly { readonly id: string; readonly externalId: string | null }[];
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A back end that is told of what happens. It takes everything, until it is told what to answer. */
export class Receiver {
  readonly url: string;
  /** All that came, in that order, whatever was answered. */
  readonly seen: Told[] = [];
  answer: (told: Told) => Answer | Promise<Answer> = () => ({ status: 204 });

  private constructor(url: string) {
    this.url = url;
  }

  static async start(): Promise<Receiver> {
    const server = createServer((request, response) => {
      void (async () => {
        let body = '';
        for await (const piece of request as AsyncIterable<Buffer>) body += piece.toString();
        const told: Told = { ...(JSON.parse(body) as Told), headers: request.headers, body };
        receiver.seen.push(told);
        const { status, headers } = await receiver.answer(told);
        response.writeHead(status, headers).end();
      })();
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onCleanup(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const receiver = new Receiver(`http://127.0.0.1:${port}/webhooks`);
    return receiver;
  }

  /** What was taken of a type, each once. */
  of(type: string): Told[] {
    return [...new Map(this.seen.map((told) => [told.id, told])).values()].filter(
      (told) => told.type === type,
    );
  }
}

/** As standardwebhooks.com says, written anew: whether one of the signatures is made with this secret. */
export function isSignedWith(secret: string, { headers, body }: Pick<Told, 'headers' | 'body'>): boolean {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const said = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const expected = `v1,${createHmac('sha256', key).update(said).digest('base64')}`;
  return String(headers['webhook-signature']).split(' ').includes(expected);
}

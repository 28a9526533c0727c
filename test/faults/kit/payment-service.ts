import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PaymentOrder, PaymentProvider, PaymentStanding } from 'im-platform';
import { BadProvider } from '../../support/bad-provider.ts';
import type { Random } from './random.ts';
import type { Scope } from './scope.ts';

/** A provider of payments as platforms see it: behind HTTP, and there when they are not. */
export class PaymentService {
  readonly provider = new BadProvider();
  /** Of whom its line loses what is asked and what is answered. @default nobody */
  isBadFor: (userId: number) => boolean = () => false;
  /** Of calls, what became of them. */
  readonly failures = { lost: 0, unanswered: 0, late: 0, hung: 0 };
  readonly url: string;
  readonly #random: Random;

  private constructor(url: string, random: Random) {
    this.url = url;
    this.#random = random;
  }

  static async start(scope: Scope, random: Random): Promise<PaymentService> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const order = JSON.parse(Buffer.concat(chunks).toString()) as PaymentOrder;
        const what = request.url === '/begin' ? 'begin' : 'find';
        void service.#answer(what, order).then((standing) => {
          if (standing) response.end(JSON.stringify(standing));
          else response.destroy();
        });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const service = new PaymentService(`http://127.0.0.1:${port}`, random);
    scope.onEnd(() => {
      server.closeAllConnections();
      server.close();
    });
    return service;
  }

  /** Undefined: the line breaks. */
  async #answer(what: 'begin' | 'find', order: PaymentOrder): Promise<PaymentStanding | undefined> {
    const { failures, provider } = this;
    const chance = this.isBadFor(order.userId) ? this.#random.next() : 1;
    if (chance < 0.15) {
      failures.lost += 1;
      return undefined;
    }
    const standing = await provider[what](order);
    if (chance < 0.4) {
      failures.unanswered += 1;
      return undefined;
    }
    if (chance < 0.55) {
      failures.late += 1;
      await sleep(this.#random.between(20, 400));
    } else if (chance < 0.57) {
      failures.hung += 1;
      return new Promise(() => undefined);
    }
    return standing;
  }
}

/** In the process of a platform. */
export function providerAt(url: string): PaymentProvider {
  const double = new BadProvider();
  const ask =
    (what: 'begin' | 'find') =>
    async (order: PaymentOrder, signal: AbortSignal): Promise<PaymentStanding> => {
      const asked = { method: 'POST', body: JSON.stringify(order), signal };
      return (await (await fetch(`${url}/${what}`, asked)).json()) as PaymentStanding;
    };
  return {
    begin: ask('begin'),
    find: ask('find'),
    readNotice: (body, headers) => double.readNotice(body, headers),
  };
}

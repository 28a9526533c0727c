import { createHmac, timingSafeEqual } from 'node:crypto';
import type { PaymentNotice, PaymentOrder, PaymentProvider, PaymentStanding } from 'im-platform';

type Answer = PaymentStanding | 'hangs' | 'breaks';

const secret = 'secret-of-the-provider';

/** A provider of payments that does all that real ones do when it is dark outside. It knows each order by its id, and does it once. */
export class BadProvider implements PaymentProvider {
  /** What it has of each order, and how often it was told of it. */
  readonly orders = new Map<string, PaymentOrder & { told: number; standing: PaymentStanding }>();
  /** What becomes of an order. */
  decides: (order: PaymentOrder) => PaymentStanding = () => ({ state: 'pending' });
  /** What is answered, when it is not what became of it. */
  answers: (what: 'begin' | 'find', standing: PaymentStanding) => Answer = (_, standing) => standing;
  /** The order gets lost on its way. */
  isDeaf = false;

  begin(order: PaymentOrder): Promise<PaymentStanding> {
    if (this.isDeaf) return this.#answer('begin', { state: 'unknown' });
    const known = this.orders.get(order.id);
    if (known) known.told += 1;
    const standing = known?.standing ?? this.decides(order);
    this.orders.set(order.id, { ...order, told: known?.told ?? 1, standing });
    return this.#answer('begin', standing);
  }

  find({ id }: PaymentOrder): Promise<PaymentStanding> {
    return this.#answer('find', this.orders.get(id)?.standing ?? { state: 'unknown' });
  }

  readNotice(body: string, headers: Readonly<Record<string, unknown>>): PaymentNotice | undefined {
    const given = Buffer.from(String(headers['x-signature']));
    const expected = Buffer.from(signatureOf(body));
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    return JSON.parse(body) as PaymentNotice;
  }

  /** It makes up its mind later. */
  becomes(id: string, standing: PaymentStanding): void {
    const order = this.orders.get(id);
    if (order) order.standing = standing;
  }

  #answer(what: 'begin' | 'find', standing: PaymentStanding): Promise<PaymentStanding> {
    const answer = this.answers(what, standing);
    if (answer === 'hangs') return new Promise(() => undefined);
    return answer === 'breaks' ? Promise.reject(new Error('502')) : Promise.resolve(answer);
  }
}

/** What it sends by itself, as it signs it. */
export function notice(url: string, said: PaymentNotice, signature?: string): Promise<Response> {
  const body = JSON.stringify(said);
  return fetch(`${url}/v1/payment-notices`, {
    ...{ method: 'POST', body },
    headers: { 'content-type': 'application/json', 'x-signature': signature ?? signatureOf(body) },
  });
}

function signatureOf(body: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

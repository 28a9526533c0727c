/** Money that somebody pays in, or is paid out. */
export interface PaymentOrder {
  /** Ours, and the only name that it has: a provider that is asked twice with the same one does it once. */
  readonly id: string;
  readonly direction: 'in' | 'out';
  /** In the smallest unit. */
  readonly amount: number;
  readonly userId: number;
}

/** `unknown`: the provider has never heard of it. */
export interface PaymentStanding {
  readonly state: 'pending' | 'done' | 'refused' | 'unknown';
  /** What was paid. It need not be what was ordered, and then nobody's balance changes. */
  readonly amount?: number | undefined;
  /** Where the user goes on, as the page of their bank. */
  readonly url?: string | undefined;
  readonly reason?: string | undefined;
}

/** What a provider says by itself. */
export interface PaymentNotice extends PaymentStanding {
  readonly id: string;
}

/**
 * The port to whoever moves real money. The platform moves none: it writes down what the provider says. An implementation may fail in any
 * way: `begin` and `find` may throw or never answer, which says nothing about the money; notices may come late, twice, or in any order.
 */
export interface PaymentProvider {
  begin(order: PaymentOrder, signal: AbortSignal): Promise<PaymentStanding>;
  /** How it stands; asked when nothing was heard. */
  find(order: PaymentOrder, signal: AbortSignal): Promise<PaymentStanding>;
  /** What a call of the provider says; undefined: it is not signed by them, or not for us. */
  readNotice(body: string, headers: Readonly<Record<string, unknown>>): PaymentNotice | undefined;
}

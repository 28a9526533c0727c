import { invalidOption } from 'im-common/internal/checks';

const orders = ['status', 'encrypt', 'decrypt', 'rewrap', 'new-keys', 'forget-keys'] as const;

export type EncryptionOrder = (typeof orders)[number];

/** Throws an INVALID_OPTION for what is no order. */
export function encryptionOrderIn([what, ...more]: readonly string[]): EncryptionOrder {
  const order = more.length > 0 ? undefined : orders.find((one) => one === what);
  if (order) return order;
  throw invalidOption(
    `What is to be done with encryption is ${[what, ...more].join(' ')}; expected ${orders.join(', ')}.`,
  );
}

import { invalidOption } from 'im-common/internal/checks';

export type AdminOrder =
  { readonly what: 'list' } | { readonly what: 'grant' | 'revoke'; readonly userName: string };

/** Throws an INVALID_OPTION for what is no order. */
export function adminOrderIn(order: readonly string[]): AdminOrder {
  const [what, userName, ...more] = order;
  if (more.length === 0 && what === 'list' && userName === undefined) return { what };
  if (more.length === 0 && (what === 'grant' || what === 'revoke') && userName !== undefined)
    return { what, userName };
  throw invalidOption(
    `What is to be done with admins is ${order.join(' ')}; expected list, grant <userName> or revoke <userName>.`,
  );
}

import { invalidOption } from 'im-common/internal/checks';

/** What is to be done with forwards of nobody knows whom. */
export type ForwardOrder =
  | { readonly what: 'list' | 'trace' }
  /** Undefined: all of them. */
  | {
      readonly what: 'remove';
      readonly which: { readonly conversation: string; readonly number: number } | undefined;
    };

/** Throws an INVALID_OPTION for what is no order. */
export function forwardOrderIn([what, which, ...more]: readonly string[]): ForwardOrder {
  if (more.length === 0) {
    if (which === undefined && (what === 'list' || what === 'trace')) return { what };
    if (what === 'remove' && which === 'all') return { what, which: undefined };
    const [, conversation, number] =
      /^((?:private:\d+:\d+)|(?:group:\d+))\/(\d{1,15})$/.exec(which ?? '') ?? [];
    if (what === 'remove' && conversation !== undefined)
      return { what, which: { conversation, number: Number(number) } };
  }
  throw invalidOption(
    'What is to be done with forwards is not known; expected list, trace, remove <conversation>/<number> or remove all.',
  );
}

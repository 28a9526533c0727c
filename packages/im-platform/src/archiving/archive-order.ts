import { invalidOption, text, type Rows } from 'im-common/internal/checks';

export const archiveFlags: Rows = {
  before: {
    group: 'Command',
    kind: text('month', 'a month, as 2026-01', /^\d{4}-(0[1-9]|1[0-2])$/),
    about: 'For write: months before this one.',
  },
};

/** What was said on the command line. */
export interface ArchiveSettings {
  readonly order: readonly string[];
  readonly before?: string;
}

export type ArchiveOrder =
  | { readonly what: 'write'; readonly beforeMs: number }
  | { readonly what: 'list' }
  | { readonly what: 'read' | 'import'; readonly name: string };

/** Throws an INVALID_OPTION for what is no order. */
export function archiveOrderIn({ order, before }: ArchiveSettings): ArchiveOrder {
  const [what, name, ...more] = order;
  if (more.length === 0 && name === undefined) {
    if (what === 'list') return { what };
    if (what === 'write') {
      if (before === undefined) throw invalidOption('Say which months: --before 2026-01.');
      const beforeMs = Date.parse(`${before}-01T00:00:00Z`);
      // What people say now would go under their hands.
      if (beforeMs > Date.now())
        throw invalidOption(`${before} is to come; expected a month that has begun.`);
      return { what, beforeMs };
    }
  } else if (more.length === 0 && name !== undefined && (what === 'read' || what === 'import'))
    return { what, name };
  throw invalidOption(
    `What is to be done with archives is ${order.join(' ')}; expected write, list, read <name> or import <name>.`,
  );
}

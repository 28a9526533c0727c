import { inGroup } from 'im-common/internal/checks';

/** Puts rows under a heading that no library has: nobody calls what is only a program. */
export function own<const Group extends Readonly<Record<string, object>>>(
  group: string,
  rows: Group,
): { readonly [Name in keyof Group]: Group[Name] & { readonly only: 'program'; readonly group: string } } {
  const entries = Object.entries(rows).map(([name, row]) => [name, { ...row, only: 'program' }] as const);
  return inGroup(group, Object.fromEntries(entries)) as {
    readonly [Name in keyof Group]: Group[Name] & { readonly only: 'program'; readonly group: string };
  };
}

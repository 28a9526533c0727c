import { invalidOption } from 'im-common/internal/checks';
import { laneCount } from '../db/lanes.ts';

/** What is to be done with lanes. */
export type LanesOrder =
  | { readonly what: 'list' }
  | { readonly what: 'move'; readonly lanes: readonly number[]; readonly to: string };

/** As the first database is called on the command line. */
const firstName = 'first';

/** Throws an INVALID_OPTION for what is no order. */
export function lanesOrderIn(order: readonly string[], names: readonly string[]): LanesOrder {
  const [what, lanes, to, ...more] = order;
  if (what === 'list' && lanes === undefined) return { what };
  if (what === 'move' && lanes !== undefined && to !== undefined && more.length === 0) {
    if (to !== firstName && !names.includes(to))
      throw invalidOption(
        `Lanes are to be moved to ${to}; expected ${[firstName, ...names].join(' or ')}, as --lane-databases says.`,
      );
    return { what, lanes: lanesIn(lanes), to: to === firstName ? '' : to };
  }
  throw invalidOption(
    `What is to be done with lanes is ${order.join(' ')}; expected list, or move <lanes> <database>, as move 0-31 east.`,
  );
}

/** `0-31,40`; even ones have conversations of two, odd ones groups. */
function lanesIn(text: string): number[] {
  const lanes = text.split(',').flatMap((part) => {
    const found = /^(\d{1,2})(?:-(\d{1,2}))?$/.exec(part.trim());
    const [from, to] = [Number(found?.[1]), Number(found?.[2] ?? found?.[1])];
    if (!found || from > to || to >= laneCount)
      throw invalidOption(
        `Lanes are ${text}; expected numbers from 0 to ${laneCount - 1} and ranges, as 0-31,40.`,
      );
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
  return [...new Set(lanes)].sort((one, other) => one - other);
}

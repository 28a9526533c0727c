/** For who wants to see that a scenario runs, and not what anything costs: little of everything, and one round. */
export const isSmall: boolean = process.env['IM_BENCH_SMALL'] !== undefined;

/** A twentieth, where little of everything is wanted. */
export function lots(of: number): number {
  return isSmall ? Math.ceil(of / 20) : of;
}

import type { Feature } from 'im-common/internal/bus';
import type { ResolvedOptions } from './options/options.ts';

/** What this server can do that servers before it could not (P-5.11). */
const always: readonly Feature[] = ['keep', 'requests', 'sessions', 'topics'];

/** The same, with what only some options bring. */
export function featuresOf({ uplinkTo = [] }: Pick<ResolvedOptions, 'uplinkTo'>): readonly Feature[] {
  return uplinkTo.length > 0 ? [...always, 'uplink'] : always;
}

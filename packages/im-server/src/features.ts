import type { Feature } from 'im-common/internal/bus';
import { allowsSeveral } from './sessions/session-rules.ts';
import type { ResolvedOptions } from './options/options.ts';

/** What this server can do that servers before it could not (P-5.11). */
const always: readonly Feature[] = ['drain', 'high', 'keep', 'requests', 'sessions', 'topics'];

/** The same, with what only some options bring. */
export function featuresOf({
  sessions,
  tracing,
  uplinkTo = [],
}: Pick<ResolvedOptions, 'sessions' | 'tracing' | 'uplinkTo'>): readonly Feature[] {
  const some: Feature[] = [...always];
  if (uplinkTo.length > 0) some.push('uplink');
  if (allowsSeveral(sessions)) some.push('several');
  if (tracing) some.push('trace');
  return some;
}

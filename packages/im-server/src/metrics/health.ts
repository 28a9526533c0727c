import type { Membership } from 'im-common/internal/bus';

/** Where a server is between its start and its end. */
type Phase = 'new' | 'running' | 'draining' | 'closed';

/** Whether a server can be used, and if not, or not as well as it should, why. */
export interface Health {
  readonly live: boolean;
  readonly ready: boolean;
  /** Ready, but slower than it should be. */
  readonly degraded: boolean;
  readonly reasons: readonly string[];
}

/** A bus that takes longer to answer, one renewal of the lease with another, is worth somebody's look. */
const slowBusMs = 250;

const reasonsOfPhase: Readonly<Record<Exclude<Phase, 'running'>, string>> = {
  new: 'not started',
  draining: 'draining',
  closed: 'closed',
};

/** `registration` is undefined while the server has no id. */
export function healthOf(
  phase: Phase,
  registration: { readonly busLatencyMs: number; readonly membership: Membership } | undefined,
): Health {
  const live = phase !== 'closed';
  const notReady = phase === 'running' ? whyNotReady(registration?.membership) : reasonsOfPhase[phase];
  if (notReady !== undefined) return { live, ready: false, degraded: false, reasons: [notReady] };
  const busLatencyMs = registration?.busLatencyMs ?? 0;
  if (busLatencyMs <= slowBusMs) return { live, ready: true, degraded: false, reasons: [] };
  const slow = `the bus is slow: it takes ${Math.round(busLatencyMs)} ms to answer`;
  return { live, ready: true, degraded: true, reasons: [slow] };
}

function whyNotReady(membership: Membership | undefined): string | undefined {
  if (!membership) return 'taking a new server id';
  if (membership.busIsAway) return 'the bus is away';
  return membership.isValid ? undefined : 'the lease is over';
}

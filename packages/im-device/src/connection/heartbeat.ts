/**
 * Finds the longest silence that the network between us and the server survives, so that a phone sends as few heartbeats
 * as possible: doubling at first, then halving between the longest known good and the shortest known bad. Pure: the
 * connection measures, this decides.
 */
export interface Heartbeat {
  /** Silence after which the next heartbeat is due. */
  readonly intervalMs: number;
  /** The longest silence that was survived; the floor until one was. */
  readonly goodMs: number;
  /** The shortest silence that was not. */
  readonly badMs: number | undefined;
  /** Heartbeats in a row that were answered since there is nothing more to find out. */
  readonly calm: number;
}

export interface HeartbeatLimits {
  readonly heartbeatFloorMs: number;
  readonly heartbeatCeilingMs: number;
}

/** A server that died in the middle of a heartbeat looks like a bad network. After so many good ones the bad interval is tried again. */
const calmEnough = 100;

export function startHeartbeat({ heartbeatFloorMs }: HeartbeatLimits): Heartbeat {
  return { intervalMs: heartbeatFloorMs, goodMs: heartbeatFloorMs, badMs: undefined, calm: 0 };
}

/** A heartbeat after so much silence was answered. */
export function survived(heartbeat: Heartbeat, silenceMs: number, limits: HeartbeatLimits): Heartbeat {
  const goodMs = Math.max(heartbeat.goodMs, Math.min(silenceMs, limits.heartbeatCeilingMs));
  return probe(goodMs, heartbeat.badMs, heartbeat.calm + 1, limits);
}

/** A heartbeat after so much silence was not answered, or ended the connection. */
export function died(heartbeat: Heartbeat, silenceMs: number, limits: HeartbeatLimits): Heartbeat {
  const { heartbeatFloorMs } = limits;
  // Too short a silence to have been the reason.
  if (silenceMs < heartbeatFloorMs) return heartbeat;
  const badMs = Math.min(heartbeat.badMs ?? Infinity, silenceMs);
  if (badMs > heartbeat.goodMs) return probe(heartbeat.goodMs, badMs, 0, limits);
  // What was good is so no more: start over, below what has just failed.
  return { ...startHeartbeat(limits), badMs: badMs > heartbeatFloorMs ? badMs : undefined };
}

function probe(
  goodMs: number,
  knownBadMs: number | undefined,
  calm: number,
  { heartbeatCeilingMs }: HeartbeatLimits,
): Heartbeat {
  const badMs = knownBadMs !== undefined && knownBadMs > goodMs ? knownBadMs : undefined;
  const isSettled = badMs !== undefined && badMs - goodMs <= goodMs / 8;
  // Settled, it stays with what is good, and now and then tries what was bad.
  const settledMs = calm < calmEnough ? goodMs : (badMs ?? goodMs);
  const next = badMs === undefined ? goodMs * 2 : isSettled ? settledMs : (goodMs + badMs) / 2;
  return { intervalMs: Math.min(next, heartbeatCeilingMs), goodMs, badMs, calm: isSettled ? calm : 0 };
}

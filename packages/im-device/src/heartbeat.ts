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

/** A server that died in the middle of a heartbeat looks like a bad network. After so many good ones it is asked again. */
const calmEnough = 100;

export function startHeartbeat({ heartbeatFloorMs }: HeartbeatLimits): Heartbeat {
  return { intervalMs: heartbeatFloorMs, goodMs: heartbeatFloorMs, badMs: undefined, calm: 0 };
}

/** A heartbeat after so much silence was answered. */
export function survived(heartbeat: Heartbeat, silenceMs: number, limits: HeartbeatLimits): Heartbeat {
  const goodMs = Math.max(heartbeat.goodMs, Math.min(silenceMs, limits.heartbeatCeilingMs));
  const { badMs } = heartbeat;
  if (badMs === undefined || badMs <= goodMs) return probe(goodMs, undefined, limits);
  const isSettled = badMs - goodMs <= goodMs / 8;
  if (!isSettled) return probe(goodMs, badMs, limits);
  const calm = heartbeat.calm + 1;
  return calm < calmEnough ? { intervalMs: goodMs, goodMs, badMs, calm } : probe(goodMs, undefined, limits);
}

/** A heartbeat after so much silence was not answered, or ended the connection. */
export function died(heartbeat: Heartbeat, silenceMs: number, limits: HeartbeatLimits): Heartbeat {
  const { heartbeatFloorMs } = limits;
  // Too short a silence to have been the reason.
  if (silenceMs < heartbeatFloorMs) return heartbeat;
  const badMs = Math.min(heartbeat.badMs ?? Infinity, silenceMs);
  if (badMs > heartbeat.goodMs) return probe(heartbeat.goodMs, badMs, limits);
  // What was good is so no more: start over, below what has just failed.
  return { ...startHeartbeat(limits), badMs: badMs > heartbeatFloorMs ? badMs : undefined };
}

function probe(
  goodMs: number,
  badMs: number | undefined,
  { heartbeatCeilingMs }: HeartbeatLimits,
): Heartbeat {
  const isSettled = badMs !== undefined && badMs - goodMs <= goodMs / 8;
  const next = badMs === undefined ? goodMs * 2 : isSettled ? goodMs : (goodMs + badMs) / 2;
  return { intervalMs: Math.min(next, heartbeatCeilingMs), goodMs, badMs, calm: 0 };
}

import { Counter, Histogram, type Registry } from 'prom-client';
import type { AwayNotification, AwayOutcome } from './channel.ts';
import type { Decision } from './decision.ts';

export interface AwayMetrics {
  count(channel: string, what: AwayNotification['is'], outcome: AwayOutcome): void;
  /** From when the message was sent until the service had it. */
  lag(channel: string, seconds: number): void;
  decided(decision: Decision): void;
}

export function awayMetrics(metrics: Registry): AwayMetrics {
  const registers = [metrics];
  const pushes = new Counter({
    name: 'im_platform_away_pushes_total',
    help: 'What push services were given for devices that are away, and what they made of it',
    labelNames: ['channel', 'what', 'outcome', 'reason'],
    registers,
  });
  const lags = new Histogram({
    name: 'im_platform_away_push_seconds',
    help: 'From the send of a message until a push service had it',
    labelNames: ['channel'],
    buckets: [1, 3, 5, 7, 10, 15, 30, 60, 300, 1_800],
    registers,
  });
  const decisions = new Counter({
    name: 'im_platform_away_decisions_total',
    help: 'Whether a device that is registered was told of what is new in a conversation, and why not',
    labelNames: ['act', 'why'],
    registers,
  });
  return {
    count(channel, what, outcome) {
      const reason = outcome.is === 'sent' ? '' : outcome.reason;
      pushes.inc({ channel, what, outcome: outcome.is, reason });
    },
    lag: (channel, seconds) => lags.observe({ channel }, seconds),
    decided: (decision) => decisions.inc({ act: decision.act, why: 'why' in decision ? decision.why : '' }),
  };
}

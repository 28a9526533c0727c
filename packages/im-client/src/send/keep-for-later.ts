import { setTimeout as sleep } from 'node:timers/promises';
import { ImError, type DeviceAddress } from 'im-common';
import type { KeepOutcome, Reason } from 'im-common/bus';
import { afterUnknown, claimsKeptMs, encodeEntry, runningMs } from 'im-common/internal/bus';
import type { SendProgress } from './send-progress.ts';

interface Absent {
  readonly address: DeviceAddress;
  /** Servers to which its route points, and which do not serve it. */
  readonly notAt: readonly number[];
}

/** Whoever logs in at the very moment in which a message is to be kept is looked for so often. */
const maxRounds = 5;
const retryMs = 50;

/** Of each `KeepOutcome` what becomes of the receiver here. */
const reasonOf: Readonly<Record<Exclude<KeepOutcome, number>, Reason>> = {
  kept: 'KEPT',
  outdated: 'OUTDATED',
  replaced: 'REPLACED',
  'too-large': 'NOT_ONLINE',
};

/**
 * Keeps the message for receivers that are not online. Those that have come online meanwhile are put the message by `put`,
 * which resolves with whom it did not find; and so are those to whom another call with the same id is about to put it.
 */
export async function keepForLater(
  progress: SendProgress,
  receivers: readonly DeviceAddress[],
  put: (receivers: readonly DeviceAddress[]) => Promise<readonly DeviceAddress[]>,
): Promise<void> {
  let left: readonly Absent[] = receivers.map((address) => ({ address, notAt: [] }));
  for (let round = 1; left.length > 0 && round <= maxRounds; round += 1) {
    const found: Absent[] = [];
    const isPutByOther = await othersAmong(progress, left);
    const ends = await Promise.allSettled(
      left.map(async (absent) => {
        const { address, notAt } = absent;
        if (isPutByOther?.(address)) {
          found.push(absent);
          return;
        }
        const outcome = await keep(progress, address, notAt);
        if (typeof outcome === 'number') found.push({ address, notAt: [...notAt, outcome] });
        else progress.absent([address], reasonOf[outcome]);
      }),
    );
    throwWorst(ends);
    if (found.length === 0) return;
    const missed = new Set(await put(found.map(({ address }) => address)));
    left = found.filter(({ address }) => missed.has(address));
  }
  progress.absent(
    left.map(({ address }) => address),
    'NOT_ONLINE',
  );
}

async function othersAmong(
  { once }: SendProgress,
  absent: readonly Absent[],
): Promise<((address: DeviceAddress) => boolean) | undefined> {
  if (!once) return undefined;
  const ours = new Set(await once.willKeep(absent.map(({ address }) => address)));
  return (address) => !ours.has(address);
}

/** To keep it again changes nothing, so a bus that is away is asked until the time is over. */
async function keep(
  progress: SendProgress,
  address: DeviceAddress,
  notAt: readonly number[],
): Promise<KeepOutcome> {
  const { deps, envelope, message } = progress;
  const { kind, dataText, senderText, sendResult } = message;
  const { expiresAt, messageId, queuedAt } = envelope;
  const { forMs = 0, most = 0 } = message.keep ?? {};
  const serviceName = sendResult ? envelope.serviceName : undefined;
  const entry = { dataText, senderText, sendResult, serviceName, messageId, queuedAt };
  const text = encodeEntry(kind, { ...entry, receivers: [address], attempt: 1 });
  const toKeep = {
    id: messageId,
    text,
    sentAt: queuedAt,
    forMs,
    most,
    expiresAt,
    replaces: message.replaces,
    rememberMs: progress.once ? claimsKeptMs : 2 * deps.timeoutMs,
  };
  const until = runningMs() + deps.timeoutMs;
  let mayBeKept = false;
  for (;;) {
    try {
      return await deps.kept.keep(address, toKeep, notAt);
    } catch (error) {
      const isWorthRetrying = error instanceof ImError && error.code === 'BUS_UNAVAILABLE';
      // What the last attempt was told says nothing of those before it.
      if (!isWorthRetrying || runningMs() >= until) throw mayBeKept ? afterUnknown(error) : error;
      mayBeKept ||= error.effect !== 'none';
      await sleep(retryMs);
    }
  }
}

/** Nobody is told that nothing happened while one of them may have been kept. */
function throwWorst(ends: readonly PromiseSettledResult<void>[]): void {
  const failed = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  if (failed.length === 0) return;
  throw failed.find((error) => !(error instanceof ImError) || error.effect !== 'none') ?? failed[0];
}

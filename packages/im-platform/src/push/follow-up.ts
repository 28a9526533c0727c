import type { Receipt, ReceiverOutcome, ServerOutcome } from 'im-client';
import type { Logger } from 'im-common';
import type { Reason } from 'im-common/bus';
import type { PendingPush, PendingPushes } from './pending-pushes.ts';
import type { PushOutcomes } from './push-outcomes.ts';

export interface FollowUpDeps {
  readonly pending: Pick<PendingPushes, 'done' | 'retry'>;
  /** What is remembered of how pushes ended. */
  readonly outcomes: Pick<PushOutcomes, 'note'>;
  readonly logger: Logger;
}

/** Watches what becomes of a stored message that was given to the bus, and ticks it off or has it tried again. */
export async function followUp(
  { pending, outcomes, logger }: FollowUpDeps,
  push: PendingPush,
  sending: Promise<readonly Receipt[]>,
): Promise<void> {
  try {
    const results = await sending.then((receipts) =>
      Promise.all(receipts.map((receipt) => receipt.results())),
    );
    const devices = results.flat();
    outcomes.note(push.kind, push.messageId, { devices });
    const missed = devices.filter(missedIt);
    if (missed.length === 0) pending.done(push.kind, push.messageId);
    else await pending.retry({ ...push, receivers: missed });
  } catch (error) {
    // The bus is away, or we are closing. The row is due in a while by itself, here or in another instance.
    logger.debug({ err: error, kind: push.kind, messageId: push.messageId }, 'a push is tried again later');
  }
}

/**
 * The same of a message to a topic, whose members nobody names. A device that was cut off pulls when it comes back, so only
 * what nobody has taken is tried again, with all members: the bus may have forgotten who they are, or lost the entry.
 */
export async function followUpTopic(
  { pending, outcomes, logger }: FollowUpDeps,
  push: PendingPush,
  sending: Promise<Receipt>,
): Promise<void> {
  try {
    const counts = await sending.then((receipt) => receipt.counts());
    outcomes.note(push.kind, push.messageId, { counts });
    if (counts.length > 0 && counts.every(isOver)) pending.done(push.kind, push.messageId);
    else await pending.retry({ ...push, receivers: null });
  } catch (error) {
    logger.debug({ err: error, kind: push.kind, messageId: push.messageId }, 'a push is tried again later');
  }
}

function isOver({ reason }: ServerOutcome): boolean {
  return reason === undefined || !notTaken.has(reason);
}

const notTaken: ReadonlySet<string> = new Set<Reason>(['EXPIRED', 'POISON', 'TOO_LARGE', 'UNKNOWN']);

/** Devices that are offline pull when they come back; and what a device refused it has seen. */
function missedIt({ reason }: ReceiverOutcome): boolean {
  return reason !== undefined && reason !== 'NOT_ONLINE' && reason !== 'REFUSED';
}

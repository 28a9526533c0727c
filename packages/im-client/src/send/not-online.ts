import { ResultCode } from 'im-common/bus';
import { codeOf, type Outcome, type Result } from 'im-common/internal/bus';
import type { OutgoingMessage } from './outgoing-message.ts';
import type { Envelope } from './plan.ts';

const none: readonly never[] = [];

/** The results of receivers that are not online: of a private message one for each, else one for all of the same code. */
export function localResults(
  { kind, dataText, senderText, trace }: OutgoingMessage,
  { messageId, queuedAt }: Envelope,
  outcomes: readonly Outcome[],
): readonly Result[] {
  if (outcomes.length === 0) return none;
  const byCode = [ResultCode.NOT_ONLINE, ResultCode.NOT_FIND_CHANNEL].map((code) =>
    outcomes.filter((outcome) => codeOf(outcome) === code),
  );
  const batches = kind === 'private' ? outcomes.map((outcome) => [outcome]) : byCode;
  return batches.flatMap((batch) => {
    const [first] = batch;
    return first ? [resultOf(codeOf(first), batch)] : [];
  });

  function resultOf(code: ResultCode, batch: readonly Outcome[]): Result {
    return {
      code,
      outcomes: batch,
      dataText,
      senderText,
      messageId,
      attempt: 1,
      queuedAt,
      resolvedAt: Date.now(),
      last: false,
      trace,
    };
  }
}

import { ROOT_CONTEXT, SpanKind, trace, type Tracer } from '@opentelemetry/api';
import { traceContextOf, type Outcome } from 'im-common/internal/bus';
import type { TracedMessage, TracedTimes, TraceOutput } from './trace-output.ts';

/** A span for each device that a traced message was for, from taken to proved or failed. Only made with the option `tracing`. */
export class DeliverySpans implements TraceOutput {
  readonly #tracer: Tracer = trace.getTracer('im-server');

  /** All at once, when it is over: nothing has to be kept meanwhile. */
  ended(
    { kind, entry: { attempt, extras, messageId = '', queuedAt } }: TracedMessage,
    outcomes: readonly Outcome[],
    { takenAt, resolvedAt }: TracedTimes,
  ): void {
    const parent = extras?.trace === undefined ? undefined : traceContextOf(extras.trace);
    if (!parent) return;
    const sender = trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true });
    for (const { address, stage, reason = '' } of outcomes) {
      const attributes = {
        'messaging.system': 'im',
        'messaging.message.id': messageId,
        'im.kind': kind,
        'im.attempt': attempt,
        'im.user': address.id,
        'im.terminal': address.terminal,
        'im.stage': stage,
        'im.reason': reason,
        ...(queuedAt !== undefined && { 'im.waited_ms': Math.max(0, takenAt - queuedAt) }),
      };
      this.#tracer
        .startSpan(`im deliver ${kind}`, { kind: SpanKind.CONSUMER, startTime: takenAt, attributes }, sender)
        .end(resolvedAt);
    }
  }
}

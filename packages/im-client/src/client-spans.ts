import {
  context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { traceContextOf, traceTextOf } from 'im-common/internal/bus';
import type { ListenerResult } from './listen/result.ts';
import type { ResultInFlight } from './listen/result-in-flight.ts';
import type { OutgoingMessage } from './send/outgoing-message.ts';
import type { TracedSend, TraceOutput } from './trace-output.ts';

/** Spans of sends and of listeners, by the tracer that the application has registered. Only made with the option `tracing`. */
export class ClientSpans implements TraceOutput {
  readonly #tracer: Tracer = trace.getTracer('im-client');

  /** Undefined where the application's tracer does not record it. */
  send({ kind }: Pick<OutgoingMessage, 'kind'>): TracedSend | undefined {
    const span = this.#tracer.startSpan(`im send ${kind}`, {
      kind: SpanKind.PRODUCER,
      attributes: { 'messaging.system': 'im', 'messaging.operation.type': 'send', 'im.kind': kind },
    });
    // Most are not: 99 of 100 where one in a hundred is sampled.
    if (!span.isRecording()) return undefined;
    return {
      text: traceTextOf(span.spanContext()),
      end: (sent) => {
        sent.then(
          ({ messageId }) => span.setAttribute('messaging.message.id', messageId).end(),
          (error: unknown) => {
            fail(span, error);
          },
        );
      },
    };
  }

  /**
   * Calls a listener, with a span for each traced result that it is given. When there is one, what the listener does belongs to
   * it; with several nobody could say to which.
   */
  async listen(listener: string, batch: readonly ResultInFlight[], call: () => unknown): Promise<unknown> {
    const traced = batch.flatMap((item) => this.#spanOf(listener, item) ?? []);
    const [only, ...others] = traced;
    try {
      const result: unknown = await (only && others.length === 0 ? context.with(only.inside, call) : call());
      for (const { span } of traced) span.end();
      return result;
    } catch (error) {
      for (const { span } of traced) fail(span, error);
      throw error;
    }
  }

  #spanOf(
    listener: string,
    { kind, listenerResults, result }: ResultInFlight,
  ): { readonly span: Span; readonly inside: Context } | undefined {
    const parent = result.trace === undefined ? undefined : traceContextOf(result.trace);
    if (!parent) return undefined;
    const sender = trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true });
    const attributes = { 'messaging.system': 'im', 'im.kind': kind, ...aboutFirst(listenerResults) };
    const span = this.#tracer.startSpan(
      `im listen ${listener}`,
      { kind: SpanKind.CONSUMER, attributes },
      sender,
    );
    return { span, inside: trace.setSpan(sender, span) };
  }
}

function aboutFirst([first]: readonly ListenerResult[]): Record<string, string | number> {
  if (!first) return {};
  const { code, messageId = '', reason = '' } = first;
  return { 'messaging.message.id': messageId, 'im.code': code, 'im.reason': reason };
}

function fail(span: Span, error: unknown): void {
  span.recordException(error instanceof Error ? error : String(error));
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

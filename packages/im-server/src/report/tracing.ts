import type { Lists } from 'im-common/bus';
import { TraceStore } from 'im-common/internal/bus';
import { DeliverySpans } from './delivery-spans.ts';
import { DeliveryTrace } from './delivery-trace.ts';
import type { TraceOutput } from './trace-output.ts';

/** Whether, and where to, messages are traced at the moment. */
export class Tracing {
  /** Undefined, nearly always: then a message costs one look at it. */
  output: TraceOutput | undefined;
  readonly store: TraceStore;

  constructor(hasSpans: boolean, lists: Lists, serverId: () => number) {
    const spans = hasSpans ? new DeliverySpans() : undefined;
    this.output = spans;
    this.store = new TraceStore(
      lists,
      () => `server ${serverId()}`,
      (isOn) => {
        const trace = isOn ? new DeliveryTrace(this.store) : undefined;
        this.output = spans && trace ? both(spans, trace) : (trace ?? spans);
      },
    );
  }
}

function both(spans: TraceOutput, trace: TraceOutput): TraceOutput {
  return {
    taken: (message) => trace.taken?.(message),
    given: (message, address) => trace.given?.(message, address),
    ended: (message, outcomes, times) => {
      spans.ended(message, outcomes, times);
      trace.ended(message, outcomes, times);
    },
  };
}

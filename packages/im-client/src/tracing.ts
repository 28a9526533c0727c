import type { Bus } from 'im-common/bus';
import { serverGroup, TraceStore } from 'im-common/internal/bus';
import { ClientSpans } from './client-spans.ts';
import { ClientTrace } from './client-trace.ts';
import type { Traced, TraceOutput } from './trace-output.ts';

/** Whether, and where to, messages are traced at the moment. */
export class Tracing implements Traced {
  output: TraceOutput | undefined;
  readonly #registry: Bus['registry'];
  readonly #store: TraceStore;

  constructor(hasSpans: boolean, { lists, registry }: Pick<Bus, 'lists' | 'registry'>, by: () => string) {
    const spans = hasSpans ? new ClientSpans() : undefined;
    this.output = spans;
    this.#registry = registry;
    this.#store = new TraceStore(lists, by, (isOn) => {
      const trace = isOn ? new ClientTrace(this.#store) : undefined;
      this.output = spans && trace ? both(spans, trace) : (trace ?? spans);
    });
  }

  /** Whether an operator watches messages. To be called now and then. */
  async look(): Promise<void> {
    try {
      const { notices } = await this.#registry.view(serverGroup);
      this.#store.look(notices);
    } catch {
      // The next look tells.
    }
  }

  close(): void {
    this.#store.close();
  }
}

function both(spans: TraceOutput, trace: TraceOutput): TraceOutput {
  return {
    send(message) {
      const [span, traced] = [spans.send(message), trace.send(message)];
      if (!span || !traced) return span ?? traced;
      return {
        text: span.text,
        end: (sent) => {
          span.end(sent);
          traced.end(sent);
        },
      };
    },
    result: (kind, result) => trace.result?.(kind, result),
    listen: (listener, batch, call) =>
      spans.listen(listener, batch, () => trace.listen(listener, batch, call)),
  };
}

import { ImError } from 'im-common';
import { codeOfReason, type Result } from 'im-common/internal/bus';
import { Counts, Durations, expose, type MetricRegistry, type Sample } from 'im-common/internal/metrics';
import type { ClientEvents } from './events.ts';
import type { ResultInFlight } from './listen/result-in-flight.ts';

/** How sends end most often; the other codes are there once they have come. */
const sendOutcomes = ['sent', 'BUS_UNAVAILABLE', 'BUS_FULL', 'OVERLOADED', 'INVALID_ARGUMENT'] as const;
const deadLetterKinds = ['result', 'uplink'] as const;
const sendBoundsMs = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000];
const resultBoundsMs = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000];

/** What is looked at when somebody asks. */
export interface ClientGauges {
  readonly sends: number;
  readonly questions: number;
  /** Messages whose results have not all come. */
  readonly pending: number;
  /** Results that wait for listeners or are with them. */
  readonly results: number;
  readonly hasBus: boolean;
}

/** What one client counts, for those who bring a registry; without one nothing here is made or called. */
export class ClientMetrics {
  readonly #registry: MetricRegistry;
  readonly #names: string[] = [];
  readonly #sends = new Counts(sendOutcomes);
  readonly #sendTimes = new Durations(sendBoundsMs);
  readonly #outcomes = new Counts(['delivered', ...Object.keys(codeOfReason)]);
  readonly #resultTimes = new Durations(resultBoundsMs);
  readonly #lag = new Durations(resultBoundsMs);
  readonly #deadLetters = new Counts(deadLetterKinds);
  readonly #failures = new Counts(['listener', 'uplink']);
  #duplicates = 0;

  constructor(registry: MetricRegistry, events: ClientEvents, gauges: () => ClientGauges) {
    this.#registry = registry;
    events.on('listenerFailed', () => this.#failures.add('listener'));
    events.on('uplinkFailed', () => this.#failures.add('uplink'));
    events.on('duplicateDropped', ({ count }) => (this.#duplicates += count));
    this.#exposeCounted();
    this.#exposeGauges(gauges);
  }

  /** A send that has begun; it is counted when it ends. */
  sending(send: Promise<unknown>): void {
    const begun = performance.now();
    send.then(
      () => {
        this.#sends.add('sent');
        this.#sendTimes.observe(performance.now() - begun);
      },
      (error: unknown) => {
        this.refused(error);
      },
    );
  }

  /** A send that failed, or did not begin. */
  refused(error: unknown): void {
    // What an AbortSignal is aborted with may be anything.
    this.#sends.add(error instanceof ImError ? error.code : 'aborted');
  }

  /** A listener is about to be called with these for the first time. */
  listening(batch: readonly ResultInFlight[]): void {
    const [now, date] = [performance.now(), Date.now()];
    for (const { since, result } of batch) {
      this.#lag.observe(now - since);
      if (result.queuedAt !== undefined) this.#resultTimes.observe(Math.max(0, date - result.queuedAt));
    }
  }

  /** The listeners have dealt with it. */
  handled({ counted, outcomes }: Result): void {
    if (counted) this.#outcomes.add(counted.reason ?? 'delivered', counted.count);
    for (const { reason } of outcomes) this.#outcomes.add(reason ?? 'delivered');
  }

  deadLettered(what: (typeof deadLetterKinds)[number], count: number): void {
    this.#deadLetters.add(what, count);
  }

  /** For the next client with this registry. */
  close(): void {
    for (const name of this.#names.splice(0)) this.#registry.removeSingleMetric(name);
  }

  #expose(
    type: 'counter' | 'gauge' | 'histogram',
    name: string,
    help: string,
    read: () => readonly Sample[],
  ): void {
    expose(this.#registry, { type, name, help, read });
    this.#names.push(name);
  }

  #exposeCounted(): void {
    this.#expose('counter', 'im_client_sends_total', 'Sends by how they ended: sent, or the code.', () =>
      this.#sends.samples('outcome'),
    );
    this.#expose('counter', 'im_client_outcomes_total', 'Outcomes that listeners have dealt with.', () =>
      this.#outcomes.samples('reason'),
    );
    this.#expose('counter', 'im_client_dead_letters_total', 'What no listener or handler could take.', () =>
      this.#deadLetters.samples('what'),
    );
    this.#expose(
      'counter',
      'im_client_failed_calls_total',
      'Calls of listeners and handlers that failed.',
      () => this.#failures.samples('what'),
    );
    this.#expose('counter', 'im_client_duplicates_total', 'Second final results, which were dropped.', () => [
      { labels: {}, value: this.#duplicates },
    ]);
    const histogram = (name: string, help: string, durations: Durations): void =>
      this.#expose('histogram', name, help, () => durations.samples(name));
    histogram('im_client_send_seconds', 'From the call to put on the bus.', this.#sendTimes);
    histogram(
      'im_client_result_seconds',
      'From put on the bus to the call of a listener.',
      this.#resultTimes,
    );
    histogram('im_client_listener_lag_seconds', 'From taken to the call of a listener.', this.#lag);
  }

  #exposeGauges(read: () => ClientGauges): void {
    const one = (value: number): Sample[] => [{ labels: {}, value }];
    this.#expose('gauge', 'im_client_calls_in_flight', 'Calls under way or waiting.', () => {
      const { sends, questions } = read();
      return [
        { labels: { what: 'sends' }, value: sends },
        { labels: { what: 'questions' }, value: questions },
      ];
    });
    this.#expose('gauge', 'im_client_pending_messages', 'Messages whose results have not all come.', () =>
      one(read().pending),
    );
    this.#expose('gauge', 'im_client_results_in_flight', 'Results that wait for listeners.', () =>
      one(read().results),
    );
    this.#expose('gauge', 'im_client_bus_up', 'Whether Redis answers: 1 or 0.', () =>
      one(read().hasBus ? 1 : 0),
    );
  }
}

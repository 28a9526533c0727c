import { gather } from 'im-common/internal/bus';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Outcome } from './deliverer.ts';
import type { Backlog, OutboxStore } from './outbox-store.ts';
import type { SinkRow, SinkStore } from './sink-store.ts';

export interface EventMetricsDeps {
  readonly outbox: Pick<OutboxStore, 'backlog'>;
  readonly sinks: Pick<SinkStore, 'list'>;
}

interface Seen {
  readonly row: SinkRow;
  readonly backlog: Backlog | undefined;
}

/** What operators see of it. What waits is as the database has it, so all instances say the same. */
export class EventMetrics {
  /** Otherwise a scrape asks the database nothing. */
  areUsed = false;
  readonly #outcomes: Counter<'sink' | 'outcome'>;
  readonly #dropped: Counter;

  constructor(metrics: Registry, { outbox, sinks }: EventMetricsDeps) {
    const registers = [metrics];
    this.#outcomes = new Counter({
      name: 'im_platform_events_total',
      help: 'Events that were told to a sink, that failed once more, and that were given up (dead)',
      labelNames: ['sink', 'outcome'],
      registers,
    });
    this.#dropped = new Counter({
      name: 'im_platform_events_dropped_total',
      help: 'Events that were forgotten before anybody was told of them, as they had been kept long enough',
      registers,
    });
    // Gauges of one scrape share the questions.
    const see = gather(async (gauges: readonly undefined[]) => {
      const [rows, backlogs] = await Promise.all([sinks.list(), outbox.backlog()]);
      const seen = rows.map((row): Seen => ({ row, backlog: backlogs.find(({ sink }) => sink === row.id) }));
      return gauges.map(() => seen);
    });
    const areUsed = (): boolean => this.areUsed;
    const gauge = (name: string, help: string, valueOf: (seen: Seen) => number): void => {
      new Gauge({
        ...{ name, help, labelNames: ['sink'], registers },
        async collect() {
          const all = areUsed() ? await see(undefined) : [];
          this.reset();
          for (const one of all) this.set({ sink: one.row.id }, valueOf(one));
        },
      });
    };
    gauge(
      'im_platform_events_waiting',
      'Events that a sink has not been told of',
      ({ backlog }) => backlog?.waiting ?? 0,
    );
    gauge(
      'im_platform_events_lag_seconds',
      'For how long the oldest of them has waited',
      ({ backlog }) => Math.max(0, Date.now() - (backlog?.waitingSince ?? Date.now())) / 1_000,
    );
    gauge(
      'im_platform_events_dead',
      'Events that were given up, until they are told again or forgotten',
      ({ backlog }) => backlog?.dead ?? 0,
    );
    gauge(
      'im_platform_event_sink_off',
      '1 when a sink is off, as it has taken nothing for days or as somebody said so',
      ({ row }) => (row.offTime === null ? 0 : 1),
    );
  }

  count(sink: string, outcome: Outcome): void {
    this.#outcomes.inc({ sink, outcome });
  }

  countDropped(events: number): void {
    this.#dropped.inc(events);
  }
}

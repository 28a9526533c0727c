import { setMaxListeners } from 'node:events';
import type { MessageKind } from 'im-common';
import type { Bus } from 'im-common/bus';
import { Alarm, resultKinds, type Clock, type Result, type ResultKind } from 'im-common/internal/bus';
import { invalidArgument, show } from 'im-common/internal/checks';
import type { BusHealth } from '../bus/bus-health.ts';
import type { ClientEvents } from '../events.ts';
import { Instance } from './instance.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ClientMetrics } from '../metrics.ts';
import type { Tracing } from '../tracing.ts';
import { numberedId } from '../ledger/pending-messages.ts';
import { ListenerQueue, type AnyHandler } from '../listen/listener-queue.ts';
import { Listeners } from '../listen/listeners.ts';
import type { ListenKind } from '../listen/listener-type.ts';
import { readListenerOptions, type ListenerOptions, type ResolvedOptions } from '../options.ts';
import { ResultRouter } from './result-router.ts';
import { DeadResults } from '../listen/dead-results.ts';
import { Forwarder } from '../listen/forwarder.ts';
import { Pause } from './pause.ts';
import { Dispatcher } from '../listen/dispatcher.ts';
import type { Origin } from '../listen/result-in-flight.ts';
import { OrphanedResults } from './orphaned-results.ts';
import { ResultLists } from './result-lists.ts';
import type { Envelope } from '../send/plan.ts';
import type { DoneEntries } from '../bus/done-entries.ts';

export interface ResultIntakeDeps {
  readonly bus: Bus;
  readonly options: ResolvedOptions;
  readonly ledger: Ledger;
  readonly events: ClientEvents;
  readonly health: BusHealth;
  readonly clock: Clock;
  /** Where sends acknowledge along the way what has become of those before. */
  readonly doneEntries: DoneEntries | undefined;
  readonly metrics: ClientMetrics | undefined;
  readonly tracing: Tracing;
}

/** How long a listener may go on with its batch when the client is closed. */
const closeGraceMs = 5_000;
/** After a burst without results; then the event loop runs sockets and timers. */
const mostExpiredAtOnce = 500;

/** The receiving half of a client: from the result lists through the ledger to the listeners, here or at another instance. */
export class ResultIntake {
  readonly #deps: ResultIntakeDeps;
  readonly #closing = new AbortController();
  readonly #expiry: Alarm;
  readonly #listeners = new Listeners();
  /** While too many results are in flight, or other instances may have declared this one dead and act for it. */
  readonly #pause = new Pause(() => this.#dispatcher.isFull || !this.#instance.holdsLease);
  readonly #deadResults: DeadResults;
  readonly #forwarder: Forwarder;
  readonly #dispatcher: Dispatcher;
  readonly #router: ResultRouter;
  readonly #lists: ResultLists;
  readonly #orphaned: OrphanedResults;
  readonly #instance: Instance;
  /** ResultIntake that began here and that nobody here dealt with, on their way to the shared list while the client closes. */
  readonly #leaving = new Set<Promise<void>>();
  #isRunning = false;
  #messageCount = 0;

  constructor(deps: ResultIntakeDeps) {
    this.#deps = deps;
    this.#expiry = new Alarm(() => this.#expire(), deps.clock);
    const { events, health, ledger, metrics, options, doneEntries, tracing } = deps;
    const { service, logger, leaseMs, sendTimeoutMs: timeoutMs } = options;
    const { lists, registry } = deps.bus;
    const { signal } = this.#closing;
    // Each result that is tried again while the bus is away listens to it.
    setMaxListeners(0, signal);
    const instanceId = (): string => this.#instance.id;
    this.#deadResults = new DeadResults(lists, { service, timeoutMs, signal, metrics });
    this.#forwarder = new Forwarder(lists, { service, timeoutMs });
    this.#dispatcher = new Dispatcher({
      listenersOf: (kind) => this.#listeners.of(kind),
      forwarder: this.#forwarder,
      onCapacity: () => this.#pause.lookAgain(),
      signal,
      metrics,
      tracing,
    });
    this.#router = new ResultRouter({
      ledger,
      events,
      logger,
      dispatcher: this.#dispatcher,
      deadResults: this.#deadResults,
      forwarder: this.#forwarder,
    });
    this.#lists = new ResultLists({
      lists,
      service,
      instanceId,
      pause: this.#pause,
      doneEntries,
      isStill: (id) => this.#instance.isStill(id),
      onOutage: (error) => health.failed(error),
      onOwn: this.#router.own,
      onShared: this.#router.shared,
    });
    this.#orphaned = new OrphanedResults({
      lists,
      registry,
      service,
      instanceId,
      pause: this.#pause,
      logger,
      leaseMs,
      onOrphaned: this.#router.orphaned,
    });
    this.#instance = new Instance({
      registry,
      service,
      leaseMs,
      logger,
      health,
      listens: () => this.#listeners.kinds,
      onRenewed: () => this.#pause.lookAgain(),
      onForgotten: () => events.emit('busForgot'),
      onDeclaredDead: () => this.#lists.reopen(),
      onView: (view) => {
        this.#orphaned.look(view);
        if (view) void tracing.look();
      },
    });
  }

  /** Names the next message, and this instance as the one that its results go to. */
  newEnvelope(): Envelope {
    this.#messageCount += 1;
    return {
      messageId: numberedId(this.#instance.id, this.#messageCount),
      number: this.#messageCount,
      serviceName: this.#instance.wireName,
      queuedAt: Date.now(),
    };
  }

  async start(): Promise<void> {
    await this.#instance.start();
    this.#isRunning = true;
    this.#lists.shareIn(this.#listeners.kinds);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#expiry.clear();
    await Promise.all([
      this.#listeners.close(closeGraceMs),
      this.#lists.close(),
      this.#orphaned.close(),
      this.#dispatcher.empty(),
    ]);
    await Promise.all(this.#leaving);
    this.#deps.ledger.abandonAll();
    await this.#instance.close();
  }

  /** What this instance is called on the bus. */
  get name(): string {
    return this.#instance.wireName;
  }

  /** ResultIntake of this kind will come for what is sent from now on. */
  expect(kind: MessageKind): void {
    this.#lists.openOwn(kind);
  }

  /** A message is pending until then. */
  watch(deadline: number): void {
    this.#expiry.setFor(deadline);
  }

  /** A result that no server sent. */
  deliverFromHere(kind: MessageKind, result: Result): void {
    this.#dispatcher.dispatch(kind, result, this.#here, 0);
  }

  /** Results that wait for listeners, or are with them. */
  get inFlight(): number {
    return this.#dispatcher.inFlight;
  }

  /** The listeners that are at work. */
  get calling(): string[] {
    return this.#listeners.calling;
  }

  /** Returns what unsubscribes, and resolves when the call that is under way has ended. */
  listen(kind: ListenKind, name: string, handler: AnyHandler, options: ListenerOptions): () => Promise<void> {
    if (kind !== 'all' && !resultKinds.includes(kind)) {
      throw invalidArgument(
        `The kind of results is ${show(kind)}; expected "private", "group", "system", "kept", "all" or "presence".`,
      );
    }
    const { options: defaults, clock, events, metrics, tracing } = this.#deps;
    const { signal, ...given } = readListenerOptions(options);
    const limits = {
      retryDelaysMs: given.retryDelaysMs ?? defaults.retryDelaysMs,
      listenerTimeoutMs: given.listenerTimeoutMs ?? defaults.listenerTimeoutMs,
    };
    const { logger } = defaults;
    const parts = { logger, clock, events, metrics, tracing, deadResults: this.#deadResults };
    const listener = new ListenerQueue(given.name ?? name, handler, limits, parts);
    const unsubscribe = (): Promise<void> => {
      signal?.removeEventListener('abort', onAbort);
      const ended = this.#listeners.remove(listener);
      this.#listenersChanged();
      return ended;
    };
    const onAbort = (): void => void unsubscribe();
    if (signal?.aborted) return unsubscribe;
    signal?.addEventListener('abort', onAbort);
    this.#listeners.add(kind, listener);
    this.#listenersChanged();
    return unsubscribe;
  }

  #listenersChanged(): void {
    if (this.#isRunning) this.#lists.shareIn(this.#listeners.kinds);
  }

  #expire(): number | undefined {
    const { clock, ledger, options } = this.#deps;
    const expired = ledger.expire(clock.now(), mostExpiredAtOnce);
    if (expired.length > 0)
      options.logger.warn({ messages: expired.length }, 'ResultIntake did not come in time');
    for (const one of expired) this.#router.expired(one, this.#here);
    return ledger.nextDeadline;
  }

  readonly #here: Origin = {
    isShared: false,
    done: () => undefined,
    giveBack: (kind, result) => this.#leave(kind, result),
  };

  #leave(kind: ResultKind, result: Result): void {
    const { logger } = this.#deps.options;
    const leaving = this.#forwarder
      .put(kind, result)
      .catch((error: unknown) => {
        logger.error(
          { kind, messageId: result.messageId, error },
          'A result was lost while the client closed',
        );
      })
      .finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }
}

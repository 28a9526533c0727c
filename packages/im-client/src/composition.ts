import { createRedisBus } from 'im-common/bus';
import {
  BusClock,
  endOfUnknownLists,
  Producer,
  realClock,
  type Clock,
  type ProducerOptions,
} from 'im-common/internal/bus';
import { Questions } from './ask/questions.ts';
import { Repeater } from './bus/repeater.ts';
import { BusHealth } from './bus/bus-health.ts';
import { Calls, type Gate } from './calls/calls.ts';
import { Lifecycle } from './calls/lifecycle.ts';
import { createDeadLetters, type DeadLetters } from './dead-letters.ts';
import { ClientEvents } from './events.ts';
import { Ledger } from './ledger/ledger.ts';
import { ClientMetrics } from './metrics.ts';
import { Locator } from './locate/locator.ts';
import { MovingReceivers } from './locate/moving-receivers.ts';
import type { ResolvedOptions } from './options.ts';
import { deadResultsOf } from './listen/dead-results.ts';
import { PresenceIntake } from './presence/presence-intake.ts';
import { ResultIntake } from './results/result-intake.ts';
import { DoneEntries } from './bus/done-entries.ts';
import { Topics } from './topics/topics.ts';
import { Tracing } from './tracing.ts';
import { PostDesk } from './send/post-desk.ts';
import { Sender } from './send/sender.ts';
import { RequestDesk } from './uplink/request-desk.ts';
import { UplinkDesk } from './uplink/uplink-desk.ts';

/** Most entries that one call puts on a server's list. */
const entriesPerPut = 500;
/** While more entries wait at a server, sends to it wait here: on its list the time for their intake would run. */
const longestListToAddTo = 5_000;

/** What a client consists of. */
export interface Composition {
  readonly events: ClientEvents;
  readonly deadLetters: DeadLetters;
  readonly lifecycle: Lifecycle;
  readonly calls: Calls;
  readonly sender: Pick<Sender, 'send'>;
  readonly questions: Questions;
  readonly intake: ResultIntake;
  readonly presence: PresenceIntake;
  readonly uplinks: UplinkDesk;
  readonly requests: RequestDesk;
  readonly topics: Topics;
  readonly health: BusHealth;
  readonly locator: Locator;
}

/** What a test has in its hand. */
export interface InTests {
  readonly clock: Clock;
  readonly gate: Gate;
}

/** Puts the parts of a client together, in the order of a message's path. Nothing begins. */
export function compose(options: ResolvedOptions, inTests?: InTests): Composition {
  const ownClock = inTests?.clock ?? realClock;
  const { logger, sendTimeoutMs } = options;
  const ownsBus = !('lists' in options.bus);
  const bus = 'lists' in options.bus ? options.bus : createRedisBus(options.bus);
  const events = new ClientEvents(logger);
  const health = new BusHealth(events, logger);
  const ledger = new Ledger(options.resultDeadlineMs);
  const locator = new Locator(bus, sendTimeoutMs);
  const moving = new MovingReceivers({
    look: (addresses) => locator.look(addresses),
    graceMs: options.reconnectGraceMs,
    mostWaiting: options.maxWaiting / 2,
  });
  const producerOptions: ProducerOptions = {
    maxLength: options.maxListLength,
    whenFull: 'refuse',
    timeoutMs: sendTimeoutMs,
    maxBatch: entriesPerPut,
    holdAbove: longestListToAddTo,
    ttlMs: endOfUnknownLists((serverId) => locator.knows(serverId)),
  };
  const producer = new Producer(bus.lists, producerOptions);
  const clock = new BusClock(() => bus.kept.now());
  // Servers of box-im have no lease: what is for them goes one by one, and all that comes after it.
  const posts = options.besideBoxIm ? undefined : bus.posts;
  const doneEntries = posts && new DoneEntries();
  const desk =
    posts &&
    doneEntries &&
    new PostDesk({
      posts,
      doneEntries,
      options: { ...producerOptions, holdAbove: Math.min(longestListToAddTo, options.maxListLength) },
      ping: () => bus.ping(),
    });
  const metrics: ClientMetrics | undefined =
    options.metrics &&
    new ClientMetrics(options.metrics, events, () => ({
      ...calls.inFlight,
      pending: ledger.size,
      results: intake.inFlight,
      hasBus: !health.isLost,
    }));
  const tracing = new Tracing(options.tracing, bus, () => intake.name);
  const intake: ResultIntake = new ResultIntake({
    ...{ bus, options, ledger, events, health, doneEntries, metrics, tracing },
    clock: ownClock,
  });
  const presence = new PresenceIntake({ bus, events, options });
  const uplinks = new UplinkDesk({
    ...{ bus, producer, events, health, logger, options, metrics },
    clock: ownClock,
  });
  const lifecycle = new Lifecycle(sendTimeoutMs, {
    start: async () => {
      if (ownsBus) await bus.start();
      await intake.start();
      presence.start();
      uplinks.start();
    },
    close: async (starting) => {
      calls.close();
      requests.rejectAll();
      await starting;
      await calls.whenEmpty();
      await uplinks.close();
      await requests.close();
      producer.close();
      desk?.close();
      await presence.close();
      await intake.close();
      tracing.close();
      if (ownsBus) await bus.close();
      metrics?.close();
    },
  });
  const calls = new Calls(lifecycle, health, options, inTests?.gate);
  const requests = new RequestDesk({
    ...{ lists: bus.lists, producer, locator, calls, health, options },
    clock: ownClock,
  });
  const deadLetters = createDeadLetters({
    lists: bus.lists,
    of: deadResultsOf(options.service),
    liveServers: async () => (await locator.servers()).live.map(({ id }) => Number(id)),
    ask: (question) => calls.ask(1, question),
  });
  const questions = new Questions({ calls, locator, moving, producer, bus, options });
  const topics = new Topics({ bus, calls, locator, producer, options });
  const repeater = new Repeater(sendTimeoutMs);
  const sender = new Sender({
    calls,
    locator,
    moving,
    producer,
    desk,
    ledger,
    presence: bus.presence,
    topics: bus.topics,
    repeater,
    once: {
      bus,
      service: options.service,
      repeater,
      producerOptions,
      knows: (serverId) => locator.knows(serverId),
    },
    kept: bus.kept,
    clock,
    ownClock,
    metrics,
    tracing,
    timeoutMs: sendTimeoutMs,
    besideBoxIm: options.besideBoxIm,
    limits: options,
    newEnvelope: () => intake.newEnvelope(),
    expectResults: (kind) => intake.expect(kind),
    onStarted: (deadline) => intake.watch(deadline),
    onLocalResult: (kind, result) => intake.deliverFromHere(kind, result),
  });
  return {
    events,
    deadLetters,
    lifecycle,
    calls,
    sender,
    questions,
    intake,
    presence,
    uplinks,
    requests,
    topics,
    health,
    locator,
  };
}

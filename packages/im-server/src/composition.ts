import { createRedisBus, type Bus } from 'im-common/bus';
import { BusClock, toRedisBusOptions, type TraceStore } from 'im-common/internal/bus';
import { createProducers, type Producers } from './cluster/producers.ts';
import { Registration } from './cluster/registration.ts';
import { Registrations } from './cluster/registrations.ts';
import { rerouteOnce } from './cluster/reroute.ts';
import { Routes } from './cluster/routes.ts';
import { Admissions } from './device/admissions.ts';
import type { Connection } from './device/connection.ts';
import { Departures } from './device/departures.ts';
import { Devices } from './device/devices.ts';
import { closeGoingElsewhere, leaveProofMs } from './device/going-elsewhere.ts';
import { featuresOf } from './features.ts';
import type { KeepWhere } from './kept/keep-instead.ts';
import { keepMessages, type MessageKeeping } from './kept/keep-messages.ts';
import type { Sweeper } from './kept/sweeper.ts';
import type { Phase } from './lifecycle.ts';
import { exposeGauges } from './metrics/gauges.ts';
import { healthOf } from './metrics/health.ts';
import type { ServerMetrics } from './metrics/metrics.ts';
import { rateLimited } from './metrics/rate-limited-logger.ts';
import type { ResolvedOptions } from './options/options.ts';
import { InFlightLimit } from './pull/in-flight-limit.ts';
import { Pusher } from './push/pusher.ts';
import { Reporter } from './report/reporter.ts';
import { Tracing } from './report/tracing.ts';
import { keepSessions, type KeptSessions } from './sessions/keep-sessions.ts';
import { Topics } from './topics/topics.ts';
import { carryCall } from './uplink/calls.ts';
import { DeviceRequests } from './uplink/device-requests.ts';
import { UplinkIntake } from './uplink/uplink-intake.ts';
import { Listener } from './wire/listen.ts';
import { announcedUrl } from './wire/urls.ts';

/** What is started and ended; the rest only works together. */
export interface Composition {
  readonly bus: Bus;
  readonly clock: BusClock;
  readonly departures: Departures;
  readonly devices: Devices;
  readonly keptSweeper: Sweeper;
  readonly listener: Listener;
  readonly producers: Producers;
  readonly registrations: Registrations;
  readonly reporter: Reporter;
  readonly sessions: KeptSessions;
  readonly topics: Topics;
  readonly traces: TraceStore;
}

/** Puts the folders together, in the order of a message's path. Nothing happens yet. */
export function compose(
  options: ResolvedOptions,
  metrics: ServerMetrics,
  { onDrainOrdered, phase }: { readonly phase: () => Phase; readonly onDrainOrdered: () => void },
): Composition {
  const { logger, redis, kickGraceMs, maxMessageBytes, reconnectGraceMs } = options;
  const devices = new Devices();
  const startedAt = Date.now();
  const features = featuresOf(options);
  const bus = options.bus ?? createRedisBus(toRedisBusOptions(redis ?? ''));

  // What knows this server's id of the moment is asked when it is needed.
  const serverId = (): number => registrations.serverId;
  const whenOwner = (): Promise<boolean> | undefined => registrations.whenOwner();
  const producers = createProducers(bus.lists, (id) => registrations.knows(id));
  const { entries: producer } = producers;
  const tracing = new Tracing(options.tracing, bus.lists, serverId);
  const reporter = new Reporter({
    ...{ ...producers, lists: bus.lists, metrics, serverId, whenOwner, tracing },
    logger: rateLimited(logger),
  });
  const isOwner = (): boolean | Promise<boolean> => registrations.isOwner();
  const sessions = keepSessions({
    ...{ bus, devices, logger, metrics, producers, serverId },
    ...{ sessions: options.sessions, terminals: options.terminals },
  });
  const { keeper, endSessions, orderOthers, several } = sessions;
  const onKept = (connection: Connection): void => messages.catchUp.catchUp(connection);
  const routes = new Routes({
    ...{ bus, producer, devices, keeper, several, kickGraceMs, serverId, isOwner, onKept },
  });
  const topics = new Topics({ bus, devices, serverId, metrics });
  const requests = new DeviceRequests({
    devices,
    replies: producers.replies,
    logger: rateLimited(logger),
  });
  const reroute: KeepWhere['reroute'] = (kind, entries) =>
    rerouteOnce(kind, entries, { bus, producer, routes, notTo: serverId() });
  const messages: MessageKeeping = keepMessages({
    ...{ bus, devices, producers, metrics, serverId, whenOwner, reroute },
    mayBeSeveral: (address) => several.mayBeAt(address),
    logger: rateLimited(logger),
  });
  const clock = new BusClock(() => bus.kept.now());
  const { catchUp, keepInstead, keeping, sweeper: keptSweeper } = messages;
  const pusher = new Pusher({
    ...{ devices, reporter, metrics, tracing, topics, several, maxMessageBytes, keeping },
    hasPassed: (moment) => (clock.now ?? 0) > moment,
    onCall: (cmd, entry) => {
      carryCall(cmd, entry, { devices, requests });
    },
    pursuit: {
      // A device that leaves has to go first.
      waitMs: reconnectGraceMs > 0 ? leaveProofMs + reconnectGraceMs : 0,
      reconnectGraceMs,
      mostWaiting: options.maxInFlight / 2,
      reroute,
      reason: () => (phase() === 'draining' ? 'DRAINING' : 'NO_CHANNEL'),
      whenOwner,
    },
  });
  const registrations: Registrations = new Registrations({
    create: (onDeclaredDead) =>
      new Registration({
        ...{ bus, options, devices, routes, topics, keeper, endSessions, reporter, pusher, producer },
        ...{ metrics, keepInstead, logger, onDeclaredDead, onDrainOrdered },
        ...{ orderOthers, endsSessionsFirst: several.isOn, traces: tracing.store },
        limit: new InFlightLimit({ options, devices, reporter, signal: registrations.stopping }),
        info: () => ({
          address: announcedUrl(options, listener.port),
          connections: devices.count,
          draining: phase() !== 'running',
          startedAt,
          features,
          ...(keeper.isComplete && { hasTable: true }),
        }),
      }),
    onLost: () => {
      reporter.abandon();
      topics.forget();
      closeGoingElsewhere(devices.all);
      // Afterwards, as what they had not been given yet is looked for then.
      pusher.abandon();
    },
    logger,
  });

  const uplink = new UplinkIntake({
    ...{ options, uplinks: bus.uplinks, serverId, metrics },
    logger: rateLimited(logger),
  });
  const departures = new Departures({ devices, routes, topics, reconnectGraceMs, logger });
  const isOpen = (): boolean => phase() === 'running' && serverId() !== 0;
  const listener = new Listener(
    options,
    new Admissions({
      ...{ features, options, devices, routes, topics, departures, kept: catchUp, metrics, isOpen },
      onUplink: (connection, text) => uplink.receive(connection, text),
      onReply: (connection, text) => requests.reply(connection, text),
      onLost: (connection) => {
        requests.lose(connection);
      },
    }),
  );
  exposeGauges(metrics, {
    ...{ devices, reporter, bus, serverId: () => serverId() || undefined },
    hasBus: () => registrations.current?.membership.busIsAway === false,
    health: () => healthOf(phase(), registrations.current),
  });
  return {
    ...{ bus, clock, departures, devices, keptSweeper, listener, producers, registrations, reporter },
    ...{ sessions, topics, traces: tracing.store },
  };
}

import { CloseCode, messageKinds, type MessageKind } from 'im-common';
import type { Reason, ResultCode } from 'im-common/bus';
import { codeOfReason } from 'im-common/internal/bus';
import { Counts, Durations, expose, exposeBuild, type Sample } from 'im-common/internal/metrics';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { version } from './version.ts';

const loginOutcomes = ['accepted', 'refused', 'expired', 'timeout', 'limited', 'error'] as const;
const refusals = [
  'full',
  'address',
  'unauthenticated',
  'origin',
  'draining',
  'path',
  'request',
  'tls',
] as const;
const frameOutcomes = ['ok', 'malformed'] as const;
/** What requests that bring what a device says are answered with. */
const postAnswers = ['taken', 'unknown', 'gap', 'malformed'] as const;
const keptEnds = ['delivered', 'REFUSED', 'OUTDATED', 'REPLACED', 'DROPPED'] as const;
const uplinkOutcomes = [
  'stored',
  'NOT_ALLOWED',
  'TOO_LARGE',
  'TOO_MANY',
  'BUSY',
  'GAP',
  'TRY_AGAIN',
] as const;
const droppables = ['result', 'unreported', 'presence'] as const;
const presenceEvents = ['came', 'went'] as const;
const highCounts = ['taken', 'overtook', 'waited'] as const;

export type LoginOutcome = (typeof loginOutcomes)[number];
export type PostAnswer = (typeof postAnswers)[number];
/** Why a connection was refused before it was one. */
export type Refusal = (typeof refusals)[number];
export type FrameOutcome = (typeof frameOutcomes)[number];
/** What became of what devices say to services. */
export type UplinkCount = (typeof uplinkOutcomes)[number];
/** Of messages of high priority. `overtook`: it went before what is held for its device; `waited`: for the answer to the login. */
export type HighCount = (typeof highCounts)[number];
/** `result`: a result that its list had no room for; `unreported`: an outcome that could not be reported at all; `presence`: notes that a service was not told, and so is told of everyone again. */
export type Droppable = (typeof droppables)[number];

// Devices may close with any of some 4,000 codes; each would be a series for ever.
const closeCodes: ReadonlySet<number> = new Set([
  ...[1000, 1001, 1002, 1003, 1005, 1006, 1007, 1011],
  ...Object.values(CloseCode),
]);

const deliveryBoundsMs = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000];
const waitBoundsMs = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000];
const busBoundsMs = [0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000];

interface ResultCount {
  readonly code: ResultCode;
  count: number;
}

/** What one server counts. The methods are cheap enough to be called per message; labels are put together per scrape. */
export class ServerMetrics {
  /** The server's own metrics. Those of the process are in {@link text} and {@link snapshot} only. */
  readonly registry: Registry = new Registry();

  /** Logged-in devices by terminal. */
  readConnections: () => ReadonlyMap<number, number> = () => new Map();
  /** Connections that have not logged in yet. */
  readUnauthenticated: () => number = () => 0;
  /** Length by kind of list. May fail while the bus is away; then the scrape goes without. */
  readQueueDepth: () => Promise<Readonly<Record<string, number>>> = async () => ({});
  readInFlight: () => number = () => 0;
  /** Whether new devices may come, and whether the bus answers. */
  readState: () => { readonly isReady: boolean; readonly hasBus: boolean } = () => ({
    isReady: false,
    hasBus: false,
  });
  /** Topics with members here, and users who are in any. */
  readTopics: () => { readonly topics: number; readonly members: number } = () => ({ topics: 0, members: 0 });

  readonly #logins = new Counts(loginOutcomes);
  readonly #refused = new Counts(refusals);
  readonly #closes = new Counts();
  readonly #posts = new Counts(postAnswers);
  readonly #pushes = new Counts(messageKinds);
  readonly #framesIn = new Counts(frameOutcomes);
  readonly #uplinks = new Counts(uplinkOutcomes);
  readonly #dropped = new Counts(droppables);
  readonly #deadLettered = new Counts(messageKinds);
  readonly #keptEnds = new Counts(keptEnds);
  readonly #results = new Map(messageKinds.map((kind) => [kind, startResults()]));
  readonly #delivery = new Durations(deliveryBoundsMs);
  readonly #wait = new Durations(waitBoundsMs);
  readonly #busLatency = new Durations(busBoundsMs);
  readonly #presence = new Counts(presenceEvents);
  readonly #high = new Counts(highCounts);
  #sentBytes = 0;
  #takenOver = 0;
  #topicEntries = 0;
  #recovered = 0;
  #reloads = 0;

  constructor() {
    this.#exposeCounters();
    this.#exposeHistograms();
    this.#exposeGauges();
  }

  loggedIn(outcome: LoginOutcome): void {
    this.#logins.add(outcome);
  }

  refusedConnection(reason: Refusal): void {
    this.#refused.add(reason);
  }

  posted(answer: PostAnswer): void {
    this.#posts.add(answer);
  }

  closed(code: number): void {
    this.#closes.add(closeCodes.has(code) ? code : 'other');
  }

  /** Messages handed to sockets, one per receiving device. */
  pushed(kind: MessageKind, count: number): void {
    this.#pushes.add(kind, count);
  }

  resulted(kind: MessageKind, code: ResultCode, reason: Reason | undefined, count: number): void {
    const results = this.#results.get(kind);
    const known = results?.get(reason);
    if (known) known.count += count;
    else results?.set(reason, { code, count });
  }

  /** From put on the list, by its sender's clock, to taken. Clocks are never quite the same. */
  waited(ms: number): void {
    this.#wait.observe(ms > 0 ? ms : 0);
  }

  /** Handed to a socket. */
  sent(bytes: number): void {
    this.#sentBytes += bytes;
  }

  /** From taken to its final success. */
  delivered(latencyMs: number): void {
    this.#delivery.observe(latencyMs);
  }

  /** One round trip. */
  busLatency(ms: number): void {
    this.#busLatency.observe(ms);
  }

  frameIn(outcome: FrameOutcome): void {
    this.#framesIn.add(outcome);
  }

  uplink(outcome: UplinkCount): void {
    this.#uplinks.add(outcome);
  }

  dropped(what: Droppable, count: number): void {
    this.#dropped.add(what, count);
  }

  deadLettered(kind: MessageKind): void {
    this.#deadLettered.add(kind);
  }

  /** A session that began or ended here, or at a server that died, while somebody wants to know. */
  noted(event: (typeof presenceEvents)[number]): void {
    this.#presence.add(event);
  }

  high(what: HighCount, count: number): void {
    this.#high.add(what, count);
  }

  /** A kept message has been delivered, or why it never was. */
  keptEnded(reason: Reason | undefined): void {
    this.#keptEnds.add(reason ?? 'delivered');
  }

  /** A message to a topic, for this server's members. */
  topicEntry(): void {
    this.#topicEntries += 1;
  }

  /** Messages of topics that a device had missed, and was given when it came back. */
  recovered(messages: number): void {
    this.#recovered += messages;
  }

  /** Topics of which a device was told that it missed more than is kept. */
  toldToReload(topics: number): void {
    this.#reloads += topics;
  }

  /** Entries that a dead server left and this one took. */
  tookOver(entries: number): void {
    this.#takenOver += entries;
  }

  /** All metrics in Prometheus' text format, those of the process among them. */
  text(): Promise<string> {
    return Registry.merge([this.registry, processRegistry()]).metrics();
  }

  /** The same as plain objects, for one process to add up what several counted. */
  snapshot(): Promise<object[]> {
    return Registry.merge([this.registry, processRegistry()]).getMetricsAsJSON();
  }

  #exposeCounters(): void {
    const counter = (name: string, help: string, read: () => Sample[]): void =>
      expose(this.registry, { name, help, type: 'counter', read });

    counter('im_logins_total', 'Logins by outcome.', () => this.#logins.samples('outcome'));
    counter('im_refused_connections_total', 'Connections refused before login, by reason.', () =>
      this.#refused.samples('reason'),
    );
    counter('im_sse_posts_total', 'Requests with what devices on SSE say, by answer.', () =>
      this.#posts.samples('answer'),
    );
    counter('im_closes_total', 'Connections closed, by WebSocket close code.', () =>
      this.#closes.samples('code'),
    );
    counter('im_pushes_total', 'Messages handed to sockets, one per receiving device.', () =>
      this.#pushes.samples('kind'),
    );
    counter('im_results_total', 'Outcomes by code and reason; no reason for success.', () =>
      this.#readResults(),
    );
    counter('im_frames_in_total', 'Frames from devices.', () => this.#framesIn.samples('outcome'));
    counter('im_uplinks_total', 'What devices say to services, by outcome.', () =>
      this.#uplinks.samples('outcome'),
    );
    counter('im_dropped_total', 'Results given up: their list was full, or they could not be reported.', () =>
      this.#dropped.samples('what'),
    );
    counter('im_dead_lettered_total', 'Entries that nobody can read, put on a dead-letter list.', () =>
      this.#deadLettered.samples('kind'),
    );
    counter('im_kept_ends_total', 'What became of kept messages.', () => this.#keptEnds.samples('end'));
    counter('im_presence_events_total', 'Sessions that began or ended, while they are kept.', () =>
      this.#presence.samples('event'),
    );
    counter(
      'im_high_messages_total',
      'Messages of high priority: taken, and what they did at a connection.',
      () => this.#high.samples('what'),
    );
    counter('im_topic_entries_total', 'Messages to topics, for the members that are here.', () =>
      one(this.#topicEntries),
    );
    counter('im_topic_recovered_total', 'Messages of topics given to devices that had missed them.', () =>
      one(this.#recovered),
    );
    counter('im_topic_reloads_total', 'Topics of which a device was told to reload what it shows.', () =>
      one(this.#reloads),
    );
    counter('im_taken_over_entries_total', 'Entries taken over from servers that died.', () =>
      one(this.#takenOver),
    );
    counter('im_sent_bytes_total', 'Bytes handed to the sockets of devices.', () => one(this.#sentBytes));
  }

  #exposeHistograms(): void {
    const histogram = (name: string, help: string, durations: Durations): void =>
      expose(this.registry, { name, help, type: 'histogram', read: () => durations.samples(name) });

    histogram('im_queue_wait_seconds', 'From put on the list to taken off it.', this.#wait);
    histogram('im_delivery_seconds', 'From taken off the list to proved delivery.', this.#delivery);
    histogram('im_bus_latency_seconds', 'Round trips to the bus.', this.#busLatency);
  }

  #exposeGauges(): void {
    const gauge = (name: string, help: string, read: () => Sample[] | Promise<Sample[]>): void =>
      expose(this.registry, { name, help, type: 'gauge', read });

    gauge('im_connections', 'Open connections by terminal.', () => this.#readConnections());
    gauge('im_queue_depth', "Entries waiting on this server's lists.", () => this.#readQueueDepth());
    gauge('im_topics', 'Topics with members here.', () => one(this.readTopics().topics));
    gauge('im_topic_members', 'Users here who are in a topic.', () => one(this.readTopics().members));
    gauge('im_in_flight', 'Messages without a final outcome.', () => one(this.readInFlight()));
    gauge('im_ready', 'Whether new devices are taken: 1 or 0, as /readyz says.', () =>
      one(this.readState().isReady ? 1 : 0),
    );
    gauge('im_bus_up', 'Whether Redis answers, and knows this server: 1 or 0.', () =>
      one(this.readState().hasBus ? 1 : 0),
    );
    exposeBuild(this.registry, 'im_build_info', version);
  }

  #readResults(): Sample[] {
    return [...this.#results].flatMap(([kind, results]) =>
      [...results].map(([reason = '', { code, count }]) => ({
        labels: { kind, code: String(code), reason },
        value: count,
      })),
    );
  }

  #readConnections(): Sample[] {
    const samples = [...this.readConnections()].map(([terminal, value]) => ({
      labels: { terminal: String(terminal) },
      value,
    }));
    return [...samples, { labels: { terminal: 'unauthenticated' }, value: this.readUnauthenticated() }];
  }

  async #readQueueDepth(): Promise<Sample[]> {
    try {
      return Object.entries(await this.readQueueDepth()).map(([list, value]) => ({
        labels: { list },
        value,
      }));
    } catch {
      return []; // While the bus is away the other numbers are wanted most.
    }
  }
}

function one(value: number): Sample[] {
  return [{ labels: {}, value }];
}

function startResults(): Map<Reason | undefined, ResultCount> {
  const results = new Map<Reason | undefined, ResultCount>([[undefined, { code: 0, count: 0 }]]);
  for (const [reason, code] of Object.entries(codeOfReason))
    results.set(reason as Reason, { code, count: 0 });
  return results;
}

let ofProcess: Registry | undefined;

/** Memory, CPU, event loop and the like. One for all servers in this process, as it observes garbage collections. */
function processRegistry(): Registry {
  if (!ofProcess) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return ofProcess;
}

import { readFile } from 'node:fs/promises';
import { AggregatorRegistry } from 'prom-client';
import { expect, test } from 'vitest';
import { ServerMetrics } from '../src/metrics/metrics.ts';

const names = [
  'im_connections',
  'im_logins_total',
  'im_pushes_total',
  'im_results_total',
  'im_delivery_seconds',
  'im_bus_latency_seconds',
  'im_queue_depth',
  'im_in_flight',
  'im_dropped_total',
  'im_dead_lettered_total',
  'im_kept_ends_total',
  'im_high_messages_total',
  'im_closes_total',
  'im_frames_in_total',
  'im_refused_connections_total',
  'im_sse_posts_total',
  'im_taken_over_entries_total',
  'im_topic_entries_total',
  'im_topic_members',
  'im_topic_recovered_total',
  'im_topic_reloads_total',
  'im_topics',
  'im_uplinks_total',
  'im_presence_events_total',
  'im_queue_wait_seconds',
  'im_sent_bytes_total',
  'im_ready',
  'im_bus_up',
  'im_build_info',
];

async function linesOf(metrics: ServerMetrics): Promise<string[]> {
  return (await metrics.text()).split('\n');
}

test('counts what happened under the names that the README gives', async () => {
  const metrics = new ServerMetrics();
  metrics.loggedIn('accepted');
  metrics.loggedIn('accepted');
  metrics.refusedConnection('origin');
  metrics.closed(1012);
  metrics.pushed('group', 3);
  metrics.resulted('group', 0, undefined, 2);
  metrics.resulted('group', 2, 'SLOW_READER', 1);
  metrics.frameIn('malformed');
  metrics.dropped('unreported', 4);
  metrics.deadLettered('system');
  metrics.tookOver(5);
  metrics.tookOver(1);
  metrics.noted('came');

  const lines = await linesOf(metrics);
  expect(lines).toEqual(
    expect.arrayContaining([
      'im_logins_total{outcome="accepted"} 2',
      'im_logins_total{outcome="expired"} 0',
      'im_refused_connections_total{reason="origin"} 1',
      'im_closes_total{code="1012"} 1',
      'im_pushes_total{kind="group"} 3',
      'im_results_total{kind="group",code="0",reason=""} 2',
      'im_results_total{kind="group",code="2",reason="SLOW_READER"} 1',
      'im_frames_in_total{outcome="malformed"} 1',
      'im_dropped_total{what="unreported"} 4',
      'im_dead_lettered_total{kind="system"} 1',
      'im_taken_over_entries_total 6',
      'im_presence_events_total{event="came"} 1',
    ]),
  );
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const exposed = lines.flatMap((line) => /^# TYPE (im_\w+)/.exec(line)?.[1] ?? []);
  expect(exposed.sort()).toEqual([...names].sort());
  for (const name of names) expect(readme).toContain(`| \`${name}`);
});

test('tells version and Node, and whether it is of use, from one state to the next', async () => {
  const metrics = new ServerMetrics();
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(await linesOf(metrics)).toEqual(
    expect.arrayContaining([
      `im_build_info{version="${version}",node="${process.version}"} 1`,
      'im_ready 0',
      'im_bus_up 0',
    ]),
  );
  metrics.readState = () => ({ isReady: true, hasBus: true });
  expect(await linesOf(metrics)).toEqual(expect.arrayContaining(['im_ready 1', 'im_bus_up 1']));
});

// Clocks of two machines differ: what came from the future has not waited, and takes nothing from the sum.
test('counts how long entries waited, and never less than nothing', async () => {
  const metrics = new ServerMetrics();
  metrics.waited(-40);
  metrics.waited(1_500);
  expect(await linesOf(metrics)).toEqual(
    expect.arrayContaining([
      'im_queue_wait_seconds_bucket{le="0.001"} 1',
      'im_queue_wait_seconds_bucket{le="1"} 1',
      'im_queue_wait_seconds_bucket{le="2"} 2',
      'im_queue_wait_seconds_sum 1.5',
    ]),
  );
});

test('puts durations into buckets, in seconds', async () => {
  const metrics = new ServerMetrics();
  for (const ms of [0.5, 0.6, 150, 9_000]) metrics.delivered(ms);
  metrics.busLatency(3);

  const lines = await linesOf(metrics);
  expect(lines).toEqual(
    expect.arrayContaining([
      'im_delivery_seconds_bucket{le="0.0005"} 1',
      'im_delivery_seconds_bucket{le="0.001"} 2',
      'im_delivery_seconds_bucket{le="0.1"} 2',
      'im_delivery_seconds_bucket{le="0.2"} 3',
      'im_delivery_seconds_bucket{le="5"} 3',
      'im_delivery_seconds_bucket{le="+Inf"} 4',
      'im_delivery_seconds_count 4',
      'im_bus_latency_seconds_bucket{le="0.002"} 0',
      'im_bus_latency_seconds_bucket{le="0.005"} 1',
      'im_bus_latency_seconds_sum 0.003',
    ]),
  );
  expect(lines.find((line) => line.startsWith('im_delivery_seconds_sum'))).toMatch(/ 9\.1511/);
});

test('asks for what is the case now at every scrape', async () => {
  const metrics = new ServerMetrics();
  let inFlight = 7;
  metrics.readInFlight = () => inFlight;
  metrics.readConnections = () => new Map([[0, 3], [-1, 1]]); // prettier-ignore
  metrics.readUnauthenticated = () => 2;
  metrics.readQueueDepth = async () => ({ private: 9 });

  expect(await linesOf(metrics)).toEqual(
    expect.arrayContaining([
      'im_in_flight 7',
      'im_connections{terminal="0"} 3',
      'im_connections{terminal="-1"} 1',
      'im_connections{terminal="unauthenticated"} 2',
      'im_queue_depth{list="private"} 9',
    ]),
  );
  inFlight = 0;
  expect(await linesOf(metrics)).toContain('im_in_flight 0');
});

test('does without the queue depth while the bus is away', async () => {
  const metrics = new ServerMetrics();
  metrics.readQueueDepth = () => Promise.reject(new Error('away'));
  const text = await metrics.text();
  expect(text).not.toContain('im_queue_depth{');
  expect(text).toContain('im_in_flight 0');
});

test('makes no series of the close codes that devices invent', async () => {
  const metrics = new ServerMetrics();
  for (let code = 4_500; code < 4_900; code += 1) metrics.closed(code);
  const closes = (await linesOf(metrics)).filter((line) => line.startsWith('im_closes_total{'));
  expect(closes).toEqual(['im_closes_total{code="other"} 400']);
});

test('tells about the process too, with several servers in it', async () => {
  const [one, two] = [new ServerMetrics(), new ServerMetrics()];
  one.pushed('private', 1);
  const lines = await linesOf(two);
  expect(lines).toContain('im_pushes_total{kind="private"} 0');
  expect(lines.some((line) => line.startsWith('process_resident_memory_bytes '))).toBe(true);
  expect(await one.registry.metrics()).not.toContain('process_');
});

test('adds up over processes', async () => {
  const [one, two] = [new ServerMetrics(), new ServerMetrics()];
  for (const metrics of [one, two]) {
    metrics.readConnections = () => new Map([[0, 3]]);
    metrics.resulted('private', 1, 'NOT_ONLINE', 2);
    metrics.delivered(1.5);
  }
  two.closed(1006);
  const snapshots = await Promise.all([one.snapshot(), two.snapshot()]);
  // As they come through a pipe.
  const received = JSON.parse(JSON.stringify(snapshots)) as object[];
  const lines = (await AggregatorRegistry.aggregate(received).metrics()).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'im_connections{terminal="0"} 6',
      'im_results_total{kind="private",code="1",reason="NOT_ONLINE"} 4',
      'im_delivery_seconds_bucket{le="0.002"} 2',
      'im_delivery_seconds_bucket{le="+Inf"} 2',
      'im_delivery_seconds_sum 0.003',
      'im_closes_total{code="1006"} 1',
    ]),
  );
});

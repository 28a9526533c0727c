import { readFile } from 'node:fs/promises';
import { onCleanup } from 'im-test/support';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { createImClient, type MetricRegistry } from '../src/index.ts';
import { createTestIm } from '../src/testing/index.ts';

const message = { sender: { id: 1, terminal: 0 }, recvTerminals: [0], data: { text: 'hi' } };

test('a registry gets what the client does, under the names of the README, until it is closed', async () => {
  const metrics = new Registry();
  const im = createTestIm({ metrics, retryDelaysMs: [10] });
  onCleanup(() => im.close());
  im.device(2);
  im.device(3, { answers: 'silence' });
  let isBroken = false;
  im.client.on('private', () => {
    if (isBroken) throw new Error('the database is away');
  });

  for (const recvId of [2, 3, 4]) await im.client.sendPrivateMessage({ ...message, recvId });
  await im.flush();
  await im.client.sendPrivateMessage({ ...message, recvId: 'no id' }).catch(() => undefined);
  im.breakBus('full');
  await im.client.sendPrivateMessage({ ...message, recvId: 2 }).catch(() => undefined);
  im.mendBus();
  isBroken = true;
  await im.client.sendPrivateMessage({ ...message, recvId: 2 });
  await im.advance(10);

  const text = await metrics.metrics();
  expect(text.split('\n')).toEqual(
    expect.arrayContaining([
      'im_client_sends_total{outcome="sent"} 4',
      'im_client_sends_total{outcome="INVALID_ARGUMENT"} 1',
      'im_client_sends_total{outcome="BUS_FULL"} 1',
      'im_client_sends_total{outcome="OVERLOADED"} 0',
      'im_client_send_seconds_count 4',
      'im_client_outcomes_total{reason="delivered"} 2',
      'im_client_outcomes_total{reason="NOT_ONLINE"} 1',
      'im_client_outcomes_total{reason="EXPIRED"} 0',
      'im_client_result_seconds_count 3',
      'im_client_listener_lag_seconds_count 3',
      'im_client_failed_calls_total{what="listener"} 2',
      'im_client_dead_letters_total{what="result"} 1',
      'im_client_duplicates_total 0',
      'im_client_calls_in_flight{what="sends"} 0',
      'im_client_pending_messages 1',
      'im_client_results_in_flight 0',
      'im_client_bus_up 1',
    ]),
  );
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  for (const [, name] of text.matchAll(/^# TYPE (\w+)/gm)) expect(readme).toContain(`| \`${name}`);

  await im.close();
  expect(await metrics.metrics()).not.toContain('im_client_');
  const next = createTestIm({ metrics });
  expect(await metrics.metrics()).toContain('im_client_sends_total{outcome="sent"} 0');
  await next.close();
});

test('what is no registry is refused by name', () => {
  const metrics = {} as MetricRegistry;
  expect(() => createImClient({ service: 'shop', redis: 'redis://127.0.0.1', metrics })).toThrow(
    /metrics is .*expected a Registry of prom-client/,
  );
});

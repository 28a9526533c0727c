import { onCleanup } from 'im-test/support';
import { expect, it, vi } from 'vitest';
import { LeaderConsumer } from '../src/bus/cluster/leader-consumer.ts';
import { createMemoryBus } from '../src/bus/memory/memory-bus.ts';
import { ImError } from '../src/errors.ts';
import { silentLogger } from '../src/logger.ts';
import { freshList, put } from './bus-conformance/subject.ts';

it('a leader that stopped taking, as the bus did not say who leads, takes again', async () => {
  const bus = createMemoryBus();
  onCleanup(() => bus.close());
  const list = freshList();
  const handled: string[] = [];
  const leader = new LeaderConsumer({
    ...{ bus, name: 'orders', lists: [list], logger: silentLogger },
    handle: (_, entry) => Promise.resolve(void handled.push(entry)),
  });
  leader.start();
  onCleanup(() => leader.close());
  await put(bus.lists, list, ['before']);
  await expect.poll(() => handled).toEqual(['before']);

  vi.spyOn(bus.registry, 'lock').mockRejectedValueOnce(new ImError('BUS_UNAVAILABLE', 'away'));
  for (const consumer of await bus.lists.consumers(list)) await bus.lists.requeue(list, consumer);
  await put(bus.lists, list, ['afterwards']);

  await expect.poll(() => handled).toEqual(['before', 'afterwards']);
});

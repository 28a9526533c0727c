import { createMemoryBus, createRedisBus, type Bus } from 'im-common/bus';
import { testRedis } from 'im-test/support';

/** A name, and what makes one bus to which each call connects. */
export const buses: [string, () => () => Bus][] = [
  [
    'memory',
    () => {
      const bus = createMemoryBus();
      return () => bus;
    },
  ],
  [
    'Redis',
    () => {
      const { url, prefix } = testRedis();
      return () => createRedisBus({ url, keyPrefix: prefix });
    },
  ],
];

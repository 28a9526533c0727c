import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Before all others: it collects all garbage again and again, which takes long in a process that has run other files. */
const first = 'packages/im-common/test/bus-memory.test.ts';

/** They last for a quarter of a minute and more, most of which they wait. Vitest itself knows only after a run which ones they are. */
const longest = [
  'test/faults/chaos.test.ts',
  'test/faults/other-outages.test.ts',
  'test/faults/platform.test.ts',
  'test/faults/presence-and-uplinks.test.ts',
  'test/packed/packed.test.ts',
  'test/web/journeys.test.ts',
  'test/faults/drain.test.ts',
  'packages/im-platform/test/message-order.test.ts',
];
const isLong = /^test\/(faults|model|packed|web)\/|\/(message-order|bus-memory)\.test\.ts$/;
const betweenThem = 3;

/**
 * The longest files begin first, so that no worker ends alone with one, and some short ones come after each: then not all of
 * those that wait for the same seconds compute in the same seconds too.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const nameOf = ({ moduleId }: TestSpecification): string => relative('', moduleId).replaceAll('\\', '/');
    const rankOf = (file: TestSpecification): number =>
      [first, ...longest].indexOf(nameOf(file)) + 1 || Infinity;
    const long = sorted.filter((file) => isLong.test(nameOf(file)));
    const short = sorted.filter((file) => !isLong.test(nameOf(file)));
    long.sort((one, other) => Math.sign(rankOf(one) - rankOf(other)) || 0);
    return [...long.flatMap((file) => [file, ...short.splice(0, betweenThem)]), ...short];
  }
}

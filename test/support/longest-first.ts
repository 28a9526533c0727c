import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** They last for half a minute and more. */
const long = /\/test\/(faults|model)\//;

/** Long files begin first, so that no worker ends alone with one. Vitest itself knows only after a run which ones they are. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): number => Number(long.test(moduleId));
    return sorted.sort((one, other) => isLong(other) - isLong(one));
  }
}

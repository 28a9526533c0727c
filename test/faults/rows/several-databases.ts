import type { Row, RowReport } from './row.ts';
import { Groups } from './several-databases/groups.ts';
import { OldMessages } from './several-databases/old-messages.ts';
import { killInPrivateSends } from './several-databases/private-sends.ts';
import { World } from './several-databases/world.ts';

/** An instance is killed before each of the statements of each kind of change of a conversation that is in another database. */
export const severalDatabasesUnderKills: Row = {
  name: 'several-databases',
  numbers: [],
  holds:
    'a platform is killed in the middle of each kind of change whose lane is in another database: asked again it is done once, numbers have no holes, and places are those of the members',
  inTest: 1,
  inFull: 1,
  async run({ times, scope, say }) {
    const world = await World.start(scope, '0-63', say);
    for (let round = 0; round < times; round++) {
      await new Groups(world).killInAll();
      await killInPrivateSends(world);
    }
    return reportOf([world], times);
  },
};

/** The same of the command that archives, and of an instance that removes what is too old: some conversations are here, and some there. */
export const oldMessagesUnderKills: Row = {
  name: 'old-messages',
  numbers: [],
  holds:
    'what moves old messages of two databases into files, and what removes those that are too old, is killed before each statement: each message is there or in a file, and goes with all that belongs to it',
  inTest: 1,
  inFull: 1,
  async run({ times, scope, say }) {
    const worlds: World[] = [];
    for (let round = 0; round < times; round++) {
      const world = await World.start(scope, '0-31', say);
      worlds.push(world);
      const old = await OldMessages.start(scope, world);
      await old.killInArchiving();
      await old.killInRetention();
    }
    return reportOf(worlds, times);
  },
};

function reportOf(worlds: readonly World[], times: number): RowReport {
  const deaths = new Map<string, number>();
  for (const world of worlds)
    for (const [name, count] of Object.entries(world.deaths))
      deaths.set(name, (deaths.get(name) ?? 0) + count);
  return {
    faults: [...deaths.values()].reduce((sum, one) => sum + one, 0),
    checked: worlds.reduce((sum, { checked }) => sum + checked, 0),
    problems: worlds.flatMap(({ problems }) => problems),
    figures: Object.fromEntries(
      [...deaths].map(([name, value]) => [`killed in: ${name}`, { value, unit: '', atLeast: times }]),
    ),
  };
}

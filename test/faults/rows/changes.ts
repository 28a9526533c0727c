import { Random } from '../kit/random.ts';
import { wrongAtTheEnd } from './changes/at-the-end.ts';
import { Attributes } from './changes/attributes.ts';
import { Campaigns } from './changes/campaigns.ts';
import { Drives } from './changes/drives.ts';
import { EncryptedChats } from './changes/encrypted-chats.ts';
import { Judge } from './changes/kind.ts';
import { rotateUnderKills } from './changes/key-rotation.ts';
import { Money } from './changes/money.ts';
import { Stage } from './changes/stage.ts';
import type { Row } from './row.ts';

const kinds = [Drives, Campaigns, Attributes, Money, EncryptedChats];

/**
 * A platform is killed in the midst of what people, admins and other back ends change in drives, campaigns, attributes, wallets and encrypted chats.
 * One kill cuts off a request of each kind. In every second round they were done, and their answers are lost; then all are asked again as clients do.
 * At the end the commands that exchange and forget the keys of chats are killed.
 */
export const changesUnderKills: Row = {
  name: 'changes',
  numbers: [],
  holds:
    'a platform is killed in the midst of changes of drives, campaigns, attributes, red packets, payments, encrypted chats and their keys: each is done as a whole and once, and what is counted is what is there',
  inTest: 1,
  inFull: 20,
  loadInTest: { devices: 600 },
  // Whom campaigns are for: some pages of planning, and some slices.
  async run({ times, seed, scope, say, devices: users = 4_500 }) {
    const random = new Random(seed);
    const problems: string[] = [];
    let [checked, kills] = [0, 0];
    // Within the suite the one or the other.
    const stores = (['sqlite', 'mariadb'] as const).filter(
      (_, index) => times > 1 || index === Math.floor(seed / 2) % 2,
    );
    for (const store of stores) {
      const stage = await Stage.start(scope, { store, random, users });
      for (let round = 0; round < times; round++) {
        const judge = new Judge(stage);
        await playRound(stage, round, { how: (seed + round) % 2 === 0 ? 'answered' : 'begun', judge });
        say?.(`${store}: round ${round + 1} of ${times}`);
        checked += judge.checked;
        for (const problem of judge.problems) problems.push(`${store}, round ${round}: ${problem}`);
      }
      const judge = new Judge(stage);
      // A process for each statement: not within the suite.
      if (times > 1) kills += await rotateUnderKills(stage, judge, say);
      const wrong = [...judge.problems, ...(await wrongAtTheEnd(stage))];
      for (const problem of wrong) problems.push(`${store}: ${problem}`);
      checked += judge.checked;
      kills += stage.kills;
    }
    return { faults: kills, checked, problems: problems.slice(0, 20) };
  },
};

async function playRound(
  stage: Stage,
  round: number,
  { how, judge }: { readonly how: 'answered' | 'begun'; readonly judge: Judge },
): Promise<void> {
  const all = kinds.map((OfKind) => new OfKind(stage, round));
  for (const kind of all) await kind.prepare();
  const changes = all.flatMap((kind) => kind.changes());
  await stage.killIn(how, changes, async () => {
    for (const kind of all) if ('lookWhenDead' in kind) await kind.lookWhenDead(judge);
  });
  for (const kind of all) await kind.judge(judge);
}

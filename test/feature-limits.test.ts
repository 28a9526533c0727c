import { readFile } from 'node:fs/promises';
import { platformDefaults } from 'im-platform';
import { expect, test } from 'vitest';

// What the pages of drive, campaigns, red packets, encryption and the example of customer service say that there may be, beside the code that says so.

interface Limit {
  /** The sentence, as the page has it; its first number counts. */
  readonly says: RegExp;
  /** The file of the code, and the constant in it; or one of the options at first. */
  readonly is: readonly [file: string, name: string] | keyof typeof platformDefaults;
  /** What one of the code is in the page's unit. */
  readonly times?: number;
}

const platform = 'packages/im-platform/src/';
const drive = `${platform}drive/`;
const campaigns = `${platform}campaigns/`;
const desk = 'examples/customer-service/';

const pages: Readonly<Record<string, readonly Limit[]>> = {
  'docs/drive.md': [
    { says: /([\d,]+) files and folders, 32 folders/, is: [`${drive}node.ts`, 'mostNodes'] },
    { says: /files and folders, (\d+) folders one in the other/, is: [`${drive}node.ts`, 'mostDepth'] },
    { says: /A name has (\d+) bytes at most/, is: [`${drive}names.ts`, 'mostBytes'] },
    { says: /the last (\d+) are kept \(`--drive-versions`\)/, is: 'driveVersions' },
    { says: /after (\d+) days \(`--drive-trash-days`\)/, is: 'driveTrashDays' },
    { says: /goes in steps of (\d+)/, is: [`${drive}drive-trash.ts`, 'atOnce'] },
    { says: /network, (\d+) in all/, is: [`${drive}drive.ts`, 'mostWrongInAll'] },
    { says: /A link shows (\d+) things/, is: [`${drive}link-page.ts`, 'mostShown'] },
    { says: /(\d+) shares of one thing/, is: [`${drive}drive-shares.ts`, 'mostShares'] },
    { says: /the list of names, at most ([\d,]+)/, is: [`${drive}folder-archive.ts`, 'mostEntries'] },
    {
      says: /in a folder in the last (\d+) days/,
      is: [`${drive}activities.ts`, 'keptMs'],
      times: 1 / 86_400_000,
    },
    { says: /(\d+) people per folder/, is: [`${drive}activities.ts`, 'mostWatchers'] },
    { says: /A page has (\d+) names/, is: [`${drive}drive-search.ts`, 'mostFound'] },
  ],
  'docs/campaigns.md': [
    { says: /A user has (\d+) attributes/, is: [`${campaigns}user-attributes.ts`, 'mostAttributes'] },
    { says: /up to (\d+) people at once/, is: [`${campaigns}admin-campaign-api.ts`, 'mostTested'] },
    { says: /some (\d+) receivers an instance and slice/, is: [`${campaigns}planner.ts`, 'mostInSlice'] },
    { says: /up to (\d+) people are told again/, is: [`${campaigns}planner.ts`, 'mostInSlice'] },
    {
      says: /removed (\d+) days after/,
      is: [`${campaigns}old-receivers.ts`, 'keptForMs'],
      times: 1 / 86_400_000,
    },
  ],
  'docs/red-packets.md': [
    { says: /`--red-packet-most` +\| ([\d,]+)/, is: 'redPacketMost' },
    { says: /`--red-packet-shares-most` +\| ([\d,]+)/, is: 'redPacketSharesMost' },
    { says: /`--red-packets-per-day` +\| ([\d,]+)/, is: 'redPacketsPerDay' },
    { says: /`--payment-most` +\| ([\d,]+)/, is: 'paymentMost' },
    { says: /`--red-packet-hours` +\| ([\d,]+)/, is: 'redPacketHours' },
  ],
  'docs/encryption.md': [
    { says: /the ([\d,]+) that were used last/, is: 'encryptionKeysInMemory' },
    {
      says: /exchanged by themselves every (\d+) days/,
      is: [`${platform}at-rest/data-keys.ts`, 'longestUseMs'],
      times: 1 / 86_400_000,
    },
  ],
  'examples/customer-service/README.md': [
    { says: /(\w+) hundred in the queue/, is: [`${desk}cases.ts`, 'mostWaiting'], times: 1 / 100 },
    { says: /(\w+) hundred lines of one case/, is: [`${desk}cases.ts`, 'mostLines'], times: 1 / 100 },
    { says: /(\w+) at most; an agent may/, is: [`${desk}cases.ts`, 'mostPerAgent'] },
  ],
};

const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

test.each(Object.entries(pages))('%s says the limits that the code has', async (page, limits) => {
  const text = (await readFile(page, 'utf8')).replaceAll(/\s+/g, ' ');
  const said = limits.map(({ says }) => [says.source, numberOf(says.exec(text)?.[1])]);
  const are = await Promise.all(
    limits.map(async ({ says, is, times = 1 }) => [says.source, (await valueOf(is)) * times]),
  );

  expect(said).toEqual(are);
});

function numberOf(text = 'nothing'): number {
  const word = words.indexOf(text.toLowerCase());
  return word < 0 ? Number(text.replaceAll(',', '')) : word;
}

/** Of an option at first; or of a constant as its file says it. */
async function valueOf(is: Limit['is']): Promise<number> {
  if (typeof is === 'string') return Number(platformDefaults[is]);
  const [file, name] = is;
  const code = await readFile(file, 'utf8');
  const [, said = ''] = new RegExp(`const ${name} = ([^;]+);`).exec(code) ?? [];
  const factors = said
    .replaceAll('dayMs', '86_400_000')
    .split(' * ')
    .map((factor) => Number(factor.replaceAll('_', '')));
  return factors.reduce((product, factor) => product * factor, 1);
}

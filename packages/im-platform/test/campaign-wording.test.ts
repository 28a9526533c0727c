import { expect, it } from 'vitest';
import type { Variant } from '../src/campaigns/campaign.ts';
import { instantOf, wallTime } from '../src/campaigns/local-time.ts';
import { variantOf } from '../src/campaigns/split.ts';
import { attributesIn, fill, whyNotFillable, wordingIn } from '../src/campaigns/wording.ts';

const known = new Set(['city']);
const variant: Variant = {
  ...{ name: 'A', share: 100 },
  texts: {
    en: { title: 'Hi {{nickName}}', body: 'News from {{ city | your town }}' },
    zh: { title: '你好', body: '{{city|本地}}' },
    'zh-TW': { title: '您好', body: '-' },
  },
};

it('fills in what is known, and says what stands there for those who have none', () => {
  const { en } = variant.texts;
  expect(en && fill(en, { nickName: 'Ann', city: 'Paris' })).toEqual({
    ...{ title: 'Hi Ann', body: 'News from Paris' },
  });
  expect(en && fill(en, { nickName: '{{city}}' })).toEqual({
    ...{ title: 'Hi {{city}}', body: 'News from  your town ' },
  });
  expect(attributesIn([variant])).toEqual(['city']);
});

it.each([
  ['{{nickName}} {{city|x}}', undefined],
  ['no variables } { }', undefined],
  ['{{town|x}}', 'names an attribute that nobody has'],
  ['{{city}}', 'lacks what stands there'],
  ['{{constructor|x}}', 'names an attribute that nobody has'],
  ['{{1}}', 'is no variable'],
  ['{{}}', 'is no variable'],
  ['Hi {{nickName', 'opens a variable that nothing closes'],
])('whether %s can be filled in for everybody', (text, why) => {
  const found = whyNotFillable(text, known);
  if (why === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(why);
});

it('speaks the nearest language that there is', () => {
  const titles = ['zh-TW', 'zh-HK', 'en-GB', 'fr', undefined].map(
    (language) => wordingIn(variant, language, 'en').title,
  );
  expect(titles).toEqual(['您好', '你好', 'Hi {{nickName}}', 'Hi {{nickName}}', 'Hi {{nickName}}']);
  for (const language of ['constructor', '__proto__-x', 'toString'])
    expect(wordingIn(variant, language, 'en').title).toBe('Hi {{nickName}}');
});

it('splits by id, always the same, by the shares, and otherwise in another campaign', () => {
  const shares = [{ share: 10 }, { share: 60 }, { share: 30 }];
  const ids = Array.from({ length: 20_000 }, (_, index) => index + 1);
  const of = (campaign: number): number[] => ids.map((id) => variantOf(campaign, id, shares));
  const [first, second] = [of(1), of(2)];
  expect(of(1)).toEqual(first);
  for (const [index, { share }] of shares.entries()) {
    const part = first.filter((one) => one === index).length / ids.length;
    expect(Math.abs(part - share / 100)).toBeLessThan(0.02);
  }
  // As of two throws of the same dice: 0.1² + 0.6² + 0.3².
  const same = first.filter((one, index) => one === second[index]).length / ids.length;
  expect(Math.abs(same - 0.46)).toBeLessThan(0.02);
});

it('knows when the clock of a place shows a time, also on days on which it is changed', () => {
  const wall = wallTime('2026-03-29', '10:00') ?? 0;
  const at = (zone: string, time = wall): string => new Date(instantOf(time, zone)).toISOString();
  expect(at('UTC')).toBe('2026-03-29T10:00:00.000Z');
  expect(at('Asia/Shanghai')).toBe('2026-03-29T02:00:00.000Z');
  expect(at('America/New_York')).toBe('2026-03-29T14:00:00.000Z');
  expect(at('Europe/Berlin')).toBe('2026-03-29T08:00:00.000Z');
  expect(at('Europe/Berlin', wallTime('2026-03-29', '01:00'))).toBe('2026-03-29T00:00:00.000Z');
  expect(at('Asia/Kathmandu')).toBe('2026-03-29T04:15:00.000Z');
  expect(at('Pacific/Kiritimati')).toBe('2026-03-28T20:00:00.000Z');
  expect(wallTime('2026-02-30', '10:00')).toBeUndefined();
});

import { expect, it } from 'vitest';
import { tipIn, tips } from '../src/client/tips.ts';
import { say, type TextKey } from '../src/http/texts.ts';

it('says each notice of the platform in the language of who reads it, whatever names are in it', () => {
  const values = {
    nick: "Ann (A. $1) 'x'",
    names: '小明',
    name: 'B{ob}',
    minutes: '60',
    reason: '*',
    duration: '00:04',
  };
  for (const key of Object.keys(tips) as (keyof typeof tips & TextKey)[]) {
    const [chinese, english] = [say(key, 'zh', values), say(key, 'en', values)];
    for (const said of [chinese, english])
      expect([tipIn('zh', said), tipIn('en', said)]).toEqual([chinese, english]);
  }
  expect(tipIn('zh', 'The path is closed.')).toBe('The path is closed.');
});

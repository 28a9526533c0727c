import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { SensitiveWords } from '../src/sensitive-words/sensitive-words.ts';
import { startTestPlatform, storeKinds, type TestPlatform } from './support/test-platform.ts';

function forbidding(...words: string[]): SensitiveWords {
  const sensitive = new SensitiveWords();
  sensitive.forbid(words);
  return sensitive;
}

describe('masking', () => {
  it('masks the leftmost word, and of those that begin there the shortest', () => {
    const words = forbidding('bc', 'abcd', 'ab', 'd');

    expect(words.mask('xabcdx')).toBe('x***c***x');
    expect(words.mask('abab')).toBe('******');
  });

  it('lets nothing hide a word, but case', () => {
    const words = forbidding('坏人', 'Bad', 'a.b');

    expect(words.mask('你是坏-_ 😀人！')).toBe('你是***！');
    expect(words.mask('B·a\u0301d, BAD')).toBe('***, BAD');
    expect(words.mask('ab a.b a!b')).toBe('*** *** ***');
    expect(words.contains('坏 人')).toBe(true);
    expect(words.contains('坏好人')).toBe(false);
  });

  it('leaves texts alone when nothing is forbidden, and ignores words of signs only', () => {
    expect(new SensitiveWords().mask('anything')).toBe('anything');
    expect(forbidding('', '!!').mask('!! 好')).toBe('!! 好');
    expect(forbidding('x').contains('')).toBe(false);
  });

  it('does what a search letter by letter does', () => {
    const letters = fc.constantFrom(...Array.from('aAb1坏人か゚々〪-é😀 '));
    const word = fc.string({ unit: letters, minLength: 1, maxLength: 4 });
    const text = fc.string({ unit: letters, maxLength: 30 });

    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), text, (forbidden, said) => {
        const words = forbidding(...forbidden);
        const masked = maskSlowly(forbidden, said);
        expect(words.mask(said)).toBe(masked.text);
        expect(words.contains(said)).toBe(masked.hits > 0);
      }),
      { numRuns: 3_000 },
    );
  });
});

/** The same, as the contract says it (C.1), place by place. */
function maskSlowly(forbidden: readonly string[], said: string): { text: string; hits: number } {
  const counts = /[0-9A-Za-z\u2e80-\u9fff]/;
  const units = (text: string): string[] => text.split('');
  const words = forbidden.map((word) =>
    units(word)
      .filter((unit) => counts.test(unit))
      .join(''),
  );
  const endOf = (word: string, start: number): number | undefined => {
    let matched = 0;
    for (let index = start; index < said.length; index++) {
      const unit = said.charAt(index);
      if (!counts.test(unit)) continue;
      if (unit !== word[matched]) return undefined;
      matched += 1;
      if (matched === word.length) return index + 1;
    }
    return undefined;
  };
  let text = '';
  let hits = 0;
  for (let index = 0; index < said.length;) {
    const ends = words
      .filter((word) => word !== '' && counts.test(said.charAt(index)))
      .map((word) => endOf(word, index))
      .filter((end) => end !== undefined);
    if (ends.length === 0) {
      text += said.charAt(index);
      index += 1;
    } else {
      text += '***';
      hits += 1;
      index = Math.min(...ends);
    }
  }
  return { text, hits };
}

async function forbid({ platform }: TestPlatform, content: string, enabled = 1): Promise<void> {
  await platform.database.sql('im_sensitive_word').insert({ content, enabled, createTime: 0 });
}

describe.each(storeKinds)('sensitive words on %s', (store) => {
  const quickly = { platform: { wordsCheckMs: 20 } };

  it('masks them in texts, and refuses them in names, as soon as the table has them', async () => {
    const test = await startTestPlatform({ store, ...quickly });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await ann.post(`/friend/add?friendId=${bob.id}`);
    let sent = 0;
    const say = async (content: string, type = 0): Promise<string> => {
      sent += 1;
      const body = { tmpId: String(sent), recvId: bob.id, content, type };
      return (await ann.post<{ content: string }>('/message/private/send', body)).content;
    };
    await forbid(test, 'allowed', 0);
    await forbid(test, 'bad');

    await vi.waitFor(async () => expect(await say('a bad, allowed word')).toBe('a ***, allowed word'), 5_000);
    expect(await say('{"name":"bad"}', 2)).toBe('{"name":"bad"}');
    const rename = { id: ann.id, userName: 'ann', nickName: 'b.a.d' };
    expect(await ann.ask('PUT', '/user/update', rename)).toMatchObject({ message: '昵称包含敏感字符' });
    await expect(test.register('bad boy')).rejects.toThrow('用户名包含敏感字符');

    await test.platform.database.sql('im_sensitive_word').where({ content: 'bad' }).update({ enabled: 0 });
    await vi.waitFor(async () => expect(await say('not bad')).toBe('not bad'), 5_000);
  });

  it('knows them from the start', async () => {
    const test = await startTestPlatform({ store, platform: { wordsCheckMs: 600_000 } });
    await forbid(test, 'bad');

    const later = await test.startAnother();

    await expect(test.register('bad', { at: later })).rejects.toThrow('用户名包含敏感字符');
  });
});

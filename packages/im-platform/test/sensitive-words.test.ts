import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../src/client/index.ts';
import { SensitiveWords } from '../src/sensitive-words/sensitive-words.ts';
import { makeAdmin } from './support/admins.ts';
import { apiOf } from './support/api.ts';
import { sharedPlatform, startTestPlatform, storeKinds, type TestPlatform } from './support/test-platform.ts';

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

  it.each([
    ['signs and blanks', 'b.a-d! b a\td 坏、人', '***! *** ***'],
    ['case', 'BadbAD', '******'],
    ['width', 'ｂａｄ ＢＡＤ', '*** ***'],
    ['what nobody sees', 'b\u200ba\u2060d b\u3164a\u00add 坏\u200d人 b\u{e0061}ad', '*** *** *** ***'],
    ['emojis', 'b😀ad 坏👩‍👩‍👧人', '*** ***'],
    ['accents', 'bàd b\u0301a\u0301d\u0301, ba\u0903d', '*** ***, ***'],
    ['fonts and circles', '𝐛𝖆𝓭 ⓑⓐⓓ', '*** ***'],
    ['letters that are spelt out', `${'나쁜'.normalize('NFD')} か\u3099`, '*** ***'],
  ])('lets no %s hide a word', (_how, said, masked) => {
    expect(forbidding('坏人', 'Bad', '나쁜', 'が').mask(said)).toBe(masked);
  });

  it('knows words of every script', () => {
    expect(forbidding('Плохо', 'κακός', '𠮷野').mask('плохо, ΚΑΚΟΣ 𠮷-野')).toBe('***, *** ***');
    // One letter is not another with a mark: the marks are vowels here.
    expect(forbidding('क').mask('कि क')).toBe('कि ***');
    expect(forbidding('か').mask('が か\u309a か')).toBe('が か\u309a ***');
  });

  it('takes away what was written, and nothing beside it', () => {
    expect(forbidding('kg').mask('5㎏.')).toBe('5***.');
    expect(forbidding('k', 'g').contains('㎏')).toBe(true);
    expect(forbidding('a.b').mask('ab a.b a!b')).toBe('*** *** ***');
    expect(forbidding('坏人').mask('你是-坏😀人！')).toBe('你是-***！');
    expect(forbidding('坏人').mask('坏好人')).toBe('坏好人');
  });

  it('leaves texts alone when nothing is forbidden, and ignores words of signs only', () => {
    expect(new SensitiveWords().mask('anything')).toBe('anything');
    expect(forbidding('', '!!').mask('!! 好')).toBe('!! 好');
    expect(forbidding('x').contains('')).toBe(false);
  });

  it('does what a search letter by letter does', () => {
    const glyph = fc.constantFrom(...glyphs);
    const word = fc.array(glyph, { minLength: 1, maxLength: 4 });
    const text = fc.array(glyph, { maxLength: 30 });

    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), text, (forbidden, said) => {
        const words = forbidding(...forbidden.map(spell));
        const masked = maskSlowly(forbidden, said);
        expect(words.mask(spell(said))).toBe(masked.text);
        expect(words.contains(spell(said))).toBe(masked.hits > 0);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** How something is written, and the letter that it is; none when it hides nothing. */
interface Glyph {
  readonly written: string;
  readonly letter?: string;
}

const glyphs: readonly Glyph[] = [
  ...['a', 'A', 'ａ', '𝐚', 'ⓐ', 'á', 'a\u0301\u0302'].map((written) => ({ written, letter: 'a' })),
  ...['b', 'Ｂ'].map((written) => ({ written, letter: 'b' })),
  ...['1', '１', '①'].map((written) => ({ written, letter: '1' })),
  ...['坏', '坏\u302a'].map((written) => ({ written, letter: '坏' })),
  ...['ガ', 'ｶﾞ', 'カ\u3099'].map((written) => ({ written, letter: 'ガ' })),
  { written: 'カ', letter: 'カ' },
  ...['-', ' ', '、', '😀', '\u200b', '\u3164', '-\u0301'].map((written) => ({ written })),
];

function spell(said: readonly Glyph[]): string {
  return said.map(({ written }) => written).join('');
}

/** The same place by place: the leftmost first, the shortest of those that begin there. */
function maskSlowly(
  forbidden: readonly (readonly Glyph[])[],
  said: readonly Glyph[],
): { text: string; hits: number } {
  const words = forbidden.map((word) => word.flatMap(({ letter }) => letter ?? []));
  const endOf = (word: readonly string[], start: number): number | undefined => {
    let matched = 0;
    for (let index = start; index < said.length; index++) {
      const letter = said[index]?.letter;
      if (letter === undefined) continue;
      if (letter !== word[matched]) return undefined;
      matched += 1;
      if (matched === word.length) return index + 1;
    }
    return undefined;
  };
  let text = '';
  let hits = 0;
  for (let index = 0; index < said.length;) {
    const ends = words
      .filter((word) => word.length > 0 && said[index]?.letter !== undefined)
      .map((word) => endOf(word, index))
      .filter((end) => end !== undefined);
    if (ends.length === 0) {
      text += said[index]?.written ?? '';
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
  const quickly = { platform: { wordsCheckMs: 20, friendship: 'open' as const } };

  it('masks them in texts, and refuses them in names, as soon as the table has them', async () => {
    const test = await sharedPlatform({ store, ...quickly });
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

    await expect.poll(() => say('a bad, allowed word')).toBe('a ***, allowed word');
    expect(await say('{"name":"bad"}', 2)).toBe('{"name":"bad"}');
    const rename = { id: ann.id, userName: 'ann', nickName: 'b.a.d' };
    expect(await ann.ask('PUT', '/user/update', rename)).toMatchObject({ message: '昵称包含敏感字符' });
    await expect(test.signUp('bad boy')).rejects.toThrow('用户名包含敏感字符');

    await test.platform.database.sql('im_sensitive_word').where({ content: 'bad' }).update({ enabled: 0 });
    await expect.poll(() => say('not bad')).toBe('not bad');
  });

  it('are imported by an admin as often as one likes, listed in pages, tried on a text, and allowed again', async () => {
    const test = await sharedPlatform({ store, ...quickly });
    const ann = await test.register('ann');
    await makeAdmin(test, ann);
    const api = await apiOf(test, ann);
    const words = Array.from({ length: 999 }, (_, index) => `word${index}x`);
    for (let time = 0; time < 2; time++)
      await unwrap(api.POST('/v1/admin/words', { body: { words: ['fool', ...words] } }));
    const list = (query: { limit: number; cursor?: string }) =>
      unwrap(api.GET('/v1/admin/words', { params: { query } }));
    const first = await list({ limit: 600 });
    const rest = await list({ limit: 600, cursor: first.nextCursor ?? '' });
    expect(rest.nextCursor).toBeNull();
    const all = [...first.items, ...rest.items];
    expect(all.map(({ word }) => word).toSorted()).toEqual(['fool', ...words].toSorted());

    const masked = async (text: string): Promise<string> =>
      (await unwrap(api.POST('/v1/admin/words/test', { body: { text } }))).masked;
    await expect.poll(() => masked('You Ｆ.ó.o.l')).toMatch(/^You \*+$/);
    expect(await unwrap(api.POST('/v1/admin/words/test', { body: { text: 'You Ｆ.ó.o.l' } }))).toMatchObject({
      folded: 'youfool',
    });
    const wordId = all.find(({ word }) => word === 'fool')?.id ?? '';
    await unwrap(api.DELETE('/v1/admin/words/{wordId}', { params: { path: { wordId } } }));
    await expect.poll(() => masked('You fool')).toBe('You fool');
  });

  it('knows them from the start', async () => {
    const test = await startTestPlatform({ store, platform: { wordsCheckMs: 600_000 } });
    await forbid(test, 'bad');

    const later = await test.startAnother();

    await expect(test.signUp('bad', { at: later })).rejects.toThrow('用户名包含敏感字符');
  });
});

import enUrl from 'emoji-picker-element-data/en/cldr/data.json?url';
import zhUrl from 'emoji-picker-element-data/zh/cldr/data.json?url';
import type { Language } from '../text/i18n.ts';

export interface Emoji {
  readonly emoji: string;
  readonly name: string;
  readonly group: number;
  /** What it is found by. */
  readonly words: readonly string[];
}

interface Stored {
  readonly emoji: string;
  readonly annotation: string;
  readonly group: number;
  readonly tags?: readonly string[];
}

const loaded = new Map<Language, Promise<readonly Emoji[]>>();

/** All there are, with their names in a language. */
export function loadEmoji(language: Language): Promise<readonly Emoji[]> {
  let list = loaded.get(language);
  if (!list) loaded.set(language, (list = fetchEmoji(language === 'zh' ? zhUrl : enUrl)));
  return list;
}

async function fetchEmoji(url: string): Promise<readonly Emoji[]> {
  const stored = (await (await fetch(url)).json()) as readonly Stored[]; // as the package describes it
  return stored.map(({ emoji, annotation: name, group, tags = [] }) => ({
    ...{ emoji, name, group },
    words: [name, ...tags].map((word) => word.toLowerCase()),
  }));
}

const key = 'im-web:emoji';
const most = 16;

export function recentEmoji(): readonly string[] {
  return (localStorage.getItem(key) ?? '👍 ❤️ 😂 😮 😢 🙏 🎉 🔥').split(' ').filter((emoji) => emoji !== '');
}

export function remember(emoji: string): readonly string[] {
  const recent = [emoji, ...recentEmoji().filter((one) => one !== emoji)].slice(0, most);
  localStorage.setItem(key, recent.join(' '));
  return recent;
}

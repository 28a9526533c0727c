import type { Variant, Wording } from './campaign.ts';

/** What stands for something that is known of everybody. */
const ofEverybody = ['nickName', 'userName'] as const;

const inBraces = /\{\{([^{}]*)\}\}/g;
const form = /^\s*([A-Za-z][\w.-]{0,31})\s*(?:\|([^|]*))?$/;

interface Variable {
  readonly name: string;
  /** What stands there for those who have none. */
  readonly otherwise: string | undefined;
}

/** Why a text cannot be filled in for everybody; undefined: it can. */
export function whyNotFillable(text: string, known: ReadonlySet<string>): string | undefined {
  for (const [whole, inner = ''] of text.matchAll(inBraces)) {
    const variable = variableIn(inner);
    if (!variable) return `${whole} is no variable; expected {{nickName}} or {{city|your town}}`;
    if (isOfEverybody(variable.name)) continue;
    if (!known.has(variable.name)) return `${whole} names an attribute that nobody has`;
    if (variable.otherwise === undefined)
      return `${whole} lacks what stands there for those who have none: {{${variable.name}|…}}`;
  }
  return text.replaceAll(inBraces, '').includes('{{') ? '{{ opens a variable that nothing closes' : undefined;
}

/** The attributes that texts name. */
export function attributesIn(variants: readonly Variant[]): string[] {
  const texts = variants.flatMap(({ texts: all }) =>
    Object.values(all).flatMap(({ title, body }) => [title, body]),
  );
  const names = texts.flatMap((text) =>
    [...text.matchAll(inBraces)].flatMap(([, inner = '']) => variableIn(inner)?.name ?? []),
  );
  return [...new Set(names)].filter((name) => !isOfEverybody(name));
}

/** In the language, or one that is as near as there is. */
export function wordingIn({ texts }: Variant, language: string | undefined, fallback: string): Wording {
  const short = language?.split('-', 1)[0] ?? '';
  // Of its own: another back end may have said any word of somebody, also one that all objects know.
  const found = [language ?? '', short, fallback].find((one) => Object.hasOwn(texts, one));
  const wording = texts[found ?? fallback];
  if (!wording) throw new Error(`There is no text in ${fallback}.`);
  return wording;
}

export function fill(wording: Wording, values: Readonly<Record<string, string | undefined>>): Wording {
  const filled = (text: string): string =>
    text.replaceAll(inBraces, (whole, inner: string) => {
      const { name, otherwise } = variableIn(inner) ?? { name: '', otherwise: whole };
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      return value === undefined || value === '' ? (otherwise ?? '') : value;
    });
  return { title: filled(wording.title), body: filled(wording.body) };
}

function variableIn(inner: string): Variable | undefined {
  const [, name, otherwise] = form.exec(inner) ?? [];
  return name === undefined ? undefined : { name, otherwise };
}

function isOfEverybody(name: string): boolean {
  return ofEverybody.some((one) => one === name);
}

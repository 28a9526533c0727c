/** The first letters of a name: two of Latin ones, one of others. */
export function initials(name: string): string {
  const first = letterOf(name.trim()) || '?';
  if (!/\p{Script=Latin}/u.test(first)) return first;
  const second = name.trim().split(/\s+/)[1];
  return (first + letterOf(second ?? '')).toUpperCase();
}

/** One of eight colours, the same for the same id everywhere. */
export function colourOf(id: string): number {
  let hash = 0;
  for (const letter of id) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return hash % 8;
}

const graphemes = new Intl.Segmenter();

/** The first of a text as one sees it; empty of an empty one. */
function letterOf(text: string): string {
  const [first] = graphemes.segment(text);
  return first?.segment ?? '';
}

import { scanObject, skipValue } from 'im-common/internal/bus';

/**
 * One text for all ways to write a JSON value (of plain text, not byte text). Box-im's Java server reads `data` and writes it again into its results:
 * keys sorted, members that are null left out, some characters escaped (contract B.1). Integers are compared as they
 * are written, since 64 bits do not fit a number.
 */
export function canonicalJson(text: string): string {
  switch (text[0]) {
    case '{':
      return canonicalObject(text);
    case '[':
      return `[${itemsOf(text).map(canonicalJson).join(',')}]`;
    case '"':
      return JSON.stringify(JSON.parse(text));
    default:
      return /[.eE]/.test(text) && text !== 'true' && text !== 'false' ? String(Number(text)) : text;
  }
}

function canonicalObject(text: string): string {
  const members = [...scanObject(text)].filter(([, value]) => value !== 'null');
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, value]) => `${JSON.stringify(key)}:${canonicalJson(value)}`).join(',')}}`;
}

function itemsOf(text: string): string[] {
  const items: string[] = [];
  const gap = /[ \t\n\r,]*/y;
  gap.lastIndex = 1;
  for (;;) {
    gap.exec(text);
    const start = gap.lastIndex;
    if (text[start] === ']') return items;
    const end = skipValue(text, start);
    items.push(text.slice(start, end));
    gap.lastIndex = end;
  }
}

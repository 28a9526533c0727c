// Names as drives take them: the rules are im-platform's (its drive/names.ts).

const mostBytes = 255;
const refused = /[/\\\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** The name, or the nearest one that a drive takes. */
export function safeName(name: string): string {
  const safe = name
    .replaceAll(refused, '_')
    .normalize('NFC')
    .trim()
    .replace(/[. ]+$/, '');
  return shortened(safe === '' ? '_' : safe);
}

/** What has the same one is the same to a drive. */
export function sameName(name: string): string {
  return safeName(name).toUpperCase().toLowerCase().normalize('NFC');
}

/** With its ending. */
function shortened(name: string): string {
  const [, stem = '', ending = ''] = /^(.+?)((?:\.[a-z0-9]{1,10})?)$/isu.exec(name) ?? [];
  const signs = Array.from(stem);
  while (bytesOf(signs.join('') + ending) > mostBytes) signs.pop();
  return signs.join('') + ending;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

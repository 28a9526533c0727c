/** What a name stands between in what the platform says of people: `'Ann' invited 'Bob,Cleo' to the group.` */
const edge = "['，,]";

/** Takes these names out of what the platform has said, and puts the other one there. */
export function namelessWith(names: readonly string[], shownName: string): (text: string) => string {
  if (names.length === 0) return (text) => text;
  // The longest first, as one may begin with another.
  const either = names
    .toSorted((one, other) => other.length - one.length)
    .map((name) => name.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`))
    .join('|');
  const pattern = new RegExp(`(?<=${edge})(?:${either})(?=${edge})`, 'gu');
  return (text) => text.replaceAll(pattern, () => shownName);
}

/** This text in a pattern of `like … escape '!'`. */
export function asLike(text: string): string {
  return text.replaceAll(/[!%_]/g, '!$&');
}

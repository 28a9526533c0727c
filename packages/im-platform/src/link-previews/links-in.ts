/** What a page may have taken for a link in what somebody said, as previews are asked for: also one letter too many, which does no harm. */
export function linksIn(text: string): string[] {
  const found = new Set<string>();
  for (const [match] of text.matchAll(/https?:\/\/[^\s<>"\\^`{|}]+/gi)) {
    // What ends a sentence is no part of it; but of some it is.
    for (let one = match; ; one = one.slice(0, -1)) {
      if (URL.canParse(one)) {
        const url = new URL(one);
        url.hash = '';
        found.add(url.href);
      }
      if (!/[)\].,;:!?'’”。，！？；：、）》」]$/u.test(one)) break;
    }
  }
  return [...found];
}

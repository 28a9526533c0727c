// What the check of the docs and the site both know of Markdown.

/** With as many lines as before, and characters. */
export function withoutCode(text: string): string {
  return text
    .replace(/^( *)```.*?^ *```/gms, (block) => block.replace(/[^\n]/g, ''))
    .replace(/<!--.*?-->/gs, (comment) => comment.replace(/[^\n]/g, ''))
    .replace(/`[^`\n]*`/g, (code) => 'x'.repeat(code.length));
}

/** Where a line of `withoutCode` leads. */
export function linksIn(line: string): string[] {
  return Array.from(line.matchAll(/\]\(([^)\s]+)\)/g), ([, target = '']) => target);
}

export const isElsewhere = (target: string): boolean => /^(https?|mailto):/.test(target);

export function headingsOf(text: string): string[] {
  const withoutFences = text.replace(/^( *)```.*?^ *```/gms, '');
  return Array.from(withoutFences.matchAll(/^#{1,6} (.*)$/gm), ([, heading = '']) => anchorOf(heading));
}

/** As GitHub makes them of headings. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

/** Without what stands in it as code or link. */
export function titleOf(text: string): string {
  const [, title = ''] = /^# (.*)$/m.exec(text) ?? [];
  return title.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
}

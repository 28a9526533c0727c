export interface ShellCode {
  readonly code: string;
  readonly line: number;
  /** With prompts and answers. */
  readonly isSession: boolean;
}

/** What a Markdown text shows of a shell. */
export function shellCodes(text: string): ShellCode[] {
  return Array.from(
    text.matchAll(/^( *)```(?:sh|bash|shell|console)\n(.*?)^ *```/gms),
    ({ 2: code = '', index }) => ({
      code,
      line: text.slice(0, index).split('\n').length,
      isSession: code.startsWith('$ '),
    }),
  );
}

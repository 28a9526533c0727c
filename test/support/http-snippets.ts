/** A request as documents show it in a block `http`, and what is shown of its answer. */
export interface HttpSnippet {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** The names that stand in the answer. */
  readonly answers: readonly string[];
}

/** In the order of the document. What it leaves out is "…". */
export function httpSnippets(markdown: string): HttpSnippet[] {
  return Array.from(markdown.matchAll(/```http\n([^]*?)```/g), ([, block = '']) => block)
    .flatMap((block) => block.split(/\n\n(?=[A-Z]+ \/)/))
    .map(readSnippet);
}

function readSnippet(text: string): HttpSnippet {
  const [asked = '', answer = ''] = text.split('\n\n');
  const [, method = '', path = '', rest = ''] = /^([A-Z]+) (\S+)\n?([^]*)$/.exec(asked) ?? [];
  const [head = '', body] = /^([^{]*)(\{[^]*)?$/.exec(rest)?.slice(1) ?? [];
  const headers = Array.from(head.matchAll(/^([\w-]+): (.*?)…?$/gm), ([, name, value]) => [name, value]);
  return {
    ...{ method, path, headers: Object.fromEntries(headers) as Record<string, string> },
    body: body?.replaceAll(/,\s*…[^\n]*/g, ''),
    answers: Array.from(answer.matchAll(/"(\w+)":/g), ([, name = '']) => name),
  };
}

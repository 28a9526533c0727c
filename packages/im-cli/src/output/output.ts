import type { Writable } from 'node:stream';
import { printable } from 'im-common/internal/program';
import { tableOf, type Cell } from './table.ts';

/** As of `process`. */
export interface Streams {
  readonly stdin: AsyncIterable<Buffer | string>;
  readonly stdout: OutStream;
  readonly stderr: OutStream;
}

export type OutStream = Writable & {
  readonly isTTY?: boolean;
  readonly rows?: number;
  hasColors?(): boolean;
};

export interface OutputOptions extends Pick<Streams, 'stdout' | 'stderr'> {
  readonly isJson: boolean;
}

/** What a command says: for people, or with `--json` for programs. What others have written is shown with escapes. */
export class Output {
  readonly isJson: boolean;
  readonly #stdout: OutStream;
  readonly #stderr: OutStream;

  constructor({ isJson, stderr, stdout }: OutputOptions) {
    this.isJson = isJson;
    this.#stdout = stdout;
    this.#stderr = stderr;
  }

  /** NO_COLOR, FORCE_COLOR and TERM count; what is no terminal has none. */
  get hasColors(): boolean {
    return this.#stdout.isTTY === true && this.#stdout.hasColors?.() === true;
  }

  /** One line. */
  json(value: unknown): Promise<void> {
    return this.#write(`${jsonLine(JSON.stringify(value))}\n`);
  }

  /** JSON that is text already. */
  jsonText(text: string): Promise<void> {
    return this.#write(`${jsonLine(text)}\n`);
  }

  /** One line, with a word in a colour before it. */
  line(text: string, before?: { readonly word: string; readonly color: number }): Promise<void> {
    return this.#write(`${before ? `${this.#inColor(before)}  ` : ''}${printable(text)}\n`);
  }

  table(head: readonly string[], rows: readonly (readonly Cell[])[]): Promise<void> {
    return this.#write(tableOf(head, rows));
  }

  /** An empty screen, where somebody looks at one; elsewhere what follows stands below. */
  async clear(): Promise<void> {
    if (this.#stdout.isTTY) await this.#write('\u001b[H\u001b[J');
  }

  /** So many lines somebody sees at once. */
  get rows(): number {
    return (this.#stdout.isTTY ? this.#stdout.rows : undefined) ?? Infinity;
  }

  /** As it is, with its line ends: what is ours. */
  raw(text: string): Promise<void> {
    return this.#write(text);
  }

  /** Beside the answer, on stderr: what it means, and what to do. */
  note(text: string): void {
    this.#stderr.write(`im: ${printable(text)}\n`);
  }

  #inColor({ color, word }: { readonly word: string; readonly color: number }): string {
    return this.hasColors ? `\u001b[${color}m${word}\u001b[0m` : word;
  }

  /** Resolves when whoever reads has room for more. */
  async #write(text: string): Promise<void> {
    if (this.#stdout.write(text)) return;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        this.#stdout.off('drain', go).off('close', go);
        resolve();
      };
      this.#stdout.on('drain', go).on('close', go);
    });
  }
}

/** The same JSON in one line. Controls that JSON allows in texts are escapes, too: it may be looked at in a terminal. */
function jsonLine(text: string): string {
  return printable(text.replace(/[\t\n\r]/g, ' '));
}

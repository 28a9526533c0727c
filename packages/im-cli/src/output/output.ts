import { printable } from 'im-common/internal/program';
import { tableOf, type Cell } from './table.ts';

export interface OutputOptions {
  readonly isJson: boolean;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** What a command says: for people, or with `--json` for programs. What others have written is shown with escapes. */
export class Output {
  readonly isJson: boolean;
  readonly #stdout: NodeJS.WriteStream;
  readonly #stderr: NodeJS.WriteStream;

  constructor({ isJson, stderr, stdout }: OutputOptions) {
    this.isJson = isJson;
    this.#stdout = stdout;
    this.#stderr = stderr;
  }

  /** Whether somebody looks at it, who may be shown colours and a screen that changes. */
  get isTerminal(): boolean {
    return this.#stdout.isTTY;
  }

  /** NO_COLOR, FORCE_COLOR and TERM count; what is no terminal has none. */
  get hasColors(): boolean {
    return this.#stdout.isTTY && this.#stdout.hasColors();
  }

  /** One line. */
  json(value: unknown): Promise<void> {
    return this.#write(`${jsonLine(JSON.stringify(value))}\n`);
  }

  /** JSON that is text already. */
  jsonText(text: string): Promise<void> {
    return this.#write(`${jsonLine(text)}\n`);
  }

  line(text: string): Promise<void> {
    return this.#write(`${printable(text)}\n`);
  }

  table(head: readonly string[], rows: readonly (readonly Cell[])[]): Promise<void> {
    return this.#write(tableOf(head, rows));
  }

  /** As it is, with its line ends: what is ours. */
  raw(text: string): Promise<void> {
    return this.#write(text);
  }

  /** Beside the answer, on stderr: what it means, and what to do. */
  note(text: string): void {
    this.#stderr.write(`im: ${printable(text)}\n`);
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

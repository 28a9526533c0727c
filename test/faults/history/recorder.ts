import { openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Happening, HistoryEvent } from './event.ts';

/** The clock of histories: milliseconds, the same in every process of this machine, never set back. */
export function clock(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}

/** Writes one actor's lines at once, so that a process that is killed leaves all it saw. */
export class Recorder {
  readonly #file: number;

  constructor(folder: string, name: string) {
    this.#file = openSync(join(folder, `${name}.jsonl`), 'a');
  }

  record(by: string, happening: Happening): void {
    writeSync(this.#file, `${JSON.stringify({ at: clock(), by, ...happening })}\n`);
  }
}

/** The events of all actors, in the order of their times. */
export function readHistory(folder: string): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.jsonl'))) {
    for (const line of readFileSync(join(folder, name), 'utf8').split('\n')) {
      // The last line of a process that was killed may be cut.
      if (line.endsWith('}')) events.push(JSON.parse(line) as HistoryEvent);
    }
  }
  return events.sort((a, b) => a.at - b.at);
}

import type { Recorder } from '../history/recorder.ts';

/** The `data` of what a server says of topics (P-13.10). */
export interface SaidOfTopics {
  readonly in?: readonly string[];
  readonly left?: readonly string[];
  readonly at?: Readonly<Record<string, unknown>>;
  readonly reload?: Readonly<Record<string, unknown>>;
}

/** How far a device has its topics, with nothing of ours in it. What it is told to load anew it has loaded at once. */
export class TopicFollower {
  readonly #address: string;
  readonly #history: Pick<Recorder, 'record'>;
  readonly #positions = new Map<string, unknown>();

  constructor(address: string, history: Pick<Recorder, 'record'>) {
    this.#address = address;
    this.#history = history;
  }

  /** For its next login. */
  get positions(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.#positions);
  }

  hear({ in: all, left = [], at = {}, reload = {} }: SaidOfTopics): void {
    const gone = all ? [...this.#positions.keys()].filter((topic) => !all.includes(topic)) : left;
    for (const topic of gone) this.#positions.delete(topic);
    for (const topic of Object.keys(reload)) {
      this.#history.record(this.#address, { type: 'reload', address: this.#address, topic });
    }
    for (const [topic, position] of Object.entries({ ...at, ...reload }))
      this.#positions.set(topic, position);
  }
}

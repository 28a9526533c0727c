import type { ImErrorCode } from 'im-common';

// What the primary and its workers say to each other. Both are this program, so a message that carries `im` is taken
// at its word; libraries may send others over the same channel.

export type ToWorker =
  { readonly im: 'drain' } | { readonly im: 'ask'; readonly question: Question; readonly number: number };

/** `health` is answered by a Health, `metrics` by a snapshot of the worker's metrics. */
export type Question = 'health' | 'metrics';

export type FromWorker =
  | { readonly im: 'started'; readonly started: Started }
  | { readonly im: 'failed'; readonly code: ImErrorCode | undefined; readonly message: string }
  | { readonly im: 'answer'; readonly number: number; readonly answer: unknown };

export interface Started {
  readonly url: string;
  readonly id: number | undefined;
  readonly tcpPort: number | undefined;
}

export function isOurs(message: unknown): message is ToWorker | FromWorker {
  return typeof message === 'object' && message !== null && 'im' in message;
}

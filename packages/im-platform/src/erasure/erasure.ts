/** Why an erasure waits. */
export interface Hindrances {
  /** Ids of open reports that have something of the person, or of theirs. */
  readonly reports: readonly number[];
  /** Conversations of theirs of which nothing is to be removed. */
  readonly held: readonly string[];
  /** Files of old months that have words of theirs, where the platform was not told where these are; and those that are being written. */
  readonly archives: readonly string[];
  /** Databases of lanes that do not answer, or that have something of theirs that is being moved, or was left by a move. */
  readonly databases: readonly string[];
}

export const erasureStates = ['waiting', 'erasing', 'done'] as const;
export type ErasureState = (typeof erasureStates)[number];

/** What is erased, each counted in the transaction in which it is: so the sum is right, whoever died meanwhile. */
export const erasedKinds = [
  ...(['messages', 'forwards', 'notices', 'names', 'reactions'] as const),
  ...(['files', 'fileBytes', 'reports', 'events', 'trailLines', 'archived', 'rows'] as const),
] as const;
export type Counts = { readonly [Kind in (typeof erasedKinds)[number]]?: number };

/** That of a person nothing is to be left, and what has become of it. Once it is done it has nothing of the person but the number. */
export interface Erasure {
  readonly id: number;
  readonly userId: number;
  readonly state: ErasureState;
  /** self, `admin:7` or `key:…` */
  readonly askedBy: string;
  readonly askedTime: number;
  readonly doneTime: number | null;
  readonly counts: Counts;
}

/** Something is to be kept for now: it goes on when it is not any more. */
export class HeldUp extends Error {}

/** Another instance goes on with it. */
export class TakenOver extends Error {}

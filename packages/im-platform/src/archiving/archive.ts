import type { FileStore } from '../files/file-store.ts';

/** Messages of a conversation, by their numbers. */
export interface ArchivedRange {
  readonly conversation: string;
  readonly from: number;
  readonly to: number;
  /** Of the conversation when they were read: what was changed since is known by a higher one. */
  readonly stamp: number;
}

/**
 * writing: there may be something of a file. verified: what is in it is still in the database, too. done: it is not. restored: it was brought back.
 * gone: another file has taken its place.
 */
export type ArchiveState = 'writing' | 'verified' | 'done' | 'restored' | 'gone';

/** A file of messages that are not in the database any more, or will not be soon. */
export interface Archive {
  readonly name: string;
  readonly state: ArchiveState;
  readonly messages: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly ranges: readonly ArchivedRange[];
  readonly createdTime: number;
}

/** A line of such a file: a message as the tables have it, with what it has beside it. */
export interface ArchivedMessage {
  readonly conversation: string;
  readonly message: MessageColumns;
  readonly detail?: Readonly<Record<string, unknown>> & { readonly authorId?: number | null };
  readonly edits?: readonly object[];
}

interface MessageColumns extends Readonly<Record<string, unknown>> {
  readonly id: number;
  readonly number: number;
  readonly sendId: number;
  readonly sendTime: number;
  readonly type: number;
  readonly status: number;
  readonly content: string | null;
}

/** Where archives are. */
export interface ArchivePlace {
  readonly store: FileStore;
  /** Where files are while they are written: on the same disk, if it is one. */
  readonly incoming: string;
}

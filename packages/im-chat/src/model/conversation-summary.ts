import type { StoredMessage } from './message.ts';

/** A conversation as a line of the list. The same object as long as nothing of it changes. */
export interface ConversationSummary {
  readonly id: string;
  readonly kind: 'private' | 'group';
  /** Of the other one, or of the group. */
  readonly name: string;
  readonly thumbnail: string | null;
  /** Of the other one of two. */
  readonly userId: string | undefined;
  readonly groupId: string | undefined;
  /** False: who has left, or is no friend any more, may read on and not write. */
  readonly isIn: boolean;
  /** Numbers: the first and the last that may be seen, and up to where I have read. */
  readonly first: number;
  readonly last: number;
  readonly read: number;
  readonly unread: number;
  /** Unread messages that name me. */
  readonly mentions: number;
  readonly lastMessage: StoredMessage | undefined;
  /** When something was said last; RFC 3339. */
  readonly activeAt: string | undefined;
  readonly isPinned: boolean;
  readonly isMuted: boolean;
  /** What was written and not sent. */
  readonly draft: string;
}

export interface ConversationList {
  /** Pinned ones first, then those where something was said last. */
  readonly items: readonly ConversationSummary[];
  /** In all that are not muted. */
  readonly unread: number;
  /** The platform was asked: with no items there are none. */
  readonly isLoaded: boolean;
}

export function blank(id: string): ConversationSummary {
  return {
    ...{ id, kind: id.startsWith('group:') ? 'group' : 'private', name: '', thumbnail: null },
    ...{
      userId: undefined,
      groupId: undefined,
      isIn: true,
      first: 1,
      last: 0,
      read: 0,
      unread: 0,
      mentions: 0,
    },
    ...{ lastMessage: undefined, activeAt: undefined, isPinned: false, isMuted: false, draft: '' },
  };
}

export function inOrder(one: ConversationSummary, other: ConversationSummary): number {
  return (
    Number(other.isPinned) - Number(one.isPinned) ||
    (other.activeAt ?? '').localeCompare(one.activeAt ?? '') ||
    one.id.localeCompare(other.id)
  );
}

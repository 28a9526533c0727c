import type { components } from 'im-platform/client';
import type { StoredMessage } from './message.ts';

type Conversation = components['schemas']['Conversation'];

/** A conversation as a line of the list. The same object as long as nothing of it changes. */
export interface ConversationSummary extends Omit<Conversation, 'lastMessage'> {
  /** Of the other one, or of the group. Empty until it is known. */
  readonly name: string;
  readonly thumbnail: string | null;
  /** False: it can be read on, but nothing more said: one has left, or is no friend any more. */
  readonly canWrite: boolean;
  /** The last one that is shown. */
  readonly lastMessage: StoredMessage | null;
  /** What is said there is encrypted end to end. Absent: it is not, or nobody here knows. */
  readonly isEncrypted?: boolean;
}

export interface ConversationList {
  /** Pinned ones first, then those where something was said last; without those that are hidden. */
  readonly items: readonly ConversationSummary[];
  /** In all that are not muted. */
  readonly unread: number;
  /** The platform was asked: with no items there are none. */
  readonly isLoaded: boolean;
}

/** Of a conversation of which nothing but its name is known. */
export function blank(id: string, userId: string): ConversationSummary {
  const [kind, ...ids] = id.split(':');
  const isPrivate = kind === 'private';
  return {
    ...{ id, kind: isPrivate ? 'private' : 'group', name: '', thumbnail: null, isIn: true, canWrite: true },
    userId: isPrivate ? (ids.find((one) => one !== userId) ?? userId) : null,
    groupId: isPrivate ? null : (ids[0] ?? null),
    ...{ first: 1, last: 0, read: 0, unread: 0, mentions: 0, lastMessage: null, activeAt: '' },
    otherRead: isPrivate ? 0 : null,
    otherDelivered: isPrivate ? 0 : null,
    ...{ isMarkedUnread: false, isPinned: false, isMuted: false, isArchived: false, isHidden: false },
    ...{ draft: null, skipped: 0, stamp: 0, myStamp: 0 },
  };
}

export function inOrder(one: ConversationSummary, other: ConversationSummary): number {
  return (
    Number(other.isPinned) - Number(one.isPinned) ||
    other.activeAt.localeCompare(one.activeAt) ||
    one.id.localeCompare(other.id)
  );
}

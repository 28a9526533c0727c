import { MessageStatus, MessageType } from '../wire/message-type.ts';

/** A conversation of two or of a group, as the table has it. Its name is its key: `private:2:5`, `group:7`. */
export interface Conversation {
  readonly conversation: string;
  /** Conversations of one lane change one after the other; their stamps are of one row of numbers. */
  readonly lane: number;
  readonly lastNumber: number;
  readonly lastId: number;
  readonly lastTime: number;
  /** How many of the messages so far count for nobody. */
  readonly skipped: number;
  /** Of its last change, within its lane. */
  readonly stamp: number;
}

/** Somebody's place in a conversation. */
export interface ConversationMember {
  readonly userId: number;
  readonly conversation: string;
  /** The first message that they may see. */
  readonly firstNumber: number;
  /** The last one that they may see; null: they are in it. */
  readonly leftNumber: number | null;
  readonly leftTime: number | null;
  readonly readNumber: number;
  /** In private: up to where a device of theirs has it. What is read is delivered, whatever stands here. */
  readonly deliveredNumber: number;
  readonly skippedAtRead: number;
  readonly ownAtRead: number;
  /** How many of the messages that count are theirs. */
  readonly own: number;
  /** What was the last message when they took it off their list; null: they did not. */
  readonly hiddenNumber: number | null;
  readonly pinned: number;
  readonly muted: number;
  readonly archived: number;
  /** So by the user's wish, whatever they have read. */
  readonly markedUnread: number;
  readonly draft: string | null;
  /** Of the last change of one of the user's places. */
  readonly stamp: number;
}

/** Whether a message counts as unread for those who have not read it. */
export function counts({ type, status }: { readonly type: number; readonly status: number }): boolean {
  switch (type) {
    case MessageType.TIP_TEXT:
    case MessageType.RECALL:
      return false;
    case MessageType.ACT_RT_VOICE:
    case MessageType.ACT_RT_VIDEO:
      return status !== MessageStatus.READED;
    default:
      return true;
  }
}

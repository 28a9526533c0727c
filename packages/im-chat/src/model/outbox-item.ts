import type { Failure, LocalFile, ReplyTo, SendableContent } from './message.ts';

/** What of a message is sent, where it is encrypted. */
export interface Sealed {
  readonly content: SendableContent;
  /** The how many-th it is of what this device has sealed in the conversation. */
  readonly place: number;
}

/** What was written here and is not at the platform yet. */
export interface OutboxItem {
  /** Names it for ever: sent again with it, it is the same message. */
  readonly key: string;
  readonly conversationId: string;
  /** Rises with each one that is written on this device. */
  readonly place: number;
  readonly writtenAt: string;
  readonly content: SendableContent | LocalFile;
  /** The conversation was encrypted when it was written: it is sent encrypted or not at all. */
  readonly isEncrypted?: true;
  /** Sent again, it is the same. */
  readonly sealed?: Sealed;
  readonly mentions?: readonly string[];
  readonly replyTo?: ReplyTo;
  /** Present: it waits for somebody to decide. */
  readonly failure?: Failure;
}

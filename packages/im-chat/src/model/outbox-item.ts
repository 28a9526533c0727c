import type { Failure, LocalFile, ReplyTo, SendableContent } from './message.ts';

/** What was written here and is not at the platform yet. */
export interface OutboxItem {
  /** Names it for ever: sent again with it, it is the same message. */
  readonly key: string;
  readonly conversationId: string;
  /** Rises with each one that is written on this device. */
  readonly place: number;
  readonly writtenAt: string;
  readonly content: SendableContent | LocalFile;
  /** What of it is sent, where it is encrypted: again the same. */
  readonly sealed?: SendableContent;
  readonly mentions?: readonly string[];
  readonly replyTo?: ReplyTo;
  /** Present: it waits for somebody to decide. */
  readonly failure?: Failure;
}

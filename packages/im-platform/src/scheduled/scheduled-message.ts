import type { TextKey } from '../http/texts.ts';
import type { Saying } from '../inbox/inbox-service.ts';

export type Said = Omit<Saying, 'onceKey'> & {
  /** It was encrypted, and cannot be read: what stands here instead is not to be sent. */
  readonly isUnreadable?: boolean;
};

/** Why it was not sent. */
export interface Failure {
  readonly key: TextKey;
  readonly values: Readonly<Record<string, string>>;
}

/** What somebody says later. Times are epoch milliseconds. */
export interface ScheduledMessage {
  readonly id: number;
  readonly userId: number;
  readonly conversation: string;
  readonly said: Said;
  readonly sendTime: number;
  /** `sending`: an instance has begun, and nobody can take it back any more. What is sent is not there any more. */
  readonly state: 'waiting' | 'sending' | 'failed';
  /** When an instance looks at it; null: none does. */
  readonly nextTime: number | null;
  readonly onceKey: string;
  /** Null unless it failed. */
  readonly failure: Failure | null;
}

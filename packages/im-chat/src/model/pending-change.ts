import type { operations } from 'im-platform/client';
import type { TextContent } from './message.ts';

/** What I make of a conversation, on all of my devices; what is absent stays. */
export type ConversationChanges =
  operations['changeConversation']['requestBody']['content']['application/json'];

/** What somebody has done to a conversation, or to one of its messages. */
export type Deed =
  | { readonly is: 'change'; readonly changes: ConversationChanges }
  | { readonly is: 'recall' }
  | { readonly is: 'edit'; readonly content: TextContent; readonly mentions?: readonly string[] }
  | { readonly is: 'react'; readonly emoji: string; readonly isOn: boolean }
  | { readonly is: 'pin'; readonly isOn: boolean }
  /** For me alone. */
  | { readonly is: 'delete' };

/** A deed that is seen here already, and that the platform has not answered yet. */
export interface PendingChange {
  /** What it is about: of two with one name the later one counts. */
  readonly key: string;
  /** Rises with each one on this device. */
  readonly place: number;
  readonly conversationId: string;
  /** Of the message that it is about. */
  readonly number?: number;
  readonly deed: Deed;
  /** Not sent before: somebody may be about to change it again. Epoch milliseconds. */
  readonly after?: number;
}

import type { components, operations } from 'im-platform/client';
import type { ChatError } from '../errors.ts';

type Schemas = components['schemas'];
type Sending = operations['sendMessage']['requestBody']['content']['application/json'];

/** What the platform takes as a message. */
export type SendableContent = Sending['content'];
/** What is said in a message that the platform has. */
export type Content = Schemas['Content'];

/** A file that is on this device still: it is uploaded before its message is sent. */
export interface LocalFile {
  readonly type: 'local-file';
  /** As what it is sent. Pictures lose when and where they were taken. */
  readonly as: 'image' | 'file' | 'audio';
  readonly file: Blob;
  readonly name: string;
  /** Of what was recorded. */
  readonly durationS?: number;
}

/** As the platform answers it. `key`: its row was drawn under this name before it had a number. */
export type StoredMessage = Schemas['Message'] & { readonly key?: string };

/** Why something could not be sent. */
export interface Failure {
  readonly code: string;
  /** For the user, in their language. */
  readonly message: string;
  /** Whether sending the same again can help. */
  readonly canRetry: boolean;
}

/**
 * `received` is somebody else's. Own ones are `sending` until the platform has them, then `sent`, `delivered`, `read`; `failed`
 * ones wait for somebody to decide.
 */
export type MessageState = 'received' | 'sending' | 'failed' | 'sent' | 'delivered' | 'read' | 'recalled';

/** A message as it is shown. The same object as long as nothing of it changes. */
export interface Message {
  /** Names its row: stays what it was when a message that was written here is sent. */
  readonly key: string;
  readonly conversationId: string;
  /** 1, 2, 3 … in the conversation; undefined: it is not sent yet. */
  readonly number: number | undefined;
  readonly id: string | undefined;
  readonly senderId: string;
  /** In a group: what they were called there. */
  readonly senderName: string | null;
  readonly isMine: boolean;
  /** RFC 3339; of what is not sent when it was written. */
  readonly sentAt: string;
  readonly content: Content | LocalFile;
  readonly mentions: readonly string[];
  readonly state: MessageState;
  readonly failure?: Failure;
  /** From 0 to 1, of a file that is being uploaded. */
  readonly progress?: number;
}

/** Up to where the other one has what I wrote; in groups nobody says. */
export interface Reached {
  readonly otherRead: number | null;
  readonly otherDelivered: number | null;
}

export function show(message: StoredMessage, isMine: boolean, reached?: Reached): Message {
  const { key, id, status: _, ...shared } = message;
  return { ...shared, ...{ key: key ?? id, id, isMine }, state: stateOf(message, isMine, reached) };
}

/** What a message says of itself is never ahead of the positions, but they may not be known yet. */
export function stateOf(message: StoredMessage, isMine: boolean, reached?: Reached): MessageState {
  const { status, number } = message;
  if (status === 'recalled') return status;
  if (!isMine) return 'received';
  if (status === 'read' || number <= (reached?.otherRead ?? 0)) return 'read';
  return number <= (reached?.otherDelivered ?? 0) ? 'delivered' : status;
}

/** What a failure says of the chance of another try: what the platform cannot take, it will not take tomorrow. */
const hopeless = new Set([
  ...['INVALID_ARGUMENT', 'BODY_REFUSED', 'FILE_TOO_LARGE', 'FILE_REFUSED', 'WORD_REFUSED'],
  ...['IDEMPOTENCY_KEY_REUSED', 'NOT_FOUND'],
]);

export function toFailure({ code, message }: ChatError): Failure {
  return { code, message, canRetry: !hopeless.has(code) };
}

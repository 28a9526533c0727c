import type { components, operations } from 'im-platform/client';
import type { ChatError } from '../errors.ts';

type Schemas = components['schemas'];
type Sending = operations['sendMessage']['requestBody']['content']['application/json'];
type Editing = operations['editMessage']['requestBody']['content']['application/json'];

/** What the platform takes as a message. */
export type SendableContent = Sending['content'];
/** What is said in a message that the platform has. */
export type Content = Schemas['Content'];
/** What a text can be written over with. */
export type TextContent = Editing['content'];
/** A link or a mention in a text. */
export type Entity = Schemas['Entity'];
/** What stands of one message at another one that answers it. */
export type Quote = Schemas['Quote'];

/** A file that is on this device still: it is uploaded before its message is sent. */
export interface LocalFile {
  readonly type: 'local-file';
  /** As what it is sent. Pictures lose when and where they were taken. `drive`: it is not sent, but put into a drive. */
  readonly as: 'image' | 'file' | 'audio' | 'drive';
  readonly file: Blob;
  readonly name: string;
  /** Of what was recorded. */
  readonly durationS?: number;
  /** How loud it is: at most 64 numbers from 0 to 100. */
  readonly waveform?: readonly number[];
  /** Of a film: a picture of it. The film is sent without one that the platform does not take. */
  readonly poster?: Blob;
}

/** Why a message cannot be read here, or must not be believed. */
export type UnreadableWhy =
  /** This device was never given the key: it was not there, or not in the conversation, or the key is on its way. */
  | 'no-key'
  /** Nobody has signed the device that it comes from, or the signature is not of whom it says. */
  | 'unsigned'
  /** The person's keys are others than those that were verified. */
  | 'changed-keys'
  /** Something of it was changed on the way. */
  | 'altered'
  /** It was said before, or at another place in the conversation. */
  | 'out-of-order'
  /** Encryption is not set up on this device, or another tab has it. */
  | 'not-here';

/** The message that an encrypted one is written over with, as its own device has named it. */
export interface EditedMessage {
  readonly number: number;
  readonly deviceId: string;
  readonly place: number;
}

/** What is known of how a message was encrypted. */
export type MessageEncryption =
  | { readonly kind: 'opening' }
  /** `place`: the how many-th it is that the device said in this conversation. */
  | {
      readonly kind: 'read';
      readonly deviceId: string;
      readonly place: number;
      /** Which one before it the device knows to be said. @default the one before */
      readonly since?: number;
      /** The person or the device was compared with by somebody. */
      readonly isVerified: boolean;
      /** It stands in the place of an older one of the same person, and is not shown by itself. */
      readonly edits?: EditedMessage;
    }
  | { readonly kind: 'unreadable'; readonly why: UnreadableWhy }
  /** Said unencrypted where all else is encrypted. */
  | { readonly kind: 'plain' };

/** What an encrypted file is opened with. */
export interface FileKey {
  readonly url: string;
  readonly size: number;
  readonly info: string;
  /** Of what it is when it is open. */
  readonly mime: string;
  /** A small picture of it, if it is one: an address that begins with `data:image/`. */
  readonly preview?: string;
  /** Of the picture itself. */
  readonly width?: number;
  readonly height?: number;
}

/** As the platform answers it. */
export type StoredMessage = Schemas['Message'] & {
  /** Its row was drawn under this name before it had a number. */
  readonly key?: string;
  readonly encryption?: MessageEncryption;
  /** Of which state `myReactions` is, when not of this one. */
  readonly mineStamp?: number;
};

/** So many have reacted with an emoji. */
export interface Reaction {
  readonly emoji: string;
  readonly count: number;
  /** I am one of them. */
  readonly isMine: boolean;
}

/** What a message answers. */
export interface ReplyTo {
  readonly number: number;
  /** Null: it was taken back, or is not to be seen. Undefined: it is not known here. */
  readonly quote: Quote | null | undefined;
}

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
  /** When it was written over for the last time. */
  readonly editedAt: string | null;
  readonly replyTo: ReplyTo | null;
  /** Whose it was before; with nobody in it when that was not to be said. */
  readonly forwarded: Schemas['Message']['forwarded'];
  readonly isPinned: boolean;
  /** The first one first. */
  readonly reactions: readonly Reaction[];
  readonly state: MessageState;
  /** Absent: it was not encrypted, and need not be. */
  readonly encryption?: MessageEncryption;
  readonly failure?: Failure;
  /** From 0 to 1, of a file that is being uploaded. */
  readonly progress?: number;
}

/** Up to where the other one has what I wrote; in groups nobody says. */
export interface Reached {
  readonly otherRead: number | null;
  readonly otherDelivered: number | null;
}

/** `quote`: of what it answers, as it is known now. */
export function show(
  message: StoredMessage,
  isMine: boolean,
  {
    reached,
    quote = message.replyTo?.quote,
  }: { readonly reached?: Reached; readonly quote?: ReplyTo['quote'] } = {},
): Message {
  const { conversationId, number, id, key = id, senderId, senderName, sentAt, content, mentions } = message;
  const { editedAt, replyTo, forwarded, isPinned, reactions, myReactions = [] } = message;
  return {
    ...{ key, conversationId, number, id, senderId, senderName, isMine, sentAt, content, mentions },
    ...{ editedAt, forwarded, isPinned, replyTo: replyTo && { number: replyTo.number, quote } },
    reactions: reactions.map((one) => ({ ...one, isMine: myReactions.includes(one.emoji) })),
    state: stateOf(message, isMine, reached),
    ...(message.encryption && { encryption: message.encryption }),
  };
}

/** What opens a file that came encrypted; undefined: it needs nothing. */
export function fileKeyOf(content: Content | LocalFile): FileKey | undefined {
  return (content as { readonly key?: FileKey }).key;
}

const longestQuote = 100;

/** What stands of it at one that answers it; null: nothing any more. */
export function quoteOf({ senderId, senderName, content }: StoredMessage): Quote | null {
  if (content.type === 'recalled') return null;
  const words = 'text' in content ? content.text : content.type === 'file' ? (content.name ?? '') : '';
  // Not through the middle of a character.
  const text = words.slice(0, longestQuote).replace(/[\uD800-\uDBFF]$/, '');
  return { senderId, senderName, type: content.type, text };
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

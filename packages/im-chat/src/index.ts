// The device half of a chat on im-platform: everything that a page needs and that is not a page.
export { Calls } from './calls/calls.ts';
export { Chat } from './chat.ts';
export type { Credentials, Registration, SecondStep } from './chat.ts';
export { Conversation } from './conversation.ts';
export type { Encryption } from './encryption/encryption.ts';
export { ChatError } from './errors.ts';
export type { ChatErrorCode } from './errors.ts';
export type { ChatEvents, JoinRequest, Refusal } from './events.ts';
export type { ExportOptions } from './files/export.ts';
export type { UploadOptions } from './files/upload.ts';
export type { Call, CallEnd, CallMode, CallState } from './model/call.ts';
export type { ConversationList, ConversationSummary } from './model/conversation-summary.ts';
export { isLinkOver } from './model/links.ts';
export { fileKeyOf } from './model/message.ts';
export type {
  Content,
  Entity,
  Failure,
  FileKey,
  LocalFile,
  Message,
  MessageEncryption,
  MessageState,
  Quote,
  Reaction,
  ReplyTo,
  SendableContent,
  StoredMessage,
  TextContent,
  UnreadableWhy,
} from './model/message.ts';
export type { ConversationView } from './messages/timeline.ts';
export type { ChatOptions } from './options.ts';
export type { OutboxItem } from './model/outbox-item.ts';
export type { ConversationChanges, Deed, PendingChange } from './model/pending-change.ts';
export type { User } from './people/cards.ts';
export type { Block, ContactList, Friend, FriendRequest, Group } from './model/contact-list.ts';
export { Contacts } from './people/contacts.ts';
export { GroupDetails } from './people/group-details.ts';
export type { GroupChanges, GroupView, Member } from './people/group-details.ts';
export type { MyChanges, Myself } from './people/me.ts';
export type { Presence, Typist } from './model/presence.ts';
export { randomId } from './random-id.ts';
export type { Readable } from './readable.ts';
export type { Connection, Session, SignedOutWhy } from './session.ts';
export { memoryStore } from './store/memory-store.ts';
export type { Change, ChatStore, Key, Span, Table, Tables, UserStore } from './store/store.ts';
export { localStorageTokens, memoryTokens } from './api/tokens.ts';
export { tipIn } from 'im-platform/client';
export type { ApiClient, ApiTokens, components, TokenStore } from 'im-platform/client';

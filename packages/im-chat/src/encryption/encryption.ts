import type { ApiClient } from 'im-platform/client';
import type { ChatError } from '../errors.ts';
import type { FileKey, LocalFile, SendableContent, StoredMessage } from '../model/message.ts';
import type { OutboxItem, Sealed } from '../model/outbox-item.ts';
import type { Change, UserStore } from '../store/store.ts';

// What the rest knows of encryption. Who does it is loaded by those alone who use it: im-chat/end-to-end.

/** What a push says of keys. */
export type EncryptionNews =
  | { readonly kind: 'messages' }
  | { readonly kind: 'devices'; readonly userId: string }
  | { readonly kind: 'conversation'; readonly conversationId: string };

export interface EncryptionDeps {
  readonly userId: string;
  readonly api: ApiClient;
  readonly store: Pick<UserStore, 'get' | 'write'>;
  /** Of what is known of a conversation. */
  lastNumber(conversationId: string): number;
  /** Something of it is to be seen otherwise; undefined: of all. */
  onChanged(conversationId?: string): void;
  onError(error: ChatError): void;
}

/** What was sent, and with which key. */
export type Sent = Pick<OutboxItem, 'key' | 'conversationId'> & { readonly sealed: Sealed };

/** Of one who is signed in. */
export interface AccountEncryption {
  /** This tab, and no other one, has the keys. */
  lead(): void;
  online(): void;
  heard(news: EncryptionNews): void;
  /** This device has keys: it can encrypt, or says why not. */
  readonly isSetUp: boolean;
  isEncrypted(conversationId: string): boolean;
  /** It was, as far as an earlier page knew: so it is. */
  staysEncrypted(conversationId: string): Promise<void>;
  /** Undefined: the conversation is not encrypted. `key`: what it is sent with. */
  seal(conversationId: string, content: SendableContent, key: string): Promise<Sealed | undefined>;
  /** The platform has it, or another one with the same key. What is written down of it. Throws when what it has is neither. */
  arrived(answer: StoredMessage, sent: Sent): Promise<readonly Change[]>;
  /** What is said in the place of a message of mine. */
  sealEdit(conversationId: string, number: number, content: SendableContent): Promise<SendableContent>;
  /** The numbers of what was said in the place of a message, as far as it is known here. */
  editsOf(conversationId: string, number: number): readonly number[];
  /** What is in a file of a message. */
  openFile(key: FileKey): Promise<Blob>;
  /** The file as it is uploaded, and what opens it. */
  sealFile(file: LocalFile): Promise<{ readonly file: LocalFile; readonly key: Omit<FileKey, 'url'> }>;
  /** The same object as long as nothing of it changes. */
  reveal(message: StoredMessage): StoredMessage;
  forget(): Promise<void>;
  close(): void;
}

/** The option `encryption` of a chat. */
export interface Encryption {
  /** @internal */
  open(deps: EncryptionDeps): Promise<AccountEncryption>;
}

import type { Problem } from 'im-platform/client';

/** What happens on this side. What the platform refuses has its own code: docs/errors.md, ApiProblem. */
export type ChatErrorCode =
  /** An option or an argument is wrong; the message names it. */
  | 'INVALID_OPTION'
  /** Nobody is signed in. */
  | 'SIGNED_OUT'
  /** The chat is closed, or somebody else has signed in meanwhile. */
  | 'CLOSED'
  /** The platform did not answer, or something between did. */
  | 'NO_ANSWER'
  /** The local store does not take or give anything: `cause` has why. */
  | 'STORE_FAILED'
  /** There is a call already. */
  | 'CALLING'
  /** Encryption is not set up on this device. */
  | 'ENCRYPTION_OFF'
  /** Another tab of the browser has the keys. */
  | 'OTHER_TAB'
  /** The person's other devices do not know this one yet. */
  | 'DEVICE_NOT_SIGNED'
  /** Another device of the person has removed this one. */
  | 'DEVICE_REMOVED'
  /** Nobody else there could read it. */
  | 'NO_KEYS'
  /** The keys of somebody there are others than before. */
  | 'KEYS_CHANGED'
  | 'RECOVERY_KEY_WRONG'
  /** A file that is to be sent was changed or is gone since it was chosen. */
  | 'FILE_UNREADABLE'
  /** A file is not what was said. */
  | 'FILE_ALTERED'
  /** The platform answers with another message than was sent. */
  | 'OTHER_MESSAGE'
  /** It would tell the platform what is encrypted. */
  | 'NOT_ENCRYPTED';

/** The one error class of the package: `code` says what happened, `message` is for the user. */
export class ChatError extends Error {
  readonly code: ChatErrorCode | (string & {});
  /** Whether the same may succeed later, without anybody changing anything. */
  readonly retryable: boolean;
  /** For whoever wrote the program. */
  readonly cure: string;
  /** After which it makes sense to try again, where the platform says so. */
  readonly retryAfterMs: number | undefined;
  /** Of SECOND_FACTOR_NEEDED: what `signIn` takes together with the code. */
  readonly ticket: string | undefined;
  /** What was wrong with which value. */
  readonly errors: Problem['errors'];

  constructor(code: ChatErrorCode | (string & {}), message: string, more: ChatErrorDetails = {}) {
    super(message, { cause: more.cause });
    this.name = 'ChatError';
    this.code = code;
    this.retryable = more.retryable ?? false;
    this.cure = more.cure ?? '';
    this.retryAfterMs = more.retryAfterMs;
    this.ticket = more.ticket;
    this.errors = more.errors;
  }
}

interface ChatErrorDetails {
  readonly retryable?: boolean;
  readonly cure?: string;
  readonly retryAfterMs?: number | undefined;
  readonly ticket?: string | undefined;
  readonly errors?: Problem['errors'];
  readonly cause?: unknown;
}

export function toChatError(error: unknown): ChatError {
  if (error instanceof ChatError) return error;
  return new ChatError('NO_ANSWER', 'The platform did not answer.', {
    retryable: true,
    cure: 'Nothing; it is tried again. If it stays so, look at `url` and at what stands between.',
    cause: error,
  });
}

export function closed(): ChatError {
  return new ChatError('CLOSED', 'The chat was closed, or somebody else has signed in.', {
    cure: 'Ask the chat of the page again for what is open.',
  });
}

export function otherMessage(): ChatError {
  return new ChatError('OTHER_MESSAGE', 'The platform answered with another message than was sent.', {
    cure: 'Send it again. If it stays so, do not trust the platform, or what stands between.',
  });
}

import type { components } from 'im-platform/client';
import type { ChatError } from './errors.ts';
import type { Message } from './model/message.ts';
import type { Deed } from './model/pending-change.ts';
import type { Session } from './session.ts';

export interface Refusal {
  readonly conversationId: string;
  /** Of the message, if it was done to one. */
  readonly number: number | undefined;
  readonly deed: Deed;
  /** `message` is for the user. */
  readonly error: ChatError;
}

/** Somebody asks to be let into a group that I lead. */
export type JoinRequest = components['schemas']['JoinRequest'] & { readonly groupId: string };

/** The events of a chat, as the handlers that take them. */
export interface ChatEvents {
  /** Somebody else has just said something: what a notification is for. What is fetched later is no news. */
  message: (message: Message) => void;
  /** What was written here is stored by the platform. */
  sent: (message: Message) => void;
  /** It cannot be sent as it is: `message.failure` says why, and whether trying again can help. */
  failed: (message: Message) => void;
  /** What was done to a conversation, or to a message of it, is not wanted: it is as it was before. */
  refused: (refusal: Refusal) => void;
  /** Somebody has signed in here, or nobody is any more: `chat.session` says why. */
  session: (session: Session) => void;
  /** Friends, requests, groups or blocks may not be what they were. `chat.contacts` is told by itself. */
  people: () => void;
  /** Somebody asks to be let into a group that I lead. Those that are missed `chat.api` has. */
  joinRequest: (request: JoinRequest) => void;
  /** A push that im-chat makes nothing of, as the platform sent it: what newer platforms say. */
  push: (kind: string, data: unknown) => void;
  /** Something went wrong that nobody waits for. The chat goes on. Without a handler it is written to the console. */
  error: (error: ChatError) => void;
}

export class Emitter {
  readonly #handlers = new Map<keyof ChatEvents, Set<(...values: unknown[]) => void>>();

  on<Name extends keyof ChatEvents>(name: Name, handler: ChatEvents[Name]): () => void {
    let handlers = this.#handlers.get(name);
    if (!handlers) this.#handlers.set(name, (handlers = new Set()));
    const own = handler as (...values: unknown[]) => void; // called with what is of this very event
    handlers.add(own);
    return () => handlers.delete(own);
  }

  emit<Name extends keyof ChatEvents>(name: Name, ...values: Parameters<ChatEvents[Name]>): void {
    const handlers = [...(this.#handlers.get(name) ?? [])];
    if (name === 'error' && handlers.length === 0) console.error(...values);
    for (const handler of handlers) {
      try {
        handler(...values);
      } catch (error) {
        console.error(`A handler of "${name}" failed:`, error);
      }
    }
  }
}

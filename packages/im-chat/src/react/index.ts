// `im-chat/react`: what a chat has as hooks of React, which may be called twice and thrown away as StrictMode does it.
import {
  createContext,
  createElement,
  useContext,
  useEffect,
  useRef,
  useSyncExternalStore,
  type ReactElement,
  type ReactNode,
} from 'react';
import type { Chat } from '../chat.ts';
import type { Conversation } from '../conversation.ts';
import { ChatError } from '../errors.ts';
import type { ChatEvents } from '../events.ts';
import type { ConversationView } from '../messages/timeline.ts';
import type { ConversationList, ConversationSummary } from '../model/conversation-summary.ts';
import type { Readable } from '../readable.ts';
import type { Session } from '../session.ts';

const ChatContext = createContext<Chat | undefined>(undefined);

/** All components inside have this chat. */
export function ChatProvider(props: { readonly chat: Chat; readonly children?: ReactNode }): ReactElement {
  return createElement(ChatContext.Provider, { value: props.chat }, props.children);
}

export function useChat(): Chat {
  const chat = useContext(ChatContext);
  if (!chat)
    throw new ChatError('INVALID_OPTION', 'There is no chat here.', {
      cure: 'Put the component inside of a `<ChatProvider chat={chat}>`.',
    });
  return chat;
}

/** The value of whatever can be subscribed to, now and after each change. */
export function useReadable<Value>(readable: Readable<Value>): Value;
export function useReadable<Value>(readable: Readable<Value> | undefined): Value | undefined;
export function useReadable<Value>(readable: Readable<Value> | undefined): Value | undefined {
  const { subscribe, get } = readable ?? nothing;
  return useSyncExternalStore<Value | undefined>(subscribe, get, get);
}

export function useSession(): Session {
  return useReadable(useChat().session);
}

export function useConversations(): ConversationList {
  return useReadable(useChat().conversations);
}

export interface UsedConversation {
  /** What can be done there; undefined: nobody is signed in, or no conversation is chosen. */
  readonly conversation: Conversation | undefined;
  readonly view: ConversationView | undefined;
  /** As the list has it. */
  readonly summary: ConversationSummary | undefined;
}

/** One conversation, as long as the component is there; of whoever is signed in. */
export function useConversation(id: string | undefined): UsedConversation {
  const chat = useChat();
  useConversations();
  const isThere = useSession().kind === 'signed-in' && chat.session.get().kind === 'signed-in';
  // Asked for each time: one that nobody subscribed to so far may be let go of.
  const conversation = isThere && id !== undefined ? chat.conversation(id) : undefined;
  return { conversation, view: useReadable(conversation), summary: conversation?.summary };
}

/** Calls the newest handler as long as the component is there. */
export function useChatEvent<Name extends keyof ChatEvents>(name: Name, handler: ChatEvents[Name]): void {
  const chat = useChat();
  const newest = useRef(handler);
  useEffect(() => {
    newest.current = handler;
  });
  useEffect(() => {
    const call = (...values: Parameters<ChatEvents[Name]>): void =>
      (newest.current as (...values: Parameters<ChatEvents[Name]>) => void)(...values);
    return chat.on(name, call as ChatEvents[Name]); // of this very event
  }, [chat, name]);
}

const nothing: Readable<undefined> = { get: () => undefined, subscribe: () => () => undefined };

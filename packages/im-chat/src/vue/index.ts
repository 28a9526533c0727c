// `im-chat/vue`: what a chat has as refs of Vue 3, let go of with the component that uses them.
import {
  computed,
  inject,
  onScopeDispose,
  shallowRef,
  toRaw,
  toValue,
  watch,
  type App,
  type ComputedRef,
  type InjectionKey,
  type MaybeRefOrGetter,
  type ShallowRef,
} from 'vue';
import type { Chat } from '../chat.ts';
import type { Conversation } from '../conversation.ts';
import { ChatError } from '../errors.ts';
import type { ChatEvents } from '../events.ts';
import type { ConversationView } from '../messages/timeline.ts';
import type { ConversationList, ConversationSummary } from '../model/conversation-summary.ts';
import type { Readable } from '../readable.ts';
import type { Session } from '../session.ts';

const chatKey: InjectionKey<Chat> = Symbol('im-chat');

/** `app.use(chatPlugin(chat))`: all components have this chat. */
export function chatPlugin(chat: Chat): { install(app: App): void } {
  return { install: (app) => void app.provide(chatKey, chat) };
}

export function useChat(): Chat {
  const chat = inject(chatKey, undefined);
  if (!chat)
    throw new ChatError('INVALID_OPTION', 'There is no chat here.', {
      cure: 'Call `app.use(chatPlugin(chat))` before, and this in the setup of a component.',
    });
  return chat;
}

/** The value of whatever can be subscribed to, now and after each change; a getter may come to another one. */
export function useReadable<Value>(readable: Readable<Value>): Readonly<ShallowRef<Value>>;
export function useReadable<Value>(
  readable: MaybeRefOrGetter<Readable<Value> | undefined>,
): Readonly<ShallowRef<Value | undefined>>;
export function useReadable<Value>(
  readable: MaybeRefOrGetter<Readable<Value> | undefined>,
): Readonly<ShallowRef<Value | undefined>> {
  const value = shallowRef<Value>();
  watch(
    // Whoever has put it into something reactive means the same.
    () => toRaw(toValue(readable)),
    (current, _, onCleanup) => {
      value.value = current?.get();
      if (current) onCleanup(current.subscribe(() => (value.value = current.get())));
    },
    { immediate: true, flush: 'sync' },
  );
  return value;
}

export function useSession(): Readonly<ShallowRef<Session>> {
  return useReadable(useChat().session);
}

export function useConversations(): Readonly<ShallowRef<ConversationList>> {
  return useReadable(useChat().conversations);
}

export interface UsedConversation {
  /** What can be done there; undefined: nobody is signed in, or no conversation is chosen. */
  readonly conversation: ComputedRef<Conversation | undefined>;
  readonly view: Readonly<ShallowRef<ConversationView | undefined>>;
  /** As the list has it. */
  readonly summary: Readonly<ShallowRef<ConversationSummary | undefined>>;
}

/** One conversation, as long as the component is there; of whoever is signed in. */
export function useConversation(id: MaybeRefOrGetter<string | undefined>): UsedConversation {
  const chat = useChat();
  const [session, list] = [useSession(), useConversations()];
  const conversation = computed(() => {
    const wanted = toValue(id);
    // The ref is told a moment later than it is true.
    const isSignedIn = [session.value, chat.session.get()].every(({ kind }) => kind === 'signed-in');
    return isSignedIn && wanted !== undefined ? chat.conversation(wanted) : undefined;
  });
  const summary = shallowRef<ConversationSummary>();
  watch([conversation, list], ([current]) => (summary.value = current?.summary), {
    ...{ immediate: true, flush: 'sync' },
  });
  return { conversation, view: useReadable(conversation), summary };
}

/** Calls back as long as the component is there. */
export function useChatEvent<Name extends keyof ChatEvents>(name: Name, handler: ChatEvents[Name]): void {
  onScopeDispose(useChat().on(name, handler));
}

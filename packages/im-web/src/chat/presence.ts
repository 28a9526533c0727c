import { useElementVisibility } from '@vueuse/core';
import type { Presence, Typist } from 'im-chat';
import { computed, type Ref, type ShallowRef } from 'vue';
import { chat, isSignedIn, myId } from './chat.ts';
import { systemAccountId } from './people.ts';
import { useReadable } from './use-readable.ts';

/** Whether somebody is there; with an element only as long as that is on the screen, as nobody else is asked for. */
export function usePresence(
  userId: () => string | null | undefined,
  element?: Readonly<Ref<HTMLElement | null>>,
): Readonly<ShallowRef<Presence | undefined>> {
  const isOnScreen = element ? useElementVisibility(element) : computed(() => true);
  return useReadable(() => {
    const id = userId();
    const isSomebody = id != null && id !== systemAccountId && id !== myId.value;
    return isSomebody && isOnScreen.value && isSignedIn.value ? chat.presence(id) : undefined;
  });
}

/** Who is writing in a conversation. */
export function useTyping(id: () => string): Readonly<ShallowRef<readonly Typist[] | undefined>> {
  return useReadable(() => (isSignedIn.value ? chat.typing(id()) : undefined));
}

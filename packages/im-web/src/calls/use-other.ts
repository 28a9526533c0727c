import { computed, type ComputedRef } from 'vue';
import { contacts, user } from '../chat/people.ts';

/** How somebody is called and looks who may be a friend. */
export function useOther(
  userId: () => string,
): ComputedRef<{ readonly name: string; readonly thumbnail: string | null }> {
  return computed(() => {
    const friend = contacts.friends.find((one) => one.userId === userId());
    const who = friend ?? user(userId());
    return { name: who?.nickName ?? '…', thumbnail: who?.thumbnail ?? null };
  });
}

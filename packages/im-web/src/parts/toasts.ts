import { shallowRef } from 'vue';
import { explain } from '../chat/api.ts';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly isBad: boolean;
}

export const toasts = shallowRef<readonly Toast[]>([]);
let nextId = 1;

export function say(text: string, isBad = false): void {
  const toast = { id: nextId++, text, isBad };
  toasts.value = [...toasts.value.slice(-2), toast];
  setTimeout(
    () => {
      toasts.value = toasts.value.filter(({ id }) => id !== toast.id);
    },
    isBad ? 8_000 : 4_000,
  );
}

/** Does it, and tells when it fails. */
export async function attempt(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    say(explain(error), true);
    return false;
  }
}

import { shallowRef } from 'vue';
import { explain } from '../chat/api.ts';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly isBad: boolean;
  /** What can be done about it. */
  readonly deed?: ToastDeed | undefined;
}

export interface ToastDeed {
  readonly name: string;
  readonly act: () => void;
}

export const toasts = shallowRef<readonly Toast[]>([]);
let nextId = 1;

export function say(text: string, isBad = false, deed?: ToastDeed): void {
  const toast = { id: nextId++, text, isBad, deed };
  toasts.value = [...toasts.value.slice(-2), toast];
  setTimeout(
    () => {
      toasts.value = toasts.value.filter(({ id }) => id !== toast.id);
    },
    deed ? 20_000 : isBad ? 8_000 : 4_000,
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

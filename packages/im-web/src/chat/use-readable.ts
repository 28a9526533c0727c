import type { Readable } from 'im-chat';
import { onScopeDispose, shallowRef, watchEffect, type ShallowRef } from 'vue';

/** What a value of im-chat is now, for as long as the component lives; follows a getter to another one. */
export function useReadable<Value>(
  source: () => Readable<Value> | undefined,
): Readonly<ShallowRef<Value | undefined>> {
  const value = shallowRef<Value>();
  let letGo = (): void => undefined;
  watchEffect(
    () => {
      letGo();
      const readable = source();
      value.value = readable?.get();
      letGo = readable?.subscribe(() => (value.value = readable.get())) ?? (() => undefined);
    },
    { flush: 'sync' },
  );
  onScopeDispose(() => letGo());
  return value;
}

/** The same for what lives as long as the page. */
export function follow<Value>(readable: Readable<Value>): Readonly<ShallowRef<Value>> {
  const value = shallowRef(readable.get());
  readable.subscribe(() => (value.value = readable.get()));
  return value;
}

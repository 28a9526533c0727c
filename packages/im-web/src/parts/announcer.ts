import { shallowRef } from 'vue';

/** What a screen reader says: new messages of a second together. */
export const announced = shallowRef('');
let waiting: string[] = [];

export function announce(text: string): void {
  waiting.push(text);
  if (waiting.length > 1) return;
  setTimeout(() => {
    announced.value = waiting.join('. ');
    waiting = [];
  }, 300);
}

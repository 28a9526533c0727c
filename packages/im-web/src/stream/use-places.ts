import { unrefElement } from '@vueuse/core';
import type { VirtualizerHandle } from 'virtua/vue';
import { computed, type ComponentPublicInstance, type ComputedRef, type ShallowRef } from 'vue';

export type RowList = VirtualizerHandle & ComponentPublicInstance;

/** So near to the end counts as there. */
const nearPx = 80;

/** Where the rows are in what scrolls, and the way to them. */
export interface Places {
  /** What holds the rows. */
  readonly content: ComputedRef<HTMLElement | undefined>;
  /** How far the rows are scrolled; below zero while there are too few to fill the place. */
  top(): number;
  isNearEnd(): boolean;
  toEnd(): void;
  toRow(index: number, align: 'start' | 'center'): Promise<void>;
}

export function usePlaces(
  scroller: Readonly<ShallowRef<HTMLElement | null>>,
  list: Readonly<ShallowRef<RowList | null>>,
): Places {
  const content = computed(() => unrefElement(list) as HTMLElement | undefined);
  return {
    content,
    top: () => (scroller.value?.scrollTop ?? 0) - (content.value?.offsetTop ?? 0),
    isNearEnd() {
      const { value: element } = scroller;
      return !element || element.scrollHeight - element.scrollTop - element.clientHeight < nearPx;
    },
    toEnd() {
      const { value: element } = scroller;
      if (element) element.scrollTop = element.scrollHeight;
    },
    async toRow(index, align) {
      // Rows are measured when they are drawn: the second step begins at what is true.
      for (let step = 0; step < 2; step += 1) {
        list.value?.scrollToIndex(index, { align });
        await nextFrame();
      }
    },
  };
}

export function nextFrame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => resolve()));
}

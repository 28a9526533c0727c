import { ref, type Ref, type ShallowRef } from 'vue';
import { dayName } from '../text/times.ts';
import type { Row } from './rows.ts';
import type { RowList } from './use-places.ts';

/** As high as the line is that begins a day. */
const dayPx = 40;
/** So long it is shown after the last step. */
const shownMs = 1_200;

/** Of which day the topmost message is, for somebody who scrolls; '' for others, and where the page says so itself. */
export function useTopDay(
  rows: Readonly<ShallowRef<readonly Row[]>>,
  list: Readonly<ShallowRef<RowList | null>>,
): { readonly topDay: Readonly<Ref<string>>; readonly tellDay: (top: number) => void } {
  const topDay = ref('');
  let quiet: ReturnType<typeof setTimeout> | undefined;

  function dayAt(top: number): string {
    const { value: handle } = list;
    if (!handle) return '';
    const index = handle.findItemIndex(top);
    const below = handle.findItemIndex(top + dayPx);
    const saidFrom = top - handle.getItemOffset(index) < dayPx ? index : index + 1;
    if (rows.value.slice(saidFrom, below + 1).some(({ day }) => day !== undefined)) return '';
    const first = rows.value[index];
    return first ? dayName(first.message.sentAt) : '';
  }

  return {
    topDay,
    tellDay(top) {
      clearTimeout(quiet);
      quiet = setTimeout(() => (topDay.value = ''), shownMs);
      topDay.value = dayAt(Math.max(0, top));
    },
  };
}

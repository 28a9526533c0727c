import { useMediaQuery, useDocumentVisibility, useWindowFocus } from '@vueuse/core';
import { computed } from 'vue';

/** One column. */
export const isPhone = useMediaQuery('(max-width: 719px)');
/** The panel stands beside the conversation. */
export const isWide = useMediaQuery('(min-width: 1100px)');
export const isTouch = useMediaQuery('(pointer: coarse)');

const visibility = useDocumentVisibility();
const hasFocus = useWindowFocus();
/** Somebody looks at this page, as far as a page can know. */
export const isSeen = computed(() => visibility.value === 'visible' && hasFocus.value);

import type { Directive } from 'vue';

/** Has the focus when it comes; `autofocus` is only obeyed once in the life of a page. */
export const vFocus: Directive<HTMLElement, boolean | undefined> = {
  mounted(element, { value }) {
    if (value !== false) element.focus();
  },
};

import { usePreferredDark } from '@vueuse/core';
import { computed, ref, watchEffect } from 'vue';

export type Theme = 'system' | 'light' | 'dark';

const key = 'im-web:theme';
const kept = localStorage.getItem(key);

/** What somebody has chosen on this device. */
export const theme = ref<Theme>(kept === 'light' || kept === 'dark' ? kept : 'system');

const prefersDark = usePreferredDark();
const isDark = computed(() => (theme.value === 'system' ? prefersDark.value : theme.value === 'dark'));

watchEffect(() => {
  document.documentElement.dataset['theme'] = isDark.value ? 'dark' : 'light';
});

export function choose(chosen: Theme): void {
  theme.value = chosen;
  if (chosen === 'system') localStorage.removeItem(key);
  else localStorage.setItem(key, chosen);
}

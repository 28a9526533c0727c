import { computed, ref, watchEffect } from 'vue';
import { createI18n } from 'vue-i18n';
import en from '../locales/en.json';

export type Language = 'en' | 'zh';
export type TextKey = keyof typeof en;

const key = 'im-web:language';
const kept = localStorage.getItem(key);

/** What somebody has chosen on this device; undefined: as the browser. */
export const chosenLanguage = ref<Language | undefined>(kept === 'en' || kept === 'zh' ? kept : undefined);
export const language = computed<Language>(
  () => chosenLanguage.value ?? (navigator.language.startsWith('zh') ? 'zh' : 'en'),
);

const messages: Record<string, typeof en> = { en };

export const i18n = createI18n({
  legacy: false,
  locale: 'en',
  fallbackLocale: 'en',
  messages,
});

/** A text of the page in the language of now; drawn again when that changes. */
export function t(name: TextKey, values: Readonly<Record<string, unknown>> = {}): string {
  const { n } = values;
  return typeof n === 'number' ? i18n.global.t(name, values, n) : i18n.global.t(name, values);
}

/** Before the first text is drawn, and at each change. */
export async function loadLanguage(): Promise<void> {
  const wanted = language.value;
  if (wanted === 'zh' && !i18n.global.availableLocales.includes('zh'))
    i18n.global.setLocaleMessage('zh', (await import('../locales/zh.json')).default);
  i18n.global.locale.value = wanted;
}

watchEffect(() => {
  document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en';
});

export async function chooseLanguage(chosen: Language | undefined): Promise<void> {
  chosenLanguage.value = chosen;
  if (chosen === undefined) localStorage.removeItem(key);
  else localStorage.setItem(key, chosen);
  await loadLanguage();
}

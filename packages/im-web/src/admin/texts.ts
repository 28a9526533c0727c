import en from '../locales/admin-en.json';
import zh from '../locales/admin-zh.json';
import { i18n } from '../text/i18n.ts';

// Texts of the pages for admins, which come with them: nobody else loads them.
i18n.global.mergeLocaleMessage('en', { admin: en });
i18n.global.mergeLocaleMessage('zh', { admin: zh });

type AdminText = keyof typeof en;

/** As `t` of the page. */
export function a(name: AdminText, values: Readonly<Record<string, unknown>> = {}): string {
  const key = `admin.${name}`;
  const { n } = values;
  return typeof n === 'number' ? i18n.global.t(key, values, n) : i18n.global.t(key, values);
}

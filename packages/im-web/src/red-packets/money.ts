import { language } from '../text/i18n.ts';

/** Hundredths, as people read them: 1,234.50 */
export function money(hundredths: number): string {
  const locale = language.value === 'zh' ? 'zh-CN' : 'en';
  const two = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return new Intl.NumberFormat(locale, two).format(hundredths / 100);
}

/** What somebody has typed, in hundredths; undefined: it is no amount. */
export function hundredthsIn(typed: string): number | undefined {
  const [, whole = '', part = ''] = /^\s*(\d{1,9})(?:[.,](\d{1,2}))?\s*$/.exec(typed) ?? [];
  const amount = whole === '' ? 0 : Number(whole) * 100 + Number(part.padEnd(2, '0'));
  return amount > 0 ? amount : undefined;
}

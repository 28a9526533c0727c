import en from '../locales/packets-en.json';
import zh from '../locales/packets-zh.json';
import { i18n } from '../text/i18n.ts';

// Texts of red packets, which come with them.
i18n.global.mergeLocaleMessage('en', { packets: en });
i18n.global.mergeLocaleMessage('zh', { packets: zh });

export type PacketText = keyof typeof en;

/** As `t` of the page. */
export function p(name: PacketText, values: Readonly<Record<string, unknown>> = {}): string {
  const key = `packets.${name}`;
  const { n } = values;
  return typeof n === 'number' ? i18n.global.t(key, values, n) : i18n.global.t(key, values);
}

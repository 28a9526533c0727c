import en from '../locales/drive-en.json';
import zh from '../locales/drive-zh.json';
import { i18n } from '../text/i18n.ts';

// Texts of the drive, which come with its pages.
i18n.global.mergeLocaleMessage('en', { drive: en });
i18n.global.mergeLocaleMessage('zh', { drive: zh });

type DriveText = keyof typeof en;

/** As `t` of the page. */
export function d(name: DriveText, values: Readonly<Record<string, unknown>> = {}): string {
  return i18n.global.t(`drive.${name}`, values);
}

import { useIntervalFn, useNow } from '@vueuse/core';
import { language } from './i18n.ts';
import { t } from './i18n.ts';

/** So that "today" becomes "yesterday" on a page that stays open. */
const now = useNow({ scheduler: (tick) => useIntervalFn(tick, 60_000) });

const formats = new Map<string, Intl.DateTimeFormat>();

function format(date: Date, options: Intl.DateTimeFormatOptions): string {
  const key = language.value + JSON.stringify(options);
  let made = formats.get(key);
  if (!made)
    formats.set(key, (made = new Intl.DateTimeFormat(language.value === 'zh' ? 'zh-CN' : 'en', options)));
  return made.format(date);
}

/** 21:05 */
export function clock(at: string): string {
  return format(new Date(at), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

export function isAhead(at: string): boolean {
  return Date.parse(at) > now.value.getTime();
}

/** The day that a message is of, for comparing. */
export function dayOf(at: string): string {
  return new Date(at).toDateString();
}

function daysAgo(date: Date): number {
  const midnight = (of: Date): number => new Date(of.getFullYear(), of.getMonth(), of.getDate()).getTime();
  return Math.round((midnight(now.value) - midnight(date)) / 86_400_000);
}

/** Today, Yesterday, Tuesday, November 24 */
export function dayName(at: string): string {
  const date = new Date(at);
  const ago = daysAgo(date);
  if (ago === 0) return t('today');
  if (ago === 1) return t('yesterday');
  const isThisYear = date.getFullYear() === now.value.getFullYear();
  return format(date, {
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    ...(!isThisYear && { year: 'numeric' }),
  });
}

/** As short as a list has room for: 21:42, Yesterday, Tue, Nov 12, 2024-11-12. */
export function shortTime(at: string): string {
  if (at === '') return '';
  const date = new Date(at);
  const ago = daysAgo(date);
  if (ago <= 0) return clock(at);
  if (ago === 1) return t('yesterday');
  if (ago < 7) return format(date, { weekday: 'short' });
  if (date.getFullYear() === now.value.getFullYear()) return format(date, { month: 'short', day: 'numeric' });
  return format(date, { year: 'numeric', month: 'numeric', day: 'numeric' });
}

/** Just now, 5 minutes ago, yesterday, Nov 12 */
export function ago(at: string): string {
  const date = new Date(at);
  const minutes = Math.floor((now.value.getTime() - date.getTime()) / 60_000);
  if (minutes < 1) return t('justNow');
  const relative = new Intl.RelativeTimeFormat(language.value === 'zh' ? 'zh-CN' : 'en', { numeric: 'auto' });
  if (minutes < 60) return relative.format(-minutes, 'minute');
  const days = daysAgo(date);
  if (days === 0 || minutes < 6 * 60) return relative.format(-Math.floor(minutes / 60), 'hour');
  return days < 7 ? relative.format(-days, 'day') : shortTime(at);
}

/** Nov 24 */
export function shortDay(at: string): string {
  const date = new Date(at);
  const isThisYear = date.getFullYear() === now.value.getFullYear();
  return format(date, { month: 'short', day: 'numeric', ...(!isThisYear && { year: 'numeric' }) });
}

/** November 24 at 21:42 */
export function fullTime(at: string): string {
  return format(new Date(at), { dateStyle: 'long', timeStyle: 'short' });
}

/** 1:05 */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

const steps = ['B', 'KB', 'MB', 'GB'] as const;

/** 2.4 MB */
export function fileSize(bytes: number): string {
  const step = Math.min(steps.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1_000 ** step;
  return `${value >= 100 || step === 0 ? Math.round(value) : value.toFixed(1)} ${steps[step] ?? 'B'}`;
}

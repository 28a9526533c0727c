import { userIdForm } from 'im-common';
import { integer, text, type TextKind } from 'im-common/internal/checks';

export const serviceName: TextKind<string> = text(
  'name',
  '1 to 64 characters out of A-Z a-z 0-9 _ . -',
  /^[\w.-]{1,64}$/,
);

export const userId: TextKind<string> = text('user', userIdForm, /^[\w.@-]{1,64}$/);

/** Of a list of dead letters, as `im dead list` names it. */
export const letterList: TextKind<string> = text(
  'list',
  'a list such as private or result:shop, as "im dead list" names them',
  /^[\w:.@-]+$/,
);

const unitsMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** In milliseconds; as text with its unit. */
export function duration(mostMs: number): TextKind<number> {
  const { expected, read } = integer('', 1, mostMs);
  return {
    placeholder: '<duration>',
    expected,
    expectedText: `a time such as 90s, 10m or 1h, ${mostMs / 60_000}m at most`,
    read,
    fromText(given) {
      const [, count, unit = ''] = /^(\d{1,6})([smh])$/.exec(given) ?? [];
      return read(Number(count) * (unitsMs[unit] ?? Number.NaN));
    },
  };
}

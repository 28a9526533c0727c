import type { Database } from '../db/database.ts';

/** How somebody wants to be told, on all their devices. */
export interface AwaySettings {
  /** Whether notifications show who wrote, and what. */
  readonly preview: boolean;
  readonly quietHours: QuietHours | null;
}

/** From then on nothing is told, until then; each day, also over midnight. */
export interface QuietHours {
  /** Minutes since midnight, by the clock of the zone. */
  readonly from: number;
  readonly to: number;
  readonly timeZone: string;
}

/** As the table has it; all null where somebody has said nothing. */
export interface SettingRow {
  readonly preview: number | null;
  readonly quietFrom: number | null;
  readonly quietTo: number | null;
  readonly timeZone: string | null;
}

export const settingColumns = ['preview', 'quietFrom', 'quietTo', 'timeZone'] as const;

export class SettingStore {
  readonly #database: Pick<Database, 'sql' | 'transaction'>;

  constructor(database: Pick<Database, 'sql' | 'transaction'>) {
    this.#database = database;
  }

  async of(userId: number, sql = this.#database.sql): Promise<AwaySettings> {
    const row = await sql('im_away_setting')
      .where({ userId })
      .first<SettingRow | undefined>(...settingColumns);
    return toSettings(row ?? { preview: null, quietFrom: null, quietTo: null, timeZone: null });
  }

  async change(
    userId: number,
    changes: { readonly [Name in keyof AwaySettings]?: AwaySettings[Name] | undefined },
  ): Promise<AwaySettings> {
    return this.#database.transaction(async (sql) => {
      // One after the other, as each writes all of it.
      await sql('im_user').where({ id: userId }).forUpdate().first('id');
      const before = await this.of(userId, sql);
      const { preview = before.preview, quietHours = before.quietHours } = changes;
      const { from: quietFrom = null, to: quietTo = null, timeZone = null } = quietHours ?? {};
      await sql('im_away_setting')
        .insert({ userId, preview: preview ? 1 : 0, quietFrom, quietTo, timeZone })
        .onConflict('userId')
        .merge();
      return { preview, quietHours };
    });
  }
}

export function toSettings({ preview, quietFrom, quietTo, timeZone }: SettingRow): AwaySettings {
  return {
    preview: preview !== 0,
    quietHours:
      quietFrom === null || quietTo === null || timeZone === null
        ? null
        : { from: quietFrom, to: quietTo, timeZone },
  };
}

export function isQuiet(hours: QuietHours | null, now: number): boolean {
  if (!hours) return false;
  const { from, to, timeZone } = hours;
  const minute = minuteIn(timeZone, now);
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** Its name as it is kept: of all ways to write it one. Undefined: there is no such zone. */
export function timeZoneOf(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

function minuteIn(timeZone: string, now: number): number {
  const parts = formatOf(timeZone).formatToParts(now);
  const numberOf = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  return numberOf('hour') * 60 + numberOf('minute');
}

/** To make one takes longer than all the rest. There are some 600 names that are kept. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(timeZone, format);
  }
  return format;
}

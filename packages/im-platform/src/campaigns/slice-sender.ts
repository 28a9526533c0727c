import type { Database } from '../db/database.ts';
import { isQuiet, settingColumns, toSettings, type SettingRow } from '../away/settings.ts';
import type { Campaign, Fate } from './campaign.ts';
import type { Pushes, Told } from './pushes.ts';
import type { ClaimedSlice, Receiver } from './slices.ts';
import { zoneCalled } from './time-zones.ts';
import { attributesOf, languageName, timeZoneName } from './user-attributes.ts';
import { attributesIn, fill, wordingIn } from './wording.ts';

export interface SliceSenderDeps {
  readonly database: Pick<Database, 'sql'>;
  readonly pushes: Pick<Pushes, 'tell'>;
}

/** What has become of a slice. */
export interface Sent {
  readonly fates: ReadonlyMap<number, Fate>;
  /** When the others are to be tried again. */
  readonly againAt: number | undefined;
}

/** How often a service that is busy is asked. */
const mostAttempts = 5;

/** A person, as texts name them and as their clock goes. */
interface Person extends SettingRow {
  readonly id: number;
  readonly nickName: string;
  readonly userName: string;
  readonly language: string | null;
}

export class SliceSender {
  readonly #deps: SliceSenderDeps;

  constructor(deps: SliceSenderDeps) {
    this.#deps = deps;
  }

  async send({ campaign, number, attempts, receivers }: ClaimedSlice): Promise<Sent> {
    const fates = new Map<number, Fate>();
    const { told, quiet } = await this.wordFor(campaign, receivers);
    for (const userId of quiet) fates.set(userId, { state: 'skipped', reason: 'quiet' });
    const known = new Set([...told.map(({ userId }) => userId), ...quiet]);
    for (const { userId } of receivers)
      if (!known.has(userId)) fates.set(userId, { state: 'skipped', reason: 'gone' });
    const about = { campaignId: campaign.id, url: campaign.plan.url, round: String(number) };
    const again: number[] = [];
    for (const [userId, outcome] of await this.#deps.pushes.tell(about, told)) {
      if (outcome.state !== 'later') fates.set(userId, outcome);
      else if (attempts < mostAttempts) again.push(outcome.at);
      else fates.set(userId, { state: 'failed', reason: outcome.reason });
    }
    return { fates, againAt: again.length > 0 ? Math.min(...again) : undefined };
  }

  /** What each of them is told, but for those who want to hear nothing now. */
  async wordFor(
    { plan }: Pick<Campaign, 'plan'>,
    receivers: readonly Receiver[],
  ): Promise<{ readonly told: Told[]; readonly quiet: number[] }> {
    if (receivers.length === 0) return { told: [], quiet: [] };
    const ids = receivers.map(({ userId }) => userId);
    const names = [...attributesIn(plan.variants), languageName, timeZoneName];
    const { sql } = this.#deps.database;
    const [people, attributes] = await Promise.all([this.#people(ids), attributesOf(sql, ids, names)]);
    const variants = new Map(receivers.map(({ userId, variant }) => [userId, variant]));
    const now = Date.now();
    const [told, quiet]: [Told[], number[]] = [[], []];
    for (const person of people) {
      const { id: userId, nickName, userName } = person;
      const theirs = attributes.get(userId) ?? {};
      const variant = plan.variants[variants.get(userId) ?? 0];
      if (!variant) continue;
      if (wantsQuiet(plan, person, theirs[timeZoneName], now)) {
        quiet.push(userId);
        continue;
      }
      const language = theirs[languageName] ?? person.language ?? undefined;
      const wording = wordingIn(variant, language, plan.language);
      told.push({ userId, ...fill(wording, { ...theirs, nickName, userName }) });
    }
    return { told, quiet };
  }

  /** With the language of one of their devices. Who is gone is not there. */
  #people(ids: readonly number[]): Promise<Person[]> {
    const { sql } = this.#deps.database;
    return sql('im_user as u')
      .leftJoin('im_away_setting as s', 's.userId', 'u.id')
      .whereIn('u.id', [...ids])
      .whereNull('u.deletedTime')
      .where({ 'u.isBanned': 0 })
      .select<Person[]>(
        ...['u.id', 'u.nickName', 'u.userName'],
        ...settingColumns.map((column) => `s.${column}`),
        sql.raw('(select max(r.language) from im_away_registration r where r.user_id = u.id) as language'),
      );
  }
}

function wantsQuiet(
  { quietHours, timeZone }: Campaign['plan'],
  settings: SettingRow,
  ofAttribute: string | undefined,
  now: number,
): boolean {
  const { quietHours: own } = toSettings(settings);
  if (isQuiet(own, now)) return true;
  return (
    quietHours !== null &&
    isQuiet({ ...quietHours, timeZone: zoneCalled(ofAttribute) ?? own?.timeZone ?? timeZone }, now)
  );
}

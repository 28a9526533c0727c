import type { Database } from '../db/database.ts';
import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import type { Language } from '../http/texts.ts';
import type { AwayChannels, AwaySecrets } from './channel.ts';
import { followFromNow } from './due-conversations.ts';
import type { Registrations } from './registrations.ts';
import type { AwaySettings, SettingStore } from './settings.ts';

export interface AwayServiceDeps {
  readonly database: Pick<Database, 'laneDatabases'>;
  readonly channels: AwayChannels;
  readonly registrations: Registrations;
  readonly settings: SettingStore;
}

/** What a device asks to be told by. */
export interface Wanted {
  readonly channel: string;
  readonly address: string;
  readonly secrets?: AwaySecrets | undefined;
  readonly language: Language;
}

export interface AwayState extends AwaySettings {
  readonly channels: readonly { readonly name: string; readonly publicKey: string | null }[];
  /** By which the session that asks is told. */
  readonly registeredBy: string | null;
}

/** Whether and how somebody is told while they are away, as they say it. */
export class AwayService {
  readonly #deps: AwayServiceDeps;

  constructor(deps: AwayServiceDeps) {
    this.#deps = deps;
  }

  async of({ userId, sessionId }: Caller): Promise<AwayState> {
    const { channels, registrations, settings } = this.#deps;
    const [own, mine] = await Promise.all([registrations.of(sessionId), settings.of(userId)]);
    return {
      ...mine,
      channels: await Promise.all(
        Object.entries(channels).map(async ([name, { publicKey }]) => ({
          name,
          publicKey: (await publicKey?.()) ?? null,
        })),
      ),
      registeredBy: own?.channel ?? null,
    };
  }

  async change(
    caller: Caller,
    changes: { readonly [Name in keyof AwaySettings]?: AwaySettings[Name] | undefined },
  ): Promise<AwayState> {
    await this.#deps.settings.change(caller.userId, changes);
    return this.of(caller);
  }

  async register({ userId, sessionId }: Caller, wanted: Wanted): Promise<void> {
    const { database, channels, registrations } = this.#deps;
    const channel = Object.hasOwn(channels, wanted.channel) ? channels[wanted.channel] : undefined;
    if (!channel) {
      const names = Object.keys(channels).join(', ') || 'none';
      throw new Refusal('malformed', { values: { what: `channel: expected one of: ${names}` } });
    }
    const wrong = await channel.whyNot?.(wanted);
    if (wrong !== undefined) throw new Refusal('malformed', { values: { what: wrong } });
    // A browser may have several people in its tabs, and one endpoint for all of them; an app has one.
    await registrations.put({ ...wanted, userId, sessionId }, channel.isShared ?? false, (sql) =>
      followFromNow(sql, database),
    );
  }

  async unregister({ sessionId }: Caller): Promise<void> {
    await this.#deps.registrations.remove(sessionId);
  }
}

import type { Bus } from 'im-common/bus';
import { redisOf } from 'im-common/internal/bus';
import type { Feature } from '../feature.ts';
import type { ResolvedOptions } from '../options.ts';
import type { Database } from '../db/database.ts';
import type { Audit } from '../operations/audit.ts';
import type { SensitiveWords } from '../sensitive-words/sensitive-words.ts';
import type { SecondFactors } from '../second-factor/second-factors.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Tokens } from '../sessions/tokens.ts';
import type { UserStore } from './user-store.ts';
import { jwksRoute } from '../sessions/jwks-route.ts';
import type { Activity } from '../sessions/activity.ts';
import { OwnSessions } from '../sessions/own-sessions.ts';
import { sessionApi } from '../sessions/session-api.ts';
import { regularly } from '../regularly.ts';
import { accountApi } from './account-api.ts';
import { accountRoutes } from './account-routes.ts';
import { AccountService } from './account-service.ts';
import { limitersOn } from '../limits/limiter.ts';
import type { KnownNetworks } from './known-networks.ts';
import type { PasswordChecks } from './password-checks.ts';
import { secondFactorApi } from './second-factor-api.ts';
import type { Passwords } from './password.ts';

/** What it takes of the rest. */
export interface AccountNeeds {
  readonly options: ResolvedOptions;
  readonly bus: Bus;
  readonly database: Database;
  readonly users: UserStore;
  readonly sessions: Sessions;
  readonly sessionStore: SessionStore;
  readonly activity: Activity;
  readonly tokens: Tokens;
  readonly words: SensitiveWords;
  readonly audit: Audit;
  readonly knownNetworks: KnownNetworks;
  readonly passwords: Passwords;
  readonly passwordChecks: PasswordChecks;
  readonly secondFactors: SecondFactors;
}

/** Tries with a token of the operator, from one network in an hour. */
const mostResets = 30;
const sweepEveryMs = 3_600_000;

/** At each start, as that is when secrets are exchanged. */
async function resealAll({
  secondFactors,
  options: { logger },
}: Pick<AccountNeeds, 'secondFactors' | 'options'>): Promise<void> {
  try {
    const lost = await secondFactors.resealAll();
    if (lost > 0)
      logger.error(
        { lost },
        'second factors are sealed with a refreshSecret that is gone: put it back as the last one, or these people need recovery codes',
      );
  } catch (error) {
    logger.warn({ err: error }, 'second factors keep the seal that they have; the next start does it');
  }
}

export const accounts: Feature<AccountNeeds> = async (app, needs) => {
  const { options, bus, database, users, sessions, words, audit } = needs;
  const createLimiter = limitersOn(redisOf(bus));
  const accounts = new AccountService({
    ...{ database, users, sessions, audit },
    ...{ registration: options.registration, language: options.language },
    ownDeletion: options.ownDeletion,
    shortestPassword: options.passwordMinLength,
    ...{
      knownNetworks: needs.knownNetworks,
      passwords: needs.passwords,
      passwordChecks: needs.passwordChecks,
      secondFactors: needs.secondFactors,
    },
    registrations: createLimiter({
      name: 'registrations',
      times: options.registrationsPerHour,
      durationS: 3_600,
    }),
    resets: createLimiter({ name: 'password-resets', times: mostResets, durationS: 3_600 }),
    hasForbiddenWord: (text) => words.contains(text),
  });
  accountRoutes(app, { accounts, sessions });
  accountApi(app, { accounts, sessions });
  secondFactorApi(app, {
    ...{ accounts, users, secondFactors: needs.secondFactors, passwordChecks: needs.passwordChecks },
    issuer: options.publicUrl === undefined ? 'im' : new URL(options.publicUrl).hostname,
  });
  sessionApi(app, new OwnSessions({ database, store: needs.sessionStore, sessions, audit }));
  jwksRoute(app, needs.tokens);
  const failure = 'sessions that are over cannot be forgotten now';
  await resealAll(needs);
  const endings = [
    regularly({ everyMs: sweepEveryMs, logger: options.logger, failure }, () => needs.sessionStore.sweep()),
    needs.activity.start(),
  ];
  return async () => {
    for (const end of endings) await end();
  };
};

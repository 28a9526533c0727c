import { redisOf } from 'im-common/internal/bus';
import type { Feature } from '../feature.ts';
import { jwksRoute } from '../sessions/jwks-route.ts';
import { sweepRegularly } from '../sessions/session-sweep.ts';
import { accountRoutes } from './account-routes.ts';
import { AccountService } from './account-service.ts';
import { limitersOn } from '../limits/limiter.ts';
import { KnownNetworks } from './known-networks.ts';
import { LoginLimits } from './login-limits.ts';
import { Passwords } from './password.ts';

export const accounts: Feature = (app, core) => {
  const { options, bus, database, users, sessions, words, audit } = core;
  const createLimiter = limitersOn(redisOf(bus));
  const accounts = new AccountService({
    ...{ database, users, sessions, audit },
    registration: options.registration,
    shortestPassword: options.passwordMinLength,
    knownNetworks: new KnownNetworks(database),
    passwords: new Passwords(),
    limits: new LoginLimits({
      createLimiter,
      audit,
      perAccount: options.failedLoginsPerAccount,
      perAccountFromAnywhere: options.failedLoginsPerAccountFromAnywhere,
      perNetwork: options.failedLoginsPerAddress,
    }),
    registrations: createLimiter({
      name: 'registrations',
      times: options.registrationsPerHour,
      durationS: 3_600,
    }),
    hasForbiddenWord: (text) => words.contains(text),
  });
  accountRoutes(app, { accounts, sessions });
  jwksRoute(app, core.tokens);
  return sweepRegularly({ sessions: core.sessionStore, logger: options.logger });
};

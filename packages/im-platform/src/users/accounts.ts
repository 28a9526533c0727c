import type { Feature } from '../feature.ts';
import { accountRoutes } from './account-routes.ts';
import { AccountService } from './account-service.ts';
import { LoginLimits } from './login-limits.ts';

export const accounts: Feature = (app, { options, database, users, sessions, words }) => {
  const limits = new LoginLimits({
    perAccount: options.failedLoginsPerAccount,
    perAddress: options.failedLoginsPerAddress,
  });
  const hasForbiddenWord = (text: string): boolean => words.contains(text);
  accountRoutes(app, {
    accounts: new AccountService({ database, users, sessions, limits, hasForbiddenWord }),
    sessions,
  });
};

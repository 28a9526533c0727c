import { rowTests } from './rows/row-tests.ts';
import { duplicateLogins } from './rows/duplicate-logins.ts';

// P-8.6.

rowTests(duplicateLogins);

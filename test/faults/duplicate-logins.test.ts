import { rowTests } from './rows/row-tests.ts';
import { duplicateLogins } from './rows/duplicate-logins.ts';

rowTests(duplicateLogins);

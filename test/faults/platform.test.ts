import { crashBeforePush, crowdedConversation, databaseAway, repeatedSends } from './rows/platform.ts';
import { rowTests } from './rows/row-tests.ts';

rowTests(repeatedSends, databaseAway, crashBeforePush, crowdedConversation);

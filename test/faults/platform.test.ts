import { crashBeforePush, crowdedConversation, databaseAway, repeatedSends } from './rows/platform.ts';
import { rowTests, rowTestsSideBySide } from './rows/row-tests.ts';

rowTestsSideBySide(repeatedSends, crashBeforePush, databaseAway);
rowTests(crowdedConversation);

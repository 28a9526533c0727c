import {
  crashBeforePush,
  crashBeforeTopic,
  crowdedConversation,
  databaseAway,
  repeatedSends,
} from './rows/platform.ts';
import { rowTests, rowTestsSideBySide } from './rows/row-tests.ts';

rowTestsSideBySide(repeatedSends, crashBeforePush, crashBeforeTopic, databaseAway);
rowTests(crowdedConversation);

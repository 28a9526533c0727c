import { takeKeptDatabases } from './kit/kept-databases.ts';
import {
  crashBeforePush,
  crashBeforeTopic,
  crowdedConversation,
  databaseAway,
  repeatedSends,
} from './rows/platform.ts';
import { campaignsUnderKills } from './rows/campaigns.ts';
import { changesUnderKills } from './rows/changes.ts';
import { endToEndUnderKills } from './rows/end-to-end.ts';
import { redPacketsUnderKills } from './rows/red-packets.ts';
import { rowTests, rowTestsSideBySide } from './rows/row-tests.ts';
import { webhooksUnderKills } from './rows/webhooks.ts';

takeKeptDatabases();
rowTestsSideBySide(repeatedSends, crashBeforePush, crashBeforeTopic, databaseAway, webhooksUnderKills);
rowTestsSideBySide(redPacketsUnderKills, campaignsUnderKills);
rowTests(crowdedConversation, endToEndUnderKills, changesUnderKills);

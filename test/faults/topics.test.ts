import { rowTests } from './rows/row-tests.ts';
import { topicMembers } from './rows/topics.ts';

rowTests(topicMembers);

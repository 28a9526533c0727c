import { rowTests } from './rows/row-tests.ts';
import { reportedNotSettled, dyingSender, reusedIds } from './rows/deaths-in-between.ts';

rowTests(reportedNotSettled, dyingSender, reusedIds);

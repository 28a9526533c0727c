import { rowTestsSideBySide } from './rows/row-tests.ts';
import { reportedNotSettled, dyingSender, reusedIds } from './rows/deaths-in-between.ts';

rowTestsSideBySide(reportedNotSettled, dyingSender, reusedIds);

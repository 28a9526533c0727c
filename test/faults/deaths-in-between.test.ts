import { rowTestsSideBySide } from './rows/row-tests.ts';
import { reportedNotAcknowledged, dyingSender, reusedIds } from './rows/deaths-in-between.ts';

rowTestsSideBySide(reportedNotAcknowledged, dyingSender, reusedIds);

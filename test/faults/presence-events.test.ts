import { rowTests } from './rows/row-tests.ts';
import { presenceEvents } from './rows/presence-events.ts';

rowTests(presenceEvents);

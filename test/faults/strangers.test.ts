import { rowTests } from './rows/row-tests.ts';
import { halfFrames, strangers } from './rows/strangers.ts';

rowTests(strangers, halfFrames);

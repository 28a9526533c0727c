import { rowTestsSideBySide } from './rows/row-tests.ts';
import { halfFrames, strangers } from './rows/strangers.ts';

rowTestsSideBySide(strangers, halfFrames);

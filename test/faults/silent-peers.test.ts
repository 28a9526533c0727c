import { halfOpen } from './rows/half-open.ts';
import { rowTestsSideBySide } from './rows/row-tests.ts';
import { zombie } from './rows/zombie.ts';

rowTestsSideBySide(halfOpen, zombie);

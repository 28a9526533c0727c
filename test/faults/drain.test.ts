import { rowTests } from './rows/row-tests.ts';
import { distantDrains, drainRounds, impatientSignals } from './rows/drain.ts';

rowTests(drainRounds, distantDrains, impatientSignals);

import { rowTests } from './rows/row-tests.ts';
import { drainRounds, impatientSignals } from './rows/drain.ts';

rowTests(drainRounds, impatientSignals);

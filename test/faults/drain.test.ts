import { rowTests, rowTestsSideBySide } from './rows/row-tests.ts';
import { distantDrains, drainRounds, impatientSignals } from './rows/drain.ts';

rowTestsSideBySide(drainRounds, impatientSignals);
// How late its own process is belongs to what it shows.
rowTests(distantDrains);

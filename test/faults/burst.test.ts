import { burst, burstInMemory } from './rows/burst.ts';
import { rowTests } from './rows/row-tests.ts';

rowTests(burst, burstInMemory);

import { frameFloods, loginFlood } from './rows/floods.ts';
import { rowTests } from './rows/row-tests.ts';

rowTests(loginFlood, frameFloods);

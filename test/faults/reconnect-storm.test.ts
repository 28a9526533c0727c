import { rowTests } from './rows/row-tests.ts';
import { reconnectStorm } from './rows/reconnect-storm.ts';

rowTests(reconnectStorm);

import { rowTests } from './rows/row-tests.ts';
import { awayConsumer, badListeners, fullRedis } from './rows/service-side.ts';

rowTests(awayConsumer, badListeners, fullRedis);

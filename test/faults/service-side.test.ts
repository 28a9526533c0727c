import { rowTestsSideBySide } from './rows/row-tests.ts';
import { awayConsumer, badListeners, fullRedis } from './rows/service-side.ts';

rowTestsSideBySide(awayConsumer, badListeners, fullRedis);

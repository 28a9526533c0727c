import { gatewayBurst } from './rows/gateway-burst.ts';
import { gateways } from './rows/gateway.ts';
import { keptMessages } from './rows/kept-messages.ts';
import { presenceEvents } from './rows/presence-events.ts';
import { rowTestsSideBySide } from './rows/row-tests.ts';
import { priorities } from './rows/priority.ts';
import { severalSessions } from './rows/several-sessions.ts';
import { uplinks } from './rows/uplinks.ts';

rowTestsSideBySide(
  presenceEvents,
  uplinks,
  keptMessages,
  severalSessions,
  gateways,
  gatewayBurst,
  priorities,
);

// An instance of a service that sends one message and dies by SIGKILL at a named step of it, before or after the step has
// taken effect. Arguments: address of Redis, the receiver, "before" or "after", the call, a piece of the first argument or "".
import { createImClient } from 'im-client';
import { createRedisBus } from 'im-common/bus';
import { aroundBus, die } from './around.ts';

const [redis = '', receiver = '', when = '', step = '', piece = ''] = process.argv.slice(2);
const bus = createRedisBus({ url: redis });
await bus.start();
let isSending = false;
const client = createImClient({
  service: 'shop',
  terminals: [0],
  leaseMs: 900,
  bus: aroundBus(bus, async (method, list, call) => {
    const isIt = isSending && method === step && String(list).includes(piece);
    if (isIt && when === 'before') return die();
    const answer = await call();
    // An empty take is not the step that is meant.
    const isEmpty = Array.isArray(answer) && answer.length === 0;
    return isIt && !isEmpty ? die() : answer;
  }),
});
client.on('private', () => {
  process.stdout.write('heard\n');
});
await client.start();
isSending = true;
await client.sendPrivateMessage({
  sender: { id: 1_000_000, terminal: 0 },
  recvId: receiver,
  data: 'from the dying',
  sendToSelf: false,
});

// A service that replies to devices with what they said. Argument: the Redis.
import { createImClient } from 'im-client';

const [redis = ''] = process.argv.slice(2);
const im = createImClient({ service: 'echo', redis });
im.onUplink('echo', ({ data }) => data);
await im.start();
process.on('message', ({ id }: { id: number }) => {
  process.send?.({ id, port: 0 });
});
process.once('disconnect', () => {
  void im.close().finally(() => process.exit(0));
});

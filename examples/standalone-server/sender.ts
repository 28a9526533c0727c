// A backend: pushes one message to a user and says what became of it.
import { createImClient } from 'im-client';

const recvId = process.argv[2] ?? '2';
const text = process.argv[3] ?? 'hello';

await using im = createImClient({
  service: 'example',
  redis: process.env['IM_REDIS'] ?? 'redis://127.0.0.1:6379',
});
const sent = await im.sendPrivateMessage({ sender: { id: 1, terminal: 0 }, recvId, data: { text } });
const onTerminals = sent.queued.map(({ terminal }) => terminal).join(', ');
console.log(onTerminals === '' ? `user ${recvId} is not online` : `queued for terminals ${onTerminals}`);
for (const { terminal, stage, reason } of await sent.results()) {
  if (reason !== 'NOT_ONLINE') console.log(`terminal ${terminal}: ${reason ?? stage}`);
}

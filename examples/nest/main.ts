// A backend in NestJS: it tells a user that an order is on its way, and hears whether that arrived.
import { once } from 'node:events';
import { NestFactory } from '@nestjs/core';
import { createToken } from 'im-common/token';
import { WebSocket } from 'ws';
import { AppModule } from './app.module.ts';
import { jwtSecret, PushServer } from './push-server.ts';

const app = await NestFactory.create(AppModule, { logger: ['warn', 'error'] });
app.enableShutdownHooks(); // at SIGTERM listeners end, requests are answered, then the client closes
await app.listen(0, '127.0.0.1');

// The device of user 2. User 3 has none.
const device = new WebSocket(app.get(PushServer).url);
await once(device, 'open');
const accessToken = await createToken(jwtSecret, { userId: 2, terminal: 0, expiresInS: 60 });
device.send(JSON.stringify({ cmd: 0, data: { accessToken, devId: 1 } }));
await once(device, 'message'); // logged in
device.on('message', (frame: Buffer) => {
  console.log(`device: ${frame.toString()}`);
});

for (const order of ['7/ship?to=2', '8/ship?to=3']) {
  const answer = await fetch(`${await app.getUrl()}/orders/${order}`, { method: 'POST' });
  console.log(`order ${order}: ${await answer.text()}`);
}
device.close();
await app.close();

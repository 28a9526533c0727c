// Clients that speak another protocol, on the same server: a wire of a few lines turns their frames into ours and back.
import { once } from 'node:events';
import { createToken } from 'im-common/token';
import { createIm } from 'im-embedded';
import { WebSocket } from 'ws';
import { chat, notesWire } from './notes-wire.ts';

const jwtSecret = 'only-for-this-example';
const im = createIm({ host: '127.0.0.1', port: 0, jwtSecret, wires: [notesWire], uplinkTo: [chat] });

// The service behind it knows nothing of wires: what people say comes as uplinks, and goes on as private messages.
im.client.onUplink<{ readonly to: number; readonly text: string }>(chat, async ({ user, data }) => {
  await im.client.sendPrivateMessage({
    sender: { id: user, terminal: 0 },
    recvId: data.to,
    recvTerminals: [0],
    sendToSelf: false,
    data: { from: Number(user), text: data.text },
  });
});
await im.start();

/** A client as it is in the field. */
async function connect(name: string, userId: number): Promise<WebSocket> {
  const socket = new WebSocket(im.server.url, 'im.notes');
  socket.on('message', (text: Buffer) => console.log(`${name} hears: ${text.toString()}`));
  await once(socket, 'open');
  const token = await createToken(jwtSecret, { userId, terminal: 0, expiresInS: 60 });
  const connected = once(socket, 'message');
  socket.send(JSON.stringify({ type: 1, body: { token, device: `phone of ${name}` } }));
  await connected;
  return socket;
}

const ann = await connect('Ann', 1);
const bob = await connect('Bob', 2);

const heard = [once(ann, 'message'), once(bob, 'message')];
ann.send(JSON.stringify({ type: 10, body: { to: 2, text: 'hello', box: 'k3j9', seq: 1 } }));
await Promise.all(heard);

for (const socket of [ann, bob]) socket.close();
await im.close();

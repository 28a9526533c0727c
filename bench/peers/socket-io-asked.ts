// Socket.IO 4 with its Redis adapter, for devices that ask with an acknowledgement. Arguments: the Redis, and who answers: `here`,
// `elsewhere` (another server of the cluster, asked by serverSideEmitWithAck), or `answers` for that other one.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdapter } from '@socket.io/redis-adapter';
import { Redis } from 'ioredis';
import { Server } from 'socket.io';

type Reply = (data: unknown) => void;

const [redisUrl = '', role = 'here'] = process.argv.slice(2);
const client = new Redis(redisUrl);
const http = createServer();
const io = new Server(http, {
  transports: ['websocket'],
  perMessageDeflate: false,
  serveClient: false,
  // Those that only have it for themselves would find each other's servers.
  adapter: createAdapter(client, client.duplicate(), { key: role === 'here' ? 'alone' : 'two' }),
});
io.on('connection', (socket) => {
  socket.on('ask', (data: unknown, reply: Reply) => {
    if (role === 'here') reply(data);
    else void io.serverSideEmitWithAck('ask', data).then(([answer]) => reply(answer));
  });
});
if (role === 'answers') io.on('ask', (data: unknown, reply: Reply) => reply(data));

http.listen(0, '127.0.0.1');
await once(http, 'listening');
process.on('message', ({ id }: { id: number }) => {
  process.send?.({ id, port: (http.address() as AddressInfo).port });
});
await once(process, 'disconnect');
process.exit(0);

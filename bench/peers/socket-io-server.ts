// Socket.IO 4 as its documentation sets it up with Redis; WebSocket only. Arguments: the adapter, the Redis.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdapter } from '@socket.io/redis-adapter';
import { createAdapter as createStreamsAdapter } from '@socket.io/redis-streams-adapter';
import { Redis } from 'ioredis';
import { Server } from 'socket.io';

const [adapter, redisUrl = ''] = process.argv.slice(2);
const client = new Redis(redisUrl);
const http = createServer();
const io = new Server(http, {
  transports: ['websocket'],
  perMessageDeflate: false,
  serveClient: false,
  adapter: adapter === 'streams' ? createStreamsAdapter(client) : createAdapter(client, client.duplicate()),
});

io.on('connection', (socket) => {
  const { user } = socket.handshake.auth as { user?: number };
  void socket.join(`u${user ?? '?'}`);
});

http.listen(0, '127.0.0.1');
await once(http, 'listening');
process.on('message', ({ id }: { id: number }) => {
  process.send?.({ id, port: (http.address() as AddressInfo).port });
});
await once(process, 'disconnect');
process.exit(0);

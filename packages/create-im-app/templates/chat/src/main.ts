// A chat in one process: the platform and the push server meet on a bus in memory, and what is to last is in ./data. With a Redis
// and a MySQL there may be any number of both.
import { mkdir } from 'node:fs/promises';
import { createImClient } from 'im-client';
import { createMemoryBus } from 'im-common/bus';
import { createPlatform, migrate, openDatabase } from 'im-platform';
import { createImServer } from 'im-server';
import { noteMissed } from './missed.js';

const { HOST: host = '127.0.0.1', PORT = '8888', IM_PORT = '8878' } = process.env;
const { JWT_SECRET: accessSecret = '', REFRESH_SECRET: refreshSecret = '' } = process.env;

await mkdir('data', { recursive: true, mode: 0o700 });
const database = 'sqlite:data/chat.db';
const opened = openDatabase({ url: database });
await migrate(opened.sql);
await opened.close();

const bus = createMemoryBus();
await bus.start();
const server = createImServer({ bus, host, port: Number(IM_PORT), jwtSecret: accessSecret });
await server.start();
const platform = createPlatform({
  ...{ bus, database, filesDir: 'data/files', accessSecret, refreshSecret },
  ...{ host, port: Number(PORT), imUrl: server.url, language: 'en' },
});
await platform.start();

// What you push yourself, beside the chat: orders, notices, whatever is yours.
const im = createImClient({ service: 'app', bus, terminals: [0] });
noteMissed(im);
await im.start();
console.log(`Chat at ${platform.url}`);
console.log(`Devices connect to ${server.url}`);

async function end(): Promise<void> {
  await platform.close();
  await server.close();
  await im.close();
  await bus.close();
}
process.once('SIGINT', () => void end());
process.once('SIGTERM', () => void end());

// A device: logs in as the user named on the command line and prints what it is sent.
import { createToken } from 'im-common/token';
import { WebSocket } from 'ws';

const userId = process.argv[2] ?? '2';
const url = process.env['IM_URL'] ?? 'ws://127.0.0.1:8878/im';
// Your backend would make this token and give it to the device; here both are one script.
const accessToken = await createToken(process.env['IM_JWT_SECRET'] ?? 'only-for-this-example', {
  userId,
  terminal: 0,
  expiresInS: 3_600,
});

const device = new WebSocket(url);
const send = (cmd: number, data: object): void => {
  device.send(JSON.stringify({ cmd, data }));
};
device.on('open', () => {
  send(0, { accessToken, devId: Math.floor(Math.random() * 1e6) });
});
device.on('message', (bytes: Buffer) => {
  const frame = JSON.parse(bytes.toString()) as { cmd: number; data: unknown };
  if (frame.cmd === 0) console.log(`user ${userId} is online at ${url}; waiting for messages (Ctrl-C ends)`);
  else if (frame.cmd !== 1) console.log('received', JSON.stringify(frame));
});
const heartbeat = setInterval(() => {
  send(1, {});
}, 5_000);
device.on('error', (error) => {
  console.error(`cannot reach ${url}: ${error.message}. Is the server running (npm run server)?`);
});
device.on('close', (code, reason) => {
  clearInterval(heartbeat);
  console.log(`closed with ${code} ${String(reason)}`);
});

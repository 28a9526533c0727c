// How 1,000 devices come back after their server was killed, with and without jitter: attempts to connect per 100 ms, as a
// plot. The server is started again at once and takes a second or so; attempts before that fail and are repeated.
// Run: npm run reconnects -w im-bench            (writes docs/reconnects.svg)
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createToken } from 'im-common/token';
import { createDevice, type Device, type DeviceState } from 'im-device';
import { freePort, startRedis } from 'im-test/support';
import { WebSocket } from 'ws';
import { benchSecret, startServer } from './start-server.ts';

const devices = 1_000;
const stepMs = 100;
const plot = fileURLToPath(new URL('../docs/reconnects.svg', import.meta.url));

const redis = await startRedis();
const port = String(await freePort());
// Without jitter every device waits for the middle of its allowed time.
const before = await comeBack(() => 0.5);
const after = await comeBack(Math.random);
await redis.stop();
await writeFile(plot, draw({ 'without jitter': before, 'with full jitter (the default)': after }));
console.log(
  `most attempts in ${stepMs} ms: ${Math.max(...before)} without jitter, ${Math.max(...after)} with`,
);

/** Attempts to connect in each step after the death of the server, until all devices are back. */
async function comeBack(random: () => number): Promise<number[]> {
  const attempts: number[] = [];
  class Counted extends WebSocket {
    constructor(url: string) {
      super(url);
      attempts.push(performance.now());
    }
  }
  let server = await startServer(redis.url, ['--port', port]);
  const all: Device[] = [];
  for (let userId = 1; userId <= devices; userId++) {
    const token = await createToken(benchSecret, { userId, terminal: 0, expiresInS: 3_600 });
    all.push(createDevice({ url: server.url, token, random, WebSocket: Counted }));
  }
  const online = Promise.all(all.map((device) => next(device, 'online')));
  for (const device of all) device.start();
  await online;
  const diedAt = performance.now();
  const back = all.map((device) => next(device, 'waiting').then(() => next(device, 'online')));
  process.kill(server.pid, 'SIGKILL');
  server = await startServer(redis.url, ['--port', port]);
  await Promise.all(back);
  await Promise.all(all.map((device) => device.close()));
  await server.stop();
  const steps: (number | undefined)[] = [];
  for (const at of attempts) {
    const step = Math.floor((at - diedAt) / stepMs);
    if (step >= 0) steps[step] = (steps[step] ?? 0) + 1;
  }
  return Array.from(steps, (count) => count ?? 0);
}

function next(device: Device, kind: DeviceState['kind']): Promise<void> {
  return new Promise((resolve) => {
    const off = device.on('state', (state) => {
      if (state.kind !== kind) return;
      off();
      resolve();
    });
  });
}

/** One row of bars for each series, to one scale. */
function draw(series: Readonly<Record<string, readonly number[]>>): string {
  const steps = Math.max(...Object.values(series).map((counts) => counts.length));
  const highest = Math.max(...Object.values(series).flat());
  const [left, top, barWidth, height, gap] = [60, 50, Math.max(2, Math.floor(800 / steps)), 160, 70];
  const width = left + steps * barWidth + 30;
  const rows = Object.entries(series).map(([name, counts], row) => {
    const bottom = top + height + row * (height + gap);
    const bars = counts.map((count, step) => {
      const barHeight = Math.round((count / highest) * height);
      if (count === 0) return '';
      return `<rect x="${left + step * barWidth}" y="${bottom - barHeight}" width="${barWidth - 1}" height="${barHeight}"/>`;
    });
    const seconds = Array.from({ length: Math.floor((steps * stepMs) / 1_000) + 1 }, (_, second) => {
      const x = left + (second * 1_000 * barWidth) / stepMs;
      return `<text x="${x}" y="${bottom + 16}" text-anchor="middle">${second} s</text>`;
    });
    return [
      `<text x="${left}" y="${bottom - height - 8}">${name}: at most ${Math.max(...counts)}</text>`,
      `<path d="M${left} ${bottom - height}V${bottom}H${left + steps * barWidth}" fill="none" stroke="#888"/>`,
      `<text x="${left - 6}" y="${bottom - height + 10}" text-anchor="end">${highest}</text>`,
      `<text x="${left - 6}" y="${bottom}" text-anchor="end">0</text>`,
      `<g fill="${row === 0 ? '#c33' : '#284'}">${bars.join('')}</g>`,
      ...seconds,
    ].join('\n');
  });
  const all = top + rows.length * (height + gap) - 20;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${all}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${all}" fill="#fff"/>`,
    `<text x="${left}" y="20" font-size="14">${devices} devices after the death of their server: attempts to connect per ${stepMs} ms</text>`,
    ...rows,
    '</svg>\n',
  ].join('\n');
}

import { createIm, type Im, type CreateImOptions } from 'im-embedded';
import { connectDevice, makeToken, onCleanup, type RawDevice } from 'im-test/support';
import { expect, test } from 'vitest';

// Whatever holds up the event loop of a process holds up its server, its client, its bus and its timers alike: no one of
// them can conclude from that time that another one is gone.

const secret = 'for-tests';

async function startIm(options: Partial<CreateImOptions> = {}): Promise<Im> {
  const im = createIm({ host: '127.0.0.1', port: 0, jwtSecret: secret, ...options });
  await im.start();
  onCleanup(() => im.close());
  return im;
}

async function logIn(im: Im, userId: number): Promise<RawDevice> {
  const device = await connectDevice(im.server.url);
  await device.login({ token: await makeToken({ userId, terminal: 0, secret }), devId: 1 });
  return device;
}

/** As a long computation does, but without taking the processor from other tests. */
function blockEventLoop(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function send(im: Im, recvId: number) {
  return im.client.sendPrivateMessage({
    sender: { id: 1, terminal: 0 },
    recvId,
    recvTerminals: [0],
    data: {},
  });
}

async function outcomesOf(receipts: readonly Awaited<ReturnType<typeof send>>[]): Promise<Set<string>> {
  const results = await Promise.all(receipts.map((receipt) => receipt.results()));
  return new Set(results.flat().map(({ reason, stage }) => reason ?? stage));
}

test.each([2_500, 10_000])(
  'nobody is offline, and no message is lost, after %d ms of blocked event loop',
  async (ms) => {
    const im = await startIm();
    const devices = [await logIn(im, 2), await logIn(im, 3)];
    // On their way to the devices, and on their way to the server.
    const before = await Promise.all(Array.from({ length: 20 }, () => send(im, 2)));
    const underWay = Array.from({ length: 20 }, () => send(im, 3));

    blockEventLoop(ms);
    const inTheSameTurn = Array.from({ length: 20 }, () => send(im, 2));
    await new Promise((resolve) => setImmediate(resolve));
    const inTheNext = Array.from({ length: 20 }, () => send(im, 3));

    const receipts = [...before, ...(await Promise.all([...underWay, ...inTheSameTurn, ...inTheNext]))];
    expect(await outcomesOf(receipts)).toEqual(new Set(['proved']));
    expect(await im.client.onlineUsers([2, 3])).toEqual(['2', '3']);
    expect(devices.map(({ frames }) => frames.length)).toEqual([41, 41]); // with the answer to the login
  },
);

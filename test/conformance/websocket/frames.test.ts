import { beforeAll, expect, test } from 'vitest';
import { frameBytes, Opcode, RawWebSocket } from '../../support/raw-websocket.ts';
import { heartbeat, heartbeatAnswer, webSocketCases } from './cases.ts';
import { givenUrl, startServerUnderTest } from './server-under-test.ts';

// Against the server at IM_TEST_URL, or one of our own. A foreign one has its limits, so it gets fewer messages in a row.

const cases = webSocketCases({ messages: givenUrl === undefined ? 1_000 : 20 });
let url = '';

beforeAll(async () => {
  url = await startServerUnderTest();
  console.log(`${cases.length} cases of RFC 6455 against ${url}`);
});

test.for(cases)('$id: $about', async ({ bytes, chop = 0, answers, then }) => {
  const wire = await RawWebSocket.open(url);

  await wire.write(bytes, chop);

  if (then === 'open') {
    const end = frameBytes({ opcode: Opcode.CLOSE, payload: Buffer.of(0x03, 0xe8) });
    const signsOfLife = [
      frameBytes({ opcode: Opcode.PING, payload: 'alive?' }),
      frameBytes({ opcode: 1, payload: heartbeat() }),
    ];
    wire.socket.write(Buffer.concat([...signsOfLife, end]));
    await wire.ended;
    expect(wire.describe()).toEqual([...answers, 'pong:alive?', heartbeatAnswer, 'close:1000']);
  } else {
    const { code } = await wire.ended;
    expect(code).toBe(then === 'empty' ? undefined : then);
    expect(wire.describe()).toEqual([...answers, `close:${then === 'empty' ? '' : then}`]);
  }
});

test('no case took the server with it', async () => {
  const wire = await RawWebSocket.open(url);
  wire.text(heartbeat());
  await wire.until('the answer to a heartbeat', () => wire.frames[0]);
});

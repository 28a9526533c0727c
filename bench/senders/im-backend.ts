import { createImClient } from 'im-client';
import { payload } from '../payload.ts';
import { sent, type Backend } from './backend.ts';

export function imBackend(
  redisUrl: string,
  keyPrefix: string,
  sendResult: boolean,
  tracing = false,
): Backend {
  const im = createImClient({
    service: 'bench',
    tracing,
    redis: { url: redisUrl, keyPrefix },
    // A rate that it cannot hold is seen in the latencies.
    maxWaiting: 1_000_000,
  });
  // Without a listener here results would be passed on to other instances of the service.
  im.on('private', () => undefined);
  im.on('group', () => undefined);
  const sender = { id: 900_000, terminal: 0 };
  const recvTerminals = [0];
  let everybody: readonly number[] = [];
  return {
    // Written out, as in the README: in Node 20 objects written `{ ...common, recvId }` are slow to make and to read.
    toOne: (recvId) => {
      const data = JSON.parse(payload()) as object;
      return im.sendPrivateMessage({ sender, recvId, recvTerminals, sendToSelf: false, sendResult, data });
    },
    toAll: (users) => {
      if (everybody.length !== users) everybody = Array.from({ length: users }, (_, index) => index + 1);
      const data = JSON.parse(payload()) as object;
      const recvIds = everybody;
      return im.sendGroupMessage({ sender, recvIds, recvTerminals, sendToSelf: false, sendResult, data });
    },
    flush: () => sent,
  };
}

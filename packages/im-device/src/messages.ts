import {
  leftInHand,
  type DeviceMessage,
  type DeviceState,
  type Emitter,
  type MessageTypes,
} from './events.ts';

/**
 * The messages as a loop gets them. One is taken when the loop asks for the next: leaving the loop, by `break` or by an
 * error, refuses the one in hand. The loop ends when the device is closed or kicked.
 */
export async function* loopOver<Types extends MessageTypes>(
  emitter: Emitter<Types>,
  state: DeviceState,
): AsyncGenerator<DeviceMessage<Types>, void, undefined> {
  let isOver = hasEnded(state);
  let inHand: { message: DeviceMessage<Types>; settle: (taken: boolean) => void } | undefined;
  let wake: () => void = () => undefined;
  const offMessage = emitter.on(
    'message',
    (message) =>
      new Promise<void>((resolve, reject) => {
        inHand = { message, settle: (taken) => (taken ? resolve() : reject(leftInHand)) };
        wake();
      }),
  );
  const offState = emitter.on('state', (now) => {
    isOver = hasEnded(now);
    wake();
  });
  try {
    while (true) {
      while (!inHand && !isOver) await new Promise<void>((resolve) => (wake = resolve));
      if (!inHand) return;
      yield inHand.message;
      const { settle } = inHand;
      inHand = undefined;
      settle(true);
    }
  } finally {
    offMessage();
    offState();
    inHand?.settle(false);
  }
}

function hasEnded({ kind }: DeviceState): boolean {
  return kind === 'closed' || kind === 'kicked';
}

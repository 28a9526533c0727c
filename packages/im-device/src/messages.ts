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
  let inHand: { message: DeviceMessage<Types>; take(): void; refuse(): void } | undefined;
  let wake: () => void = () => undefined;
  const offMessage = emitter.on(
    'message',
    (message) =>
      new Promise<void>((resolve, reject) => {
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a sign, never seen by anybody
        inHand = { message, take: resolve, refuse: () => reject(leftInHand) };
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
      const { take } = inHand;
      inHand = undefined;
      take();
    }
  } finally {
    offMessage();
    offState();
    inHand?.refuse();
  }
}

function hasEnded({ kind }: DeviceState): boolean {
  return kind === 'closed' || kind === 'kicked';
}

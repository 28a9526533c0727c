import {
  leftUnprocessed,
  type DeviceMessage,
  type DeviceState,
  type Emitter,
  type MessageTypes,
} from '../events.ts';

/**
 * The messages as a loop gets them. One is taken when the loop asks for the next: leaving the loop, by `break` or by an
 * error, refuses the current one. The loop ends when the device is closed or kicked.
 */
export async function* loopOver<Types extends MessageTypes>(
  emitter: Emitter<Types>,
  state: DeviceState,
): AsyncGenerator<DeviceMessage<Types>, void, undefined> {
  let isOver = hasEnded(state);
  let current: { message: DeviceMessage<Types>; processed: (taken: boolean) => void } | undefined;
  let wake: () => void = () => undefined;
  const offMessage = emitter.on(
    'message',
    (message) =>
      new Promise<void>((resolve, reject) => {
        current = { message, processed: (taken) => (taken ? resolve() : reject(leftUnprocessed)) };
        wake();
      }),
  );
  const offState = emitter.on('state', (now) => {
    isOver = hasEnded(now);
    wake();
  });
  try {
    while (true) {
      while (!current && !isOver) await new Promise<void>((resolve) => (wake = resolve));
      if (!current) return;
      yield current.message;
      const { processed } = current;
      current = undefined;
      processed(true);
    }
  } finally {
    offMessage();
    offState();
    current?.processed(false);
  }
}

function hasEnded({ kind }: DeviceState): boolean {
  return kind === 'closed' || kind === 'kicked';
}

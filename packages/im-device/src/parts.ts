import type { DeviceState } from './events.ts';
import type { DevicePart } from './part.ts';

/** Tells the parts that a device was given beside its core of its state. */
export function tellParts(
  parts: readonly DevicePart[],
  state: DeviceState,
  wasOnline: boolean,
  say: (cmd: number, data: unknown) => void,
): void {
  for (const part of parts) {
    if (state.kind === 'closed') part.closed();
    else if (state.kind !== 'online') part.offline();
    else if (!wasOnline) part.online(state.features, say);
  }
}

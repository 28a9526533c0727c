import { Command, encodeFrame } from 'im-common';
import type { ByteText } from 'im-common/bus';
import type { Entry } from 'im-common/internal/bus';
import type { Devices } from '../device/devices.ts';
import type { DeviceRequests } from './device-requests.ts';

/**
 * Brings what is no message to its device: answers to uplinks, and requests. Nothing proves them, and nobody is looked for: a
 * device that has moved asks again and is given the reply that the bus keeps, and who asked looks again.
 */
export function carryCall(
  cmd: number,
  entry: Entry,
  { devices, requests }: { readonly devices: Pick<Devices, 'at'>; readonly requests: DeviceRequests },
): void {
  if (cmd === Command.REQUEST) {
    requests.ask(entry);
    return;
  }
  const frame = encodeFrame(cmd, entry.dataText) as ByteText;
  for (const address of entry.receivers) {
    // Of several sessions the one whose outbox it is knows it by its name.
    for (const connection of devices.at(address)) connection.tell((framing) => framing.text(frame));
  }
}

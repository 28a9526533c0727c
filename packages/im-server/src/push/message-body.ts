import { commandOfKind, encodeFrame, type MessageKind } from 'im-common';
import type { ByteText } from 'im-common/bus';
import { toByteText, type Entry } from 'im-common/internal/bus';

/** The text of the frame that carries a message (P-2.9); `acknowledged` for devices that acknowledge. */
export function messageBody(
  kind: MessageKind,
  { attempt, dataText, messageId }: Pick<Entry, 'attempt' | 'dataText' | 'messageId'>,
  acknowledged: boolean,
  isKept = false,
): ByteText {
  const cmd = commandOfKind[kind];
  // Contract 0.2.22: box-im's page takes exactly cmd and data; a third key is for those who asked for it.
  if (!acknowledged || messageId === undefined) return encodeFrame(cmd, dataText) as ByteText;
  const id = toByteText(JSON.stringify(messageId));
  // Rerouted from another server, it may come after newer ones: the device must be able to see that.
  const attemptText = attempt > 1 ? `,"attempt":${attempt}` : '';
  const keptText = isKept ? ',"kept":true' : '';
  return `{"cmd":${cmd},"id":${id}${attemptText}${keptText},"data":${dataText}}` as ByteText;
}

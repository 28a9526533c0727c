import { commandOfKind, messageKinds, type MessageKind } from '../protocol/command.ts';
import type { ByteText } from './byte-text.ts';

/** The kind of an entry that `encodeEntry` wrote, where no list says it; undefined for others. */
export function kindOfEntry(text: ByteText): MessageKind | undefined {
  const cmd = Number(/^\{"cmd":(\d)[,}]/.exec(text)?.[1]);
  return messageKinds.find((kind) => commandOfKind[kind] === cmd);
}

import { scanObject, ScanError } from 'im-common/internal/bus';

/** A frame from a device, its `data` still text. */
export interface FrameText {
  readonly cmd: number;
  readonly dataText: string | undefined;
}

/**
 * Reads a frame (P-2.1), or throws a {@link ScanError}. Most commands do not look at `data`, so it is not parsed: a
 * stranger's 64 KiB of brackets or keys would cost JSON.parse ten times as long as this scan.
 */
export function readFrame(text: string): FrameText {
  const members = scanObject(text);
  for (const key of members.keys()) {
    if (key !== 'cmd' && key !== 'data') throw new ScanError(`A frame has no ${key.slice(0, 40)}`, 0);
  }
  return { cmd: readCommand(members.get('cmd') ?? ''), dataText: members.get('data') };
}

const longestCommand = 40;

/** Of a text of digits Java makes a number, too. */
function readCommand(text: string): number {
  if (text !== '' && text.length <= longestCommand) {
    const value: unknown = JSON.parse(text);
    const cmd = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
    if (typeof cmd === 'number' && Number.isInteger(cmd)) return cmd;
  }
  throw new ScanError('The frame has no integer cmd', 0);
}

/** What a server says, as far as devices know it. */
export interface Frame {
  readonly cmd: number;
  readonly data?: unknown;
  readonly id?: unknown;
  readonly attempt?: unknown;
  readonly kept?: unknown;
  readonly why?: unknown;
}

/** Reads a frame; undefined for what is none. Further keys are for later versions. */
export function decode(text: unknown): Frame | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const frame = JSON.parse(text) as Partial<Frame> | null;
    return typeof frame?.cmd === 'number' ? { ...frame, cmd: frame.cmd } : undefined;
  } catch {
    return undefined;
  }
}

const windowMs = 1_000;

export interface RateLimits {
  readonly maxFramesPerSecond: number;
  readonly maxBytesPerSecond: number;
}

/** How much one device says in a second, in frames and in bytes: fields of its connection, as an object more costs memory for each. */
export interface ReceivedRate {
  rateSince: number;
  framesInRate: number;
  bytesInRate: number;
  /** What had come over its wire at the last look. */
  bytesSeen: number;
}

export function countFrame(received: ReceivedRate, now: number, bytesRead: number): void {
  countBytes(received, now, bytesRead);
  received.framesInRate += 1;
}

/** What came since the last look. Only a whole frame is looked at, but the pieces before it were read by then. */
export function countBytes(received: ReceivedRate, now: number, bytesRead: number): void {
  if (now - received.rateSince >= windowMs) {
    received.rateSince = now;
    received.framesInRate = 0;
    received.bytesInRate = 0;
  }
  received.bytesInRate += bytesRead - received.bytesSeen;
  received.bytesSeen = bytesRead;
}

/** What there was too much of. */
export function excess(
  { bytesInRate, framesInRate }: ReceivedRate,
  { maxFramesPerSecond, maxBytesPerSecond }: RateLimits,
): 'frames' | 'bytes' | undefined {
  if (framesInRate > maxFramesPerSecond) return 'frames';
  return bytesInRate > maxBytesPerSecond ? 'bytes' : undefined;
}

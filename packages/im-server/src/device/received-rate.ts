const windowMs = 1_000;

export interface RateLimits {
  readonly maxFramesPerSecond: number;
  readonly maxBytesPerSecond: number;
}

/** How much one device says in a second, in frames and in bytes. */
export class ReceivedRate {
  #windowAt = 0;
  #frames = 0;
  #bytes = 0;
  #bytesSeen: number;

  /** `bytesRead` is what came over its wire until now. */
  constructor(bytesRead: number) {
    this.#bytesSeen = bytesRead;
  }

  countFrame(now: number, bytesRead: number): void {
    this.countBytes(now, bytesRead);
    this.#frames += 1;
  }

  /** What came since the last look. Only a whole frame is looked at, but the pieces before it were read by then. */
  countBytes(now: number, bytesRead: number): void {
    if (now - this.#windowAt >= windowMs) {
      this.#windowAt = now;
      this.#frames = 0;
      this.#bytes = 0;
    }
    this.#bytes += bytesRead - this.#bytesSeen;
    this.#bytesSeen = bytesRead;
  }

  /** What there was too much of. */
  excess({ maxFramesPerSecond, maxBytesPerSecond }: RateLimits): 'frames' | 'bytes' | undefined {
    if (this.#frames > maxFramesPerSecond) return 'frames';
    return this.#bytes > maxBytesPerSecond ? 'bytes' : undefined;
  }
}

import { isUtf8 } from 'node:buffer';
import type { Logger } from 'im-common';
import type { ByteText } from 'im-common/bus';
import { fromByteText } from 'im-common/internal/bus';
import type { Wire } from '../options/options.ts';
import type { Framing } from './link.ts';
import { headOf, opcode, webSocketPing } from './websocket-frames.ts';

/** RFC 6455, 7.4.1: the server met something that it did not expect. */
const failed = 1011;

/** Devices ignore a pong that they did not ask for. */
const nothing = headOf(opcode.pong, 0);

/**
 * A wire that others define (P-18.4). Their code is called at the edge, and what it does wrong ends there: with a close frame for those
 * who would have got what it was to make, as one frame is made for all of them.
 */
export class ForeignWire implements Framing {
  readonly index: number;
  readonly hasCloseCodes = true;
  readonly ping: Framing['ping'] = webSocketPing;
  readonly closeReason: string;
  readonly #wire: Wire;
  readonly #logger: Logger;

  constructor(wire: Wire, index: number, logger: Logger) {
    this.#wire = wire;
    this.index = index;
    this.#logger = logger;
    this.closeReason = `the wire ${wire.protocol} failed`;
  }

  get isBinary(): boolean {
    return this.#wire.isBinary === true;
  }

  text(body: ByteText): string {
    try {
      const said: unknown = this.#wire.toDevice(fromByteText(body));
      if (said === undefined) return nothing;
      const bytes = this.#bytesOf(said);
      return headOf(this.isBinary ? opcode.binary : opcode.text, bytes.length) + bytes;
    } catch (error) {
      this.#tell(error);
      const code = String.fromCharCode(failed >> 8, failed & 0xff);
      return headOf(opcode.close, 2 + this.closeReason.length) + code + this.closeReason;
    }
  }

  /** What a device said, as a frame of ours; empty, which is none, for what is none. Undefined: the adapter failed. */
  read(data: Buffer): string | undefined {
    try {
      const wire = this.#wire;
      const frame: unknown = wire.isBinary ? wire.fromDevice(data) : wire.fromDevice(data.toString('utf8'));
      if (frame === undefined) return '';
      if (typeof frame === 'string') return frame;
      throw new TypeError(
        `fromDevice gave ${typeof frame}; expected a text, or undefined for what is no frame`,
      );
    } catch (error) {
      this.#tell(error);
      return undefined;
    }
  }

  get closeCode(): number {
    return failed;
  }

  #bytesOf(said: unknown): string {
    if (typeof said === 'string' && !this.isBinary) return Buffer.from(said, 'utf8').toString('latin1');
    if (said instanceof Uint8Array && (this.isBinary || isUtf8(said)))
      return Buffer.from(said.buffer, said.byteOffset, said.byteLength).toString('latin1');
    const expected = this.isBinary ? 'bytes (a Uint8Array)' : 'a text';
    throw new TypeError(`toDevice gave ${typeof said}; expected ${expected}, or undefined for nothing`);
  }

  #tell(error: unknown): void {
    const { protocol } = this.#wire;
    this.#logger.error({ err: error, protocol }, 'the adapter of a wire failed; its device is closed');
  }
}

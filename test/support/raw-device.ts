import { once } from 'node:events';
import { clearTimeout, setTimeout } from 'node:timers'; // the real ones, also where a test fakes the clock
import { WebSocket } from 'ws';
import { onCleanup } from './cleanup.ts';

// A device with nothing of ours in it: it shows what is on the wire, so a bug in our own code cannot hide itself.

export interface RawFrame {
  readonly cmd: number;
  readonly data: unknown;
}

export interface RawDeviceOptions {
  readonly headers?: Record<string, string>;
  /** False: it leaves every WebSocket ping unanswered. @default true */
  readonly autoPong?: boolean;
}

export interface WaitOptions {
  /** @default 20_000 */
  readonly timeoutMs?: number;
}

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** Opens a socket; resolves once it is open. It is terminated when the test ends. */
export async function connectDevice(url: string, options: RawDeviceOptions = {}): Promise<RawDevice> {
  const { headers = {}, autoPong = true } = options;
  const socket = new WebSocket(url, { headers, autoPong });
  const device = new RawDevice(socket); // listens at once: the first frame may come with the handshake
  onCleanup(() => device.terminate());
  await once(socket, 'open');
  return device;
}

interface Waiter {
  /** True when it took this text. */
  offer(text: string): boolean;
  giveUp(reason: string): void;
}

export class RawDevice {
  /** Resolves when the socket has closed; 1006 when no close frame came. */
  readonly closed: Promise<Closed>;
  readonly #socket: WebSocket;
  readonly #texts: string[] = [];
  readonly #unread: string[] = [];
  #waiters: Waiter[] = [];
  #pings = 0;
  #pongs = 0;
  #ending: Closed | undefined;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer, isBinary) => {
      this.#receive(isBinary ? `<binary message of ${data.length} bytes>` : data.toString());
    });
    socket.on('ping', () => (this.#pings += 1));
    socket.on('pong', () => (this.#pongs += 1));
    socket.on('error', () => undefined); // `close` follows, or connectDevice rejects
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        this.#ending = { code, reason: reason.toString() };
        for (const waiter of this.#waiters.splice(0)) waiter.giveUp(this.#endingText());
        resolve(this.#ending);
      });
    });
  }

  /** Every frame so far, read or not. */
  get frames(): RawFrame[] {
    return this.#texts.map((text) => decode(text));
  }

  /** WebSocket pings the server sent. */
  get pings(): number {
    return this.#pings;
  }

  /** WebSocket pongs the server sent. */
  get pongs(): number {
    return this.#pongs;
  }

  /** An object as JSON; a string, or bytes as a binary message, exactly as they are. */
  send(message: object | string | Buffer): void {
    const raw = typeof message === 'string' || Buffer.isBuffer(message);
    this.#socket.send(raw ? message : JSON.stringify(message));
  }

  ping(): void {
    this.#socket.ping();
  }

  /**
   * The first unread frame that matches, also one that came before the call; frames that do not match stay unread.
   * Rejects on a message that is no frame, when time is up, and when the socket closes.
   */
  next(matches: (frame: RawFrame) => boolean = () => true, options: WaitOptions = {}): Promise<RawFrame> {
    return this.#read((text) => {
      const frame = decode(text);
      return matches(frame) ? frame : undefined;
    }, options);
  }

  /** The first unread message, character for character. */
  nextText(options: WaitOptions = {}): Promise<string> {
    return this.#read((text) => text, options);
  }

  /** Resolves when the server has answered with cmd 0. */
  async login({ token, devId }: { readonly token: string; readonly devId: string | number }): Promise<void> {
    this.send({ cmd: 0, data: { accessToken: token, devId } });
    await this.next((frame) => frame.cmd === 0);
  }

  /** Reads nothing more: what the server writes, pings included, piles up on the way. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Says goodbye with a close frame. */
  close(code?: number): Promise<Closed> {
    this.#socket.close(code);
    return this.closed;
  }

  /** Drops the connection without a close frame. */
  terminate(): void {
    this.#socket.terminate();
  }

  #receive(text: string): void {
    this.#texts.push(text);
    this.#unread.push(text);
    for (const waiter of [...this.#waiters]) {
      if (!waiter.offer(text)) continue;
      this.#waiters = this.#waiters.filter((other) => other !== waiter);
      this.#unread.pop();
      return;
    }
  }

  #read<T>(pick: (text: string) => T | undefined, { timeoutMs = 20_000 }: WaitOptions): Promise<T> {
    return new Promise((resolve, reject) => {
      for (const [index, text] of this.#unread.entries()) {
        const picked = pick(text);
        if (picked === undefined) continue;
        this.#unread.splice(index, 1);
        resolve(picked);
        return;
      }
      if (this.#ending !== undefined) {
        reject(this.#nothingCame(this.#endingText()));
        return;
      }
      this.#wait(pick, timeoutMs, resolve, reject);
    });
  }

  #wait<T>(
    pick: (text: string) => T | undefined,
    timeoutMs: number,
    resolve: (picked: T) => void,
    reject: (error: unknown) => void,
  ): void {
    const waiter: Waiter = {
      offer: (text) => {
        try {
          const picked = pick(text);
          if (picked === undefined) return false;
          resolve(picked);
        } catch (error) {
          reject(error);
        }
        clearTimeout(timer);
        return true;
      },
      giveUp: (reason) => {
        clearTimeout(timer);
        reject(this.#nothingCame(reason));
      },
    };
    const timer = setTimeout(() => {
      this.#waiters = this.#waiters.filter((other) => other !== waiter);
      waiter.giveUp(`within ${timeoutMs} ms`);
    }, timeoutMs);
    this.#waiters.push(waiter);
  }

  #endingText(): string {
    const { code, reason } = this.#ending ?? { code: 0, reason: '' };
    return `before the socket closed with ${code} "${reason}"`;
  }

  #nothingCame(when: string): Error {
    return new Error(`No matching frame came ${when}; unread: [${this.#unread.join(', ')}]`);
  }
}

function decode(text: string): RawFrame {
  const parsed: unknown = parse(text);
  if (typeof parsed === 'object' && parsed !== null && 'cmd' in parsed && typeof parsed.cmd === 'number') {
    return { cmd: parsed.cmd, data: 'data' in parsed ? parsed.data : undefined };
  }
  throw new Error(`Expected a frame {"cmd":number,"data":…}, received: ${text}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** `up`: from the one who connected to the one it wanted; `down`: back. */
export type Direction = 'up' | 'down';

export interface Trouble {
  /** Holds every byte back for so long. */
  readonly delayMs?: number;
  /** Lets no more through, in each direction. */
  readonly bytesPerSecond?: number;
  /** Lets nothing through. What comes waits, as packets that are sent again and again do, and goes on when this is over. */
  readonly hole?: Direction | 'both';
}

const noTrouble: Trouble = {};
const mostHeldBytes = 256 * 1_024;

/** One direction of one connection. */
class Pipe {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #direction: Direction;
  readonly #cut: () => void;
  #trouble: Trouble;
  #held: { readonly bytes: Buffer; readonly due: number }[] = [];
  #heldBytes = 0;
  #ended = false;
  #timer: NodeJS.Timeout | undefined;
  #bytesLeft = Infinity;
  #onBytes: (() => void) | undefined;

  constructor(from: Socket, to: Socket, direction: Direction, trouble: Trouble, cut: () => void) {
    this.#from = from;
    this.#to = to;
    this.#direction = direction;
    this.#trouble = trouble;
    this.#cut = cut;
    from.on('data', (bytes) => this.#take(bytes));
    from.on('end', () => {
      this.#ended = true;
      this.#pour();
    });
    to.on('drain', () => this.#pour());
  }

  set trouble(trouble: Trouble) {
    this.#trouble = trouble;
    this.#pour();
  }

  /** Lets so many bytes through, and then cuts the connection. */
  cutAfter(bytes: number): void {
    this.#bytesLeft = bytes;
    if (bytes === 0) this.#cut();
  }

  /** Calls back at the next bytes that come. */
  onBytes(tell: () => void): void {
    this.#onBytes = tell;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #take(bytes: Buffer): void {
    this.#onBytes?.();
    this.#onBytes = undefined;
    this.#held.push({ bytes, due: performance.now() + (this.#trouble.delayMs ?? 0) });
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > mostHeldBytes) this.#from.pause();
    this.#pour();
  }

  get #isInHole(): boolean {
    return this.#trouble.hole === 'both' || this.#trouble.hole === this.#direction;
  }

  #pour(): void {
    clearTimeout(this.#timer);
    if (this.#isInHole || this.#to.destroyed) return;
    const { bytesPerSecond = Infinity } = this.#trouble;
    // In steps of 50 ms when it is throttled.
    let budget = Number.isFinite(bytesPerSecond) ? Math.max(1, Math.floor(bytesPerSecond / 20)) : Infinity;
    for (let next = this.#held[0]; next; next = this.#held[0]) {
      const waitMs = next.due - performance.now();
      if (waitMs > 0 || budget <= 0 || this.#to.writableNeedDrain) {
        if (!this.#to.writableNeedDrain) this.#pourIn(waitMs > 0 ? waitMs : 50);
        return;
      }
      const piece = next.bytes.subarray(0, Math.min(budget, this.#bytesLeft));
      if (piece.length === next.bytes.length) this.#held.shift();
      else this.#held[0] = { bytes: next.bytes.subarray(piece.length), due: next.due };
      budget -= piece.length;
      this.#heldBytes -= piece.length;
      this.#bytesLeft -= piece.length;
      this.#to.write(piece);
      if (this.#bytesLeft === 0) {
        this.#cut();
        return;
      }
    }
    if (this.#heldBytes <= mostHeldBytes) this.#from.resume();
    if (this.#ended) this.#to.end();
  }

  #pourIn(ms: number): void {
    this.#timer = setTimeout(() => this.#pour(), Math.ceil(ms));
  }
}

/** A connection that goes through the proxy. */
export class ProxiedConnection {
  /** The port that the one who connected has at its end. */
  readonly clientPort: number;
  readonly #near: Socket;
  readonly #far: Socket;
  readonly #pipes: Readonly<Record<Direction, Pipe>>;
  #isHeld = false;

  constructor(near: Socket, far: Socket, trouble: Trouble, onGone: (connection: ProxiedConnection) => void) {
    this.clientPort = near.remotePort ?? 0;
    this.#near = near;
    this.#far = far;
    const cut = (): void => this.reset();
    this.#pipes = {
      up: new Pipe(near, far, 'up', trouble, cut),
      down: new Pipe(far, near, 'down', trouble, cut),
    };
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined); // 'close' follows
      socket.on('close', (hadError) => {
        // A reset goes through as one. In a hole nothing does: the other side finds out by itself, or with `reset`.
        if (hadError && !this.#isHeld) other.resetAndDestroy();
        if (near.destroyed && far.destroyed) onGone(this);
      });
    }
  }

  set trouble(trouble: Trouble) {
    this.#isHeld = trouble.hole !== undefined;
    this.#pipes.up.trouble = trouble;
    this.#pipes.down.trouble = trouble;
    if (!this.#isHeld && (this.#near.destroyed || this.#far.destroyed)) this.reset();
  }

  reset(): void {
    for (const pipe of Object.values(this.#pipes)) pipe.stop();
    for (const socket of [this.#near, this.#far]) if (!socket.destroyed) socket.resetAndDestroy();
  }

  /** Cuts in the middle of whatever it is that the next bytes are. */
  cutAfter(bytes: number, direction: Direction): void {
    this.#pipes[direction].cutAfter(bytes);
  }

  /** The next request gets through, and the connection breaks when its answer comes. */
  dropNextReply(): void {
    this.#pipes.up.onBytes(() => this.#pipes.down.onBytes(() => this.reset()));
  }
}

/** A TCP proxy on loopback whose connections can be hurt while it runs. */
export class FaultProxy {
  readonly connections: Set<ProxiedConnection> = new Set();
  readonly #server: Server;
  readonly #target: () => number;
  #trouble: Trouble = noTrouble;

  private constructor(target: () => number) {
    this.#target = target;
    this.#server = createServer({ allowHalfOpen: true }, (near) => this.#accept(near));
  }

  /** `target` is the port that connections go to, asked anew for each. */
  static async start(target: () => number): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** For all connections, those to come among them. */
  set trouble(trouble: Trouble) {
    this.#trouble = trouble;
    for (const connection of [...this.connections]) connection.trouble = trouble;
  }

  pass(): void {
    this.trouble = noTrouble;
  }

  resetAll(): void {
    for (const connection of [...this.connections]) connection.reset();
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.resetAll();
    if (this.#server.listening) await once(this.#server, 'close');
  }

  #accept(near: Socket): void {
    const far = connect({ port: this.#target(), host: '127.0.0.1', allowHalfOpen: true });
    const connection = new ProxiedConnection(near, far, this.#trouble, (gone) =>
      this.connections.delete(gone),
    );
    this.connections.add(connection);
    if (this.#trouble !== noTrouble) connection.trouble = this.#trouble;
  }
}

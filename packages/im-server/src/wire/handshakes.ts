import type { Socket } from 'node:net';
import { Tally } from './tally.ts';

type Peer = Pick<Socket, 'remoteAddress' | 'remotePort'>;

/**
 * The sockets that have not finished their handshake, by address. They cost memory and are nobody yet: without a limit
 * a stranger would fill the server with them.
 */
export class Handshakes {
  /** By address and port, since under TLS the socket that is accepted is not the one that is upgraded. */
  readonly #peers = new Map<string, () => void>();
  readonly #perAddress = new Tally();

  from(address: string): number {
    return this.#perAddress.of(address);
  }

  begin(socket: Socket): void {
    const { remoteAddress, remotePort } = socket;
    if (remoteAddress === undefined || this.#peers.has(nameOf({ remoteAddress, remotePort }))) return; // gone, or counted
    const onClose = (): void => {
      this.end({ remoteAddress, remotePort });
    };
    socket.on('close', onClose);
    // What hangs on a socket costs memory for as long as the connection lasts.
    this.#peers.set(nameOf({ remoteAddress, remotePort }), () => socket.off('close', onClose));
    this.#perAddress.add(remoteAddress);
  }

  /** It is a connection now, or gone. True when it was counted. */
  end(peer: Peer): boolean {
    const name = nameOf(peer);
    const letGo = this.#peers.get(name);
    if (!letGo) return false;
    letGo();
    this.#peers.delete(name);
    this.#perAddress.remove(peer.remoteAddress ?? '');
    return true;
  }
}

function nameOf({ remoteAddress = '', remotePort = 0 }: Peer): string {
  return `${remoteAddress} ${remotePort}`;
}

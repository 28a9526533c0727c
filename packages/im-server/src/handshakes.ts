import type { Socket } from 'node:net';
import { Tally } from './device/tally.ts';

type Peer = Pick<Socket, 'remoteAddress' | 'remotePort'>;

/**
 * The sockets that have not finished their handshake, by address. They cost memory and are nobody yet: without a limit
 * a stranger would fill the server with them.
 */
export class Handshakes {
  /** By address and port, since under TLS the socket that is accepted is not the one that is upgraded. */
  readonly #peers = new Set<string>();
  readonly #perAddress = new Tally();

  from(address: string): number {
    return this.#perAddress.of(address);
  }

  begin(socket: Socket): void {
    const { remoteAddress, remotePort } = socket;
    if (remoteAddress === undefined) return; // gone already
    this.#peers.add(nameOf({ remoteAddress, remotePort }));
    this.#perAddress.add(remoteAddress);
    socket.once('close', () => {
      this.end({ remoteAddress, remotePort });
    });
  }

  /** It is a connection now, or gone. */
  end(peer: Peer): void {
    if (this.#peers.delete(nameOf(peer))) this.#perAddress.remove(peer.remoteAddress ?? '');
  }
}

function nameOf({ remoteAddress = '', remotePort = 0 }: Peer): string {
  return `${remoteAddress} ${remotePort}`;
}
